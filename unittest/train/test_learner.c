/* SPDX-License-Identifier: GPL-2.0-or-later */

/* The gradient of the whole loss, second order included, against differences. */

#include "train/learner.h"
#include "train/toy.h"

static const char *const heads[] = {"dft", "a", "b"};

typedef struct setting {
  eipnn_dataset *dataset;
  eipnn_model *model;
  eipnn_learner learner;
  eipnn_training_graph graph;
  double *weights, *gradient;
  size_t nweights;
} setting;

static void set_up(setting *s, int nheads, int padded, const eipnn_train_options *options)
{
  memset(s, 0, sizeof *s);
  s->dataset = toy_dataset(10, 2, 5);
  eipnn_network_options network;
  eipnn_network_options_default(&network);
  network.cutoff = TOY_CUTOFF;
  network.hidden = 4;
  network.layers = 2;
  network.nradial = 5;
  network.padded = padded;
  const int species[] = {6, 14};
  assert_ok(eipnn_model_create(&network, 2, species, nheads, heads, 11, &s->model));
  assert_ok(eipnn_train_fit_output(s->model, s->dataset, options));
  assert_ok(eipnn_learner_create(&s->learner, s->model, s->dataset, options));
  assert_ok(eipnn_training_graph_create(&s->graph, s->model, &s->learner.targets, options));
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
}

/* Loss of the four training configurations, gradient in s->gradient. */
static double loss_of(setting *s, int rank, int nranks)
{
  static const size_t batch[] = {2, 0, 3, 1};
  double loss = 0;
  memset(s->gradient, 0, s->nweights * sizeof *s->gradient);
  assert_ok(eipnn_executor_set_weights(s->graph.executor, s->weights));
  assert_ok(
      eipnn_learner_gradient(&s->learner, &s->graph, batch, 4, rank, nranks, &loss, s->gradient));
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
      cmocka_unit_test(shares_sum_to_the_whole),
      cmocka_unit_test(forces_and_virials_mean_what_the_calculator_says),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
