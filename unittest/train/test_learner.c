/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The gradient of the whole loss, second order included, against differences. */

#include "train/learner.h"
#include "train/loss.h"
#include "train/target_graphs.h"
#include "train/toy.h"

static const char *const heads[] = {"dft", "a", "b"};

typedef struct setting {
  eipnn_dataset *dataset;
  eipnn_model *model;
  eipnn_learner learner;
  eipnn_training_graph graph;
  double *weights, *gradient;
  size_t nweights;
  eipnn_augmentation chosen;
  int fixed_sigma;
} setting;

/* The terms of a loss. */
typedef struct loss_context {
  setting *s;
  eipnn_loss_share share;
  double loss;
} loss_context;

static eipnn_status add_term(void *context, const eipnn_loss_term *term)
{
  loss_context *c = context;
  return eipnn_loss_term_add(&c->share, term, c->s->graph.executor, &c->s->learner.rows, &c->loss);
}

static void set_up(setting *s, int nheads, int padded, const eipnn_train_options *options)
{
  memset(s, 0, sizeof *s);
  s->dataset = toy_dataset(10, 2, 5);
  s->chosen = toy_augmentation(s->dataset, "eip/a");
  eipnn_network_options network;
  eipnn_network_options_default(&network);
  network.cutoff = TOY_CUTOFF;
  network.hidden = 4;
  network.layers = 2;
  network.nradial = 5;
  network.padded = padded;
  const int species[] = {6, 14};
  assert_ok(eipnn_model_create(&network, 2, species, nheads, heads, 11, &s->model));
  eipnn_train_options own = *options;
  if (own.augmentation) own.augmentation = &s->chosen;
  assert_ok(eipnn_train_fit_output(s->model, s->dataset, &own));
  assert_ok(eipnn_learner_create(&s->learner, s->model, s->dataset, &own));
  assert_ok(eipnn_training_graph_create(&s->graph, s->model, &s->learner.targets, 0, options));
  s->weights = eipnn_model_weights(s->model, &s->nweights);
  s->gradient = calloc(s->nweights, sizeof(double));
}

static void tear_down(setting *s)
{
  free(s->gradient);
  eipnn_training_graph_free(&s->graph);
  eipnn_learner_free(&s->learner);
  eipnn_model_free(&s->model);
  eipnn_dataset_free(&s->dataset);
  toy_augmentation_free(&s->chosen);
}

/* With residuals of these standard deviations, as a difference needs them: they have no gradient.
 */
static double loss_of_sigma(setting *s, const eipnn_deal *deal)
{
  eipnn_learner *learner = &s->learner;
  loss_context c = {.s = s,
                    .share = {.options = &learner->options,
                              .targets = &learner->targets,
                              .graph = learner->graph,
                              .deal = *deal,
                              .stride = 1,
                              .sigma = {0.3, 0.2, 0.4},
                              .scale = eipnn_model_scale(s->model, 0)}};
  eipnn_batch_clear(&learner->batch);
  for (size_t n = 0; n < deal->size; n++)
    assert_ok(eipnn_batch_add(&learner->batch, &learner->graph[deal->slots[n]]));
  assert_ok(eipnn_training_graph_predict(&s->graph, &learner->batch, 0));
  assert_ok(eipnn_loss_terms_each(&s->graph, add_term, &c));
  assert_ok(eipnn_training_graph_gradient(&s->graph, s->gradient));
  return c.loss;
}

/* Loss of the four training configurations, gradient in s->gradient. Without chosen labels a
   step needs no other rank. */
static double loss_of(setting *s, int rank, int nranks)
{
  static const size_t batch[] = {2, 0, 3, 1, 4, 5};
  const eipnn_targets *targets = &s->learner.targets;
  const size_t nchosen = targets->count - targets->first_chosen;
  const eipnn_deal deal = {batch, 4 + nchosen, nchosen};
  const eipnn_parallel parallel = {.rank = rank, .size = nranks};
  double loss = 0;
  memset(s->gradient, 0, s->nweights * sizeof *s->gradient);
  assert_ok(eipnn_executor_set_weights(s->graph.executor, s->weights));
  if (s->fixed_sigma) return loss_of_sigma(s, &deal);
  assert_ok(eipnn_learner_gradient(&s->learner, &s->graph, &deal, &parallel, EIPNN_OK, &loss,
                                   s->gradient));
  return loss;
}

static void compare_with_differences(setting *s)
{
  double *exact = malloc(s->nweights * sizeof *exact);
  loss_of(s, 0, 1);
  memcpy(exact, s->gradient, s->nweights * sizeof *exact);
  double largest = 0;
  for (size_t k = 0; k < s->nweights; k++) largest = fmax(largest, fabs(exact[k]));
  assert_true(largest > 1e-3);
  const double step = 1e-5;
  for (size_t k = 0; k < s->nweights; k++) {
    const double at = s->weights[k];
    s->weights[k] = at + step;
    const double above = loss_of(s, 0, 1);
    s->weights[k] = at - step;
    const double below = loss_of(s, 0, 1);
    s->weights[k] = at;
    const double difference = (above - below) / (2 * step);
    if (!(fabs(exact[k] - difference) <= 1e-6 * largest + 1e-6 * fabs(difference)))
      fail_msg("weight %zu: gradient %.10g, by differences %.10g", k, exact[k], difference);
  }
  free(exact);
}

static void check(int nheads, int padded, int table, double energy, double force, double virial)
{
  eipnn_train_options options = toy_options();
  options.energy_weight = energy;
  options.force_weight = force;
  options.virial_weight = virial;
  options.table = table;
  options.table_nodes = 24;
  setting s;
  set_up(&s, nheads, padded, &options);
  compare_with_differences(&s);
  tear_down(&s);
}

static void energy_loss(void **state)
{
  (void)state;
  check(1, 0, 0, 1, 0, 0);
}

static void energy_loss_of_several_heads_through_tables(void **state)
{
  (void)state;
  check(3, 0, 1, 1, 0, 0);
}

static void force_loss(void **state)
{
  (void)state;
  check(1, 0, 0, 0, 2, 0);
}

static void virial_loss(void **state)
{
  (void)state;
  check(1, 0, 0, 0, 0, 0.5);
}

static void all_terms_of_several_heads(void **state)
{
  (void)state;
  check(3, 0, 0, 1, 2, 0.5);
}

static void all_terms_through_tables(void **state)
{
  (void)state;
  check(2, 0, 1, 1, 2, 0.5);
}

static void all_terms_on_the_padded_graph(void **state)
{
  (void)state;
  check(1, 1, 0, 1, 2, 0.5);
}

/* Set-up puts its own chosen labels in place. */
static const eipnn_augmentation wanted;

static eipnn_train_options augmented_options(eipnn_augmentation_loss loss)
{
  eipnn_train_options options = toy_options();
  options.force_weight = 2;
  options.virial_weight = 0.5;
  options.augmentation = &wanted;
  options.alpha = 3;
  options.augmentation_loss = loss;
  return options;
}

static void chosen_labels(void **state)
{
  (void)state;
  for (int by_count = 0; by_count < 2; by_count++) {
    eipnn_train_options options = augmented_options(EIPNN_LOSS_SQUARED);
    options.alpha_by_count = by_count;
    setting s;
    set_up(&s, 2, 0, &options);
    compare_with_differences(&s);
    tear_down(&s);
  }
}

static void chosen_labels_with_a_robust_loss(void **state)
{
  (void)state;
  static const eipnn_augmentation_loss losses[] = {EIPNN_LOSS_TUKEY, EIPNN_LOSS_TUKEY_SCALED};
  for (int k = 0; k < 2; k++) {
    const eipnn_train_options options = augmented_options(losses[k]);
    setting s;
    set_up(&s, 1, k, &options);
    s.fixed_sigma = 1;
    compare_with_differences(&s);
    tear_down(&s);
  }
}

static double squared(double x)
{
  return x * x;
}

/* Loss of chosen energies by hand. factor: of the mean over the chosen labels. */
static double loss_by_hand(const setting *s, double sigma, double factor)
{
  static const size_t row[] = {2, 0, 3, 1, 4, 5};
  const double k = 4.6851 * sigma;
  double stored = 0, chosen = 0, weights = 0;
  for (int n = 0; n < 6; n++) {
    const double weight = s->learner.targets.weight[row[n]];
    const double residual = s->learner.rows.prediction[n] - s->learner.targets.energy[row[n]];
    const double u = fmin(1.0, squared(residual / k));
    if (n < 4) stored += squared(residual) / 4;
    if (n < 4) continue;
    chosen += weight * k * k / 6 * (1 - (1 - u) * squared(1 - u));
    weights += weight;
  }
  assert_close(weights, 1.5, 1e-15);
  return stored + factor * chosen / weights;
}

/* 1.4826 times the third of six residuals. */
static double sigma_by_hand(const setting *s)
{
  static const size_t row[] = {2, 0, 3, 1, 4, 5};
  double absolute[6];
  for (int n = 0; n < 6; n++)
    absolute[n] = fabs(s->learner.rows.prediction[n] - s->learner.targets.energy[row[n]]);
  const double sigma = eipnn_loss_sigma(6, absolute);
  assert_close(sigma, 1.4826 * absolute[2], 1e-14);
  return sigma;
}

/* Equation 3 of the paper, energies alone. */
static void the_loss_is_that_of_the_paper(void **state)
{
  (void)state;
  eipnn_train_options options = augmented_options(EIPNN_LOSS_TUKEY);
  options.force_weight = options.virial_weight = 0;
  setting s;
  set_up(&s, 1, 0, &options);
  const double loss = loss_of(&s, 0, 1), expected = loss_by_hand(&s, sigma_by_hand(&s), 3);
  assert_close(loss, expected, 1e-12 * expected);
  tear_down(&s);
}

/* The released code: the biweight of residuals over sigma is smaller by sigma^2 in eV^2, and alpha
   counts four labels of DFT to two chosen ones. */
static void the_loss_is_that_of_the_released_code(void **state)
{
  (void)state;
  eipnn_train_options options = augmented_options(EIPNN_LOSS_TUKEY_SCALED);
  options.force_weight = options.virial_weight = 0;
  options.alpha_by_count = 1;
  setting s;
  set_up(&s, 1, 0, &options);
  assert_ok(eipnn_model_set_output(s.model, 0, 0.5, eipnn_model_shift(s.model, 0)));
  const double loss = loss_of(&s, 0, 1), sigma = sigma_by_hand(&s);
  const double expected = loss_by_hand(&s, sigma, 3 * 2 / squared(0.5 * sigma));
  assert_close(loss, expected, 1e-12 * expected);
  tear_down(&s);
}

/* Shares of three ranks sum to the loss and gradient of one. */
static void shares_sum_to_the_whole(void **state)
{
  (void)state;
  eipnn_train_options options = toy_options();
  options.force_weight = 2;
  options.virial_weight = 0.5;
  setting s;
  set_up(&s, 3, 0, &options);
  const double whole = loss_of(&s, 0, 1);
  double *rest = malloc(s.nweights * sizeof *rest), loss = 0;
  memcpy(rest, s.gradient, s.nweights * sizeof *rest);
  for (int rank = 0; rank < 3; rank++) {
    loss += loss_of(&s, rank, 3);
    for (size_t k = 0; k < s.nweights; k++) rest[k] -= s.gradient[k];
  }
  assert_close(loss, whole, 1e-12 * whole);
  for (size_t k = 0; k < s.nweights; k++) assert_close(rest[k], 0.0, 1e-9);
  free(rest);
  tear_down(&s);
}

/* Tables that begin at the shortest distance give what whole ones give. */
static void tables_need_no_nodes_that_no_pair_reaches(void **state)
{
  (void)state;
  eipnn_train_options options = toy_options();
  options.force_weight = 2;
  options.virial_weight = 0.5;
  options.table = 1;
  setting s;
  set_up(&s, 2, 0, &options);
  const double whole = loss_of(&s, 0, 1);
  double *gradient = malloc(s.nweights * sizeof *gradient);
  memcpy(gradient, s.gradient, s.nweights * sizeof *gradient);
  const size_t bytes = eipnn_executor_bytes(s.graph.executor);
  const double shortest = eipnn_target_graphs_shortest(s.learner.graph, s.learner.targets.count);
  assert_true(shortest > 0.1 * TOY_CUTOFF && shortest < TOY_CUTOFF);
  eipnn_training_graph_free(&s.graph);
  assert_ok(eipnn_training_graph_create(&s.graph, s.model, &s.learner.targets, shortest, &options));
  assert_close(loss_of(&s, 0, 1), whole, 1e-6 * whole);
  for (size_t k = 0; k < s.nweights; k++)
    assert_close(s.gradient[k], gradient[k], 1e-5 * (1 + fabs(gradient[k])));
  assert_true(eipnn_executor_bytes(s.graph.executor) < bytes);
  free(gradient);
  tear_down(&s);
}

/* With the labels of the network itself the loss is zero: signs and units of forces and
   virials agree with what the calculator gives. */
static void forces_and_virials_mean_what_the_calculator_says(void **state)
{
  (void)state;
  eipnn_train_options options = toy_options();
  options.force_weight = options.virial_weight = 1;
  setting s;
  set_up(&s, 1, 0, &options);
  eipnn_calculator_options calculator_options;
  eipnn_calculator_options_default(&calculator_options);
  calculator_options.precision = EIPNN_PRECISION_DOUBLE;
  calculator_options.backend = "ref";
  calculator_options.table = 0;
  eipnn_calculator *calculator;
  assert_ok(eipnn_calculator_create(s.model, &calculator_options, &calculator));
  eipnn_labels *dft = eipnn_dataset_labels(s.dataset, "dft");
  for (size_t n = 0; n < eipnn_dataset_count(s.dataset); n++) {
    eipnn_configuration c;
    assert_ok(eipnn_dataset_get(s.dataset, n, &c));
    assert_ok(eipnn_calculator_configuration(calculator, &c, &dft->energy[n],
                                             dft->forces + eipnn_dataset_first_atom(s.dataset, n),
                                             dft->virial[n]));
  }
  eipnn_calculator_free(&calculator);
  eipnn_learner_free(&s.learner);
  assert_ok(eipnn_learner_create(&s.learner, s.model, s.dataset, &options));
  assert_close(loss_of(&s, 0, 1), 0.0, 1e-20);
  dft->virial[0][3] += 1e-3;
  eipnn_learner_free(&s.learner);
  assert_ok(eipnn_learner_create(&s.learner, s.model, s.dataset, &options));
  assert_true(loss_of(&s, 0, 1) > 1e-10);
  tear_down(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(energy_loss),
      cmocka_unit_test(energy_loss_of_several_heads_through_tables),
      cmocka_unit_test(force_loss),
      cmocka_unit_test(virial_loss),
      cmocka_unit_test(all_terms_of_several_heads),
      cmocka_unit_test(all_terms_through_tables),
      cmocka_unit_test(all_terms_on_the_padded_graph),
      cmocka_unit_test(chosen_labels),
      cmocka_unit_test(chosen_labels_with_a_robust_loss),
      cmocka_unit_test(the_loss_is_that_of_the_paper),
      cmocka_unit_test(the_loss_is_that_of_the_released_code),
      cmocka_unit_test(shares_sum_to_the_whole),
      cmocka_unit_test(tables_need_no_nodes_that_no_pair_reaches),
      cmocka_unit_test(forces_and_virials_mean_what_the_calculator_says),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
