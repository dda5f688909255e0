/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Training of classifiers. */
#define _POSIX_C_SOURCE 200809L
#include "thread_ranks.h"
#include "train/learner.h"
#include "train/toy.h"

#include <eipnn/classifier.h>

#include <unistd.h>

static const char *const classes[] = {"small", "middle", "large"};

static eipnn_model *toy_classifier(uint64_t seed)
{
  static const int silicon[] = {14};
  eipnn_model *model;
  eipnn_network_options options;
  eipnn_network_options_default(&options);
  options.cutoff = TOY_CUTOFF;
  options.hidden = 6;
  options.layers = 2;
  options.nradial = 6;
  assert_ok(
      eipnn_classifier_create(&options, 1, silicon, 3, classes, EIPNN_POOLING_SUM, seed, &model));
  return model;
}

/* Two, three or four atoms: separable. Every fifth is not known. */
static int *atom_classes(const eipnn_dataset *dataset)
{
  const size_t count = eipnn_dataset_count(dataset);
  int *category = malloc(count * sizeof *category);
  for (size_t n = 0; n < count; n++) {
    const size_t first = eipnn_dataset_first_atom(dataset, n);
    category[n] = n % 25 == 5 ? -1 : (int)(eipnn_dataset_first_atom(dataset, n + 1) - first) - 2;
  }
  return category;
}

typedef struct setting {
  eipnn_dataset *dataset;
  int *category;
  eipnn_train_options options;
} setting;

static void set_up(setting *s, size_t count)
{
  s->dataset = toy_dataset(count, 1, 8);
  s->category = atom_classes(s->dataset);
  s->options = toy_options();
  s->options.category = s->category;
  s->options.schedule = EIPNN_SCHEDULE_SLANTED;
}

static void tear_down(setting *s)
{
  free(s->category);
  eipnn_dataset_free(&s->dataset);
}

static void a_classifier_learns_what_is_separable(void **state)
{
  (void)state;
  setting s;
  set_up(&s, 100);
  s.options.steps = 400;
  s.options.rate = 1e-2;
  eipnn_model *model = toy_classifier(3);
  eipnn_train_summary summary;
  assert_ok(eipnn_train(model, s.dataset, &s.options, NULL, &summary));
  assert_int_equal(summary.ntrain, 36); /* 40 of the role, four not known */
  assert_int_equal(summary.nvalidation, 20);
  assert_close(summary.best_mae, 0.0, 0.0);
  assert_true(summary.best_atom_mae < 0.1);
  /* What is kept is what was reported; the test set is right, too. */
  eipnn_calculator_options calculator;
  eipnn_calculator_options_default(&calculator);
  double *probability = malloc(300 * sizeof *probability), cross_entropy = 0;
  assert_ok(eipnn_classify(model, s.dataset, NULL, &calculator, NULL, probability));
  for (size_t n = 3; n < 100; n += 5)
    cross_entropy -= log(probability[3 * n + (size_t)s.category[n]]);
  assert_close(cross_entropy / 20, summary.best_atom_mae, 1e-4);
  for (size_t n = 4; n < 100; n += 5) assert_true(probability[3 * n + (size_t)s.category[n]] > 0.5);
  free(probability);
  eipnn_model_free(&model);
  tear_down(&s);
}

static double loss_of(eipnn_learner *learner, eipnn_training_graph *graph, eipnn_model *model,
                      double *gradient)
{
  static const size_t slots[] = {3, 0, 2, 1, 5};
  const eipnn_deal deal = {slots, 5, 0};
  size_t count;
  const double *weights = eipnn_model_weights(model, &count);
  double loss = 0;
  memset(gradient, 0, count * sizeof *gradient);
  assert_ok(eipnn_executor_set_weights(graph->executor, weights));
  assert_ok(eipnn_learner_gradient(learner, graph, &deal, NULL, EIPNN_OK, &loss, gradient));
  return loss;
}

static void gradient_agrees_with_differences(void **state)
{
  (void)state;
  setting s;
  set_up(&s, 20);
  eipnn_model *model = toy_classifier(3);
  eipnn_learner learner;
  eipnn_training_graph graph;
  assert_ok(eipnn_learner_create(&learner, model, s.dataset, &s.options));
  assert_ok(eipnn_training_graph_create(&graph, model, &learner.targets, 0, &s.options));
  size_t count;
  double *weights = eipnn_model_weights(model, &count);
  double *exact = malloc(count * sizeof *exact), *other = malloc(count * sizeof *other);
  assert_true(loss_of(&learner, &graph, model, exact) > 0.1);
  double largest = 0;
  for (size_t k = 0; k < count; k++) largest = fmax(largest, fabs(exact[k]));
  for (size_t k = 0; k < count; k++) {
    const double at = weights[k], step = 1e-5;
    weights[k] = at + step;
    const double above = loss_of(&learner, &graph, model, other);
    weights[k] = at - step;
    const double below = loss_of(&learner, &graph, model, other);
    weights[k] = at;
    assert_close(exact[k], (above - below) / (2 * step), 1e-6 * largest);
  }
  free(exact);
  free(other);
  eipnn_training_graph_free(&graph);
  eipnn_learner_free(&learner);
  eipnn_model_free(&model);
  tear_down(&s);
}

typedef struct job {
  const setting *s;
  eipnn_model *model;
  eipnn_train_summary summary;
  eipnn_status status;
} job;

static void work(const eipnn_parallel *parallel, void *argument)
{
  job *j = argument;
  j->status = eipnn_train(j->model, j->s->dataset, &j->s->options, parallel, &j->summary);
}

static void ranks_do_not_change_the_result(void **state)
{
  (void)state;
  setting s;
  set_up(&s, 40);
  eipnn_model *serial = toy_classifier(3);
  eipnn_train_summary reference;
  assert_ok(eipnn_train(serial, s.dataset, &s.options, NULL, &reference));
  job jobs[3];
  void *arguments[3];
  for (int r = 0; r < 3; r++) {
    jobs[r] = (job){.s = &s, .model = toy_classifier(3)};
    arguments[r] = &jobs[r];
  }
  thread_ranks_run(3, work, arguments);
  size_t count;
  const double *expected = eipnn_model_weights(serial, &count);
  for (int r = 0; r < 3; r++) {
    assert_int_equal(jobs[r].status, EIPNN_OK);
    assert_close(jobs[r].summary.best_mae, reference.best_mae, 1e-12);
    assert_close(jobs[r].summary.best_atom_mae, reference.best_atom_mae, 1e-9);
    const double *weights = eipnn_model_weights(jobs[r].model, &count);
    for (size_t k = 0; k < count; k++) assert_close(weights[k], expected[k], 1e-9);
    eipnn_model_free(&jobs[r].model);
  }
  eipnn_model_free(&serial);
  tear_down(&s);
}

static int stop_at_ten(void *context, const eipnn_train_progress *progress)
{
  (void)context;
  return progress->step >= 10;
}

static void a_stopped_run_continues_bit_for_bit(void **state)
{
  (void)state;
  char path[256];
  toy_path(path, "classes.h5");
  setting s;
  set_up(&s, 40);
  s.options.validate_every = 5;
  eipnn_model *whole = toy_classifier(3), *part = toy_classifier(3);
  assert_ok(eipnn_train(whole, s.dataset, &s.options, NULL, NULL));
  s.options.checkpoint = path;
  s.options.progress = stop_at_ten;
  assert_ok(eipnn_train(part, s.dataset, &s.options, NULL, NULL));
  s.options.progress = NULL;
  s.options.resume = 1;
  assert_ok(eipnn_train(part, s.dataset, &s.options, NULL, NULL));
  assert_true(toy_same_weights(whole, part));
  s.category[1] = (s.category[1] + 1) % 3; /* other classes are other data */
  assert_fails(eipnn_train(part, s.dataset, &s.options, NULL, NULL), EIPNN_ERROR_ARGUMENT, "data");
  eipnn_model_free(&whole);
  eipnn_model_free(&part);
  unlink(path);
  tear_down(&s);
}

/* Classes come from DFT: those of the pool stay unknown even where the pool joins training. */
static void the_pool_has_no_classes(void **state)
{
  (void)state;
  setting s;
  set_up(&s, 50);
  s.options.use_pool = 1;
  eipnn_model *model = toy_classifier(3);
  eipnn_targets targets;
  assert_ok(eipnn_targets_build(&targets, model, s.dataset, &s.options, EIPNN_PURPOSE_TRAIN));
  assert_int_equal(targets.count, 18);
  for (size_t slot = 0; slot < 18; slot++) {
    assert_int_equal(eipnn_dataset_split(s.dataset, "s")[targets.index[slot]], EIPNN_ROLE_TRAIN);
    assert_int_equal(targets.category[slot], s.category[targets.index[slot]]);
  }
  eipnn_targets_free(&targets);
  eipnn_model_free(&model);
  tear_down(&s);
}

static void what_cannot_be_learnt_is_an_error(void **state)
{
  (void)state;
  static const char *const heads[] = {"dft"};
  setting s;
  set_up(&s, 20);
  eipnn_model *model = toy_classifier(3), *energies = toy_model(1, 1, heads, 1);
  eipnn_train_options options = s.options;
  assert_fails(eipnn_train(energies, s.dataset, &options, NULL, NULL), EIPNN_ERROR_ARGUMENT,
               "only a classifier");
  assert_fails(eipnn_train_fit_output(model, s.dataset, &options), EIPNN_ERROR_ARGUMENT,
               "no energy");
  options.category = NULL;
  assert_fails(eipnn_train(model, s.dataset, &options, NULL, NULL), EIPNN_ERROR_ARGUMENT,
               "give the class");
  options = s.options;
  options.force_weight = 1;
  assert_fails(eipnn_train(model, s.dataset, &options, NULL, NULL), EIPNN_ERROR_ARGUMENT, "forces");
  options = s.options;
  s.category[1] = 3;
  assert_fails(eipnn_train(model, s.dataset, &options, NULL, NULL), EIPNN_ERROR_ARGUMENT,
               "configuration 1 is of class 3");
  for (size_t n = 0; n < 20; n++) s.category[n] = -1;
  assert_fails(eipnn_train(model, s.dataset, &options, NULL, NULL), EIPNN_ERROR_ARGUMENT,
               "known class");
  eipnn_model_free(&model);
  eipnn_model_free(&energies);
  tear_down(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_classifier_learns_what_is_separable),
      cmocka_unit_test(gradient_agrees_with_differences),
      cmocka_unit_test(ranks_do_not_change_the_result),
      cmocka_unit_test(a_stopped_run_continues_bit_for_bit),
      cmocka_unit_test(the_pool_has_no_classes),
      cmocka_unit_test(what_cannot_be_learnt_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
