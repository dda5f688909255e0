/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/divergence.h"
#include "train/toy.h"

#include <stdio.h>

static const char *const heads[] = {"dft", "a", "b"};

/* Trains a toy model whose output was fitted first. */
static eipnn_model *train(eipnn_dataset *dataset, int nheads, const eipnn_train_options *options,
                          eipnn_train_summary *summary)
{
  eipnn_model *model = toy_model(1, nheads, heads, 3);
  assert_ok(eipnn_train_fit_output(model, dataset, options));
  assert_ok(eipnn_train(model, dataset, options, NULL, summary));
  return model;
}

/* The mean of the weights that a run without it keeps at its last step, step by step. */
static void mean_weights_are_kept(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(20, 1, 2);
  eipnn_train_options options = toy_options();
  options.validate_every = 1;
  options.keep_last = 1;
  options.final_ratio = 1; /* so that the length does not change the rates */
  enum { STEPS = 4 };
  eipnn_model *model = toy_model(1, 1, heads, 3);
  size_t count;
  double *expected = malloc(sizeof *expected * (eipnn_model_weights(model, &count), count));
  memcpy(expected, eipnn_model_weights(model, &count), count * sizeof *expected);
  eipnn_model_free(&model);
  for (int step = 1; step <= STEPS; step++) {
    options.steps = step;
    model = train(dataset, 1, &options, NULL);
    const double d = step == 1 ? 2.0 / 11.0 : 0.25;
    const double *weights = eipnn_model_weights(model, &count);
    for (size_t k = 0; k < count; k++) expected[k] = d * expected[k] + (1 - d) * weights[k];
    eipnn_model_free(&model);
  }
  options.average = 0.25; /* the ramp is 2/11, 3/12, 4/13, ... */
  model = train(dataset, 1, &options, NULL);
  const double *weights = eipnn_model_weights(model, &count);
  for (size_t k = 0; k < count; k++) assert_close(weights[k], expected[k], 1e-12);
  free(expected);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* Far too high a rate: the start is the best validation, yet the last weights are wanted. */
static void the_last_weights_can_be_kept(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(20, 1, 2);
  eipnn_train_options options = toy_options();
  eipnn_train_summary best, last;
  options.rate = 0.3;
  options.steps = 7;
  options.validate_every = 1;
  eipnn_model *first = train(dataset, 1, &options, &best);
  options.keep_last = 1;
  eipnn_model *second = train(dataset, 1, &options, &last);
  assert_true(best.best_step < 7);
  assert_int_equal(last.best_step, 7);
  assert_true(last.best_mae > best.best_mae);
  assert_false(toy_same_weights(first, second));
  eipnn_model_free(&first);
  eipnn_model_free(&second);
  eipnn_dataset_free(&dataset);
}

/* Squared where no residual is beyond the limit, another result where some are. */
static void huber_counts_far_residuals_less(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(20, 1, 2);
  eipnn_train_options options = toy_options();
  eipnn_model *squared = train(dataset, 1, &options, NULL);
  options.huber = 1e6;
  eipnn_model *wide = train(dataset, 1, &options, NULL);
  options.huber = 1e-2;
  eipnn_model *narrow = train(dataset, 1, &options, NULL);
  assert_true(toy_same_weights(squared, wide));
  assert_false(toy_same_weights(squared, narrow));
  eipnn_model_free(&squared);
  eipnn_model_free(&wide);
  eipnn_model_free(&narrow);
  eipnn_dataset_free(&dataset);
}

static int record(void *context, const eipnn_train_progress *progress)
{
  eipnn_train_progress *last = context;
  *last = *progress;
  return 0;
}

static void a_tiny_set_is_learnt_by_heart(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(10, 1, 2);
  eipnn_train_progress last;
  eipnn_train_summary summary;
  eipnn_train_options options = toy_options();
  options.steps = 3000;
  options.rate = 1e-2;
  options.validate_every = 300;
  options.context = &last;
  options.progress = record;
  eipnn_model *model = train(dataset, 1, &options, &summary);
  assert_true(last.loss < 1e-4);
  assert_int_equal(last.step, 3000);
  assert_int_equal(summary.steps, 3000);
  assert_int_equal(summary.ntrain, 4);
  assert_int_equal(summary.nvalidation, 2);
  assert_false(summary.stopped);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

static void several_heads_learn_their_own_labels(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(40, 1, 2);
  eipnn_train_summary summary;
  eipnn_train_options options = toy_options();
  options.use_pool = 1;
  options.steps = 400;
  options.rate = 1e-2;
  options.force_weight = 0.1;
  eipnn_model *model = train(dataset, 3, &options, &summary);
  assert_int_equal(summary.ntrain, 24);
  assert_true(summary.best_step > 0);
  assert_true(summary.best_atom_mae < 0.1 * eipnn_model_scale(model, 0));
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* Nothing leaks: neither the test set nor the hidden labels of the pool. */
static void labels_of_test_and_pool_change_nothing(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(40, 1, 2);
  eipnn_train_options options = toy_options();
  options.use_pool = 1;
  options.force_weight = 0.5;
  options.virial_weight = 0.5;
  eipnn_model *before = train(dataset, 3, &options, NULL);
  const uint8_t *role = eipnn_dataset_split(dataset, "s");
  eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  for (size_t n = 0; n < 40; n++) {
    if (role[n] != EIPNN_ROLE_TEST && role[n] != EIPNN_ROLE_POOL) continue;
    dft->energy[n] = n % 2 ? NAN : dft->energy[n] + 10.0;
    dft->virial[n][3] += 1.0;
    for (size_t i = eipnn_dataset_first_atom(dataset, n);
         i < eipnn_dataset_first_atom(dataset, n + 1); i++)
      dft->forces[i][0] += 1.0;
    if (role[n] == EIPNN_ROLE_TEST) eipnn_dataset_labels(dataset, "eip/a")->energy[n] = 1e3;
  }
  eipnn_model *after = train(dataset, 3, &options, NULL);
  assert_true(toy_same_weights(before, after));
  dft->energy[0] += 1e-6; /* a training label does */
  eipnn_model *other = train(dataset, 3, &options, NULL);
  assert_false(toy_same_weights(before, other));
  eipnn_model_free(&before);
  eipnn_model_free(&after);
  eipnn_model_free(&other);
  eipnn_dataset_free(&dataset);
}

static void masked_labels_equal_missing_ones(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(40, 1, 2);
  eipnn_labels *a = eipnn_dataset_labels(dataset, "eip/a");
  eipnn_train_options options = toy_options();
  options.energy_maximum = 200.0;
  a->energy[0] = a->energy[6] = 1e5;
  eipnn_model *masked = train(dataset, 2, &options, NULL);
  a->energy[0] = a->energy[6] = NAN;
  eipnn_model *missing = train(dataset, 2, &options, NULL);
  assert_true(toy_same_weights(masked, missing));
  eipnn_model_free(&masked);
  eipnn_model_free(&missing);
  eipnn_dataset_free(&dataset);
}

static void seeds_decide_the_batches(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(40, 1, 2);
  eipnn_train_options options = toy_options();
  eipnn_model *one = train(dataset, 1, &options, NULL), *again = train(dataset, 1, &options, NULL);
  options.seed++;
  eipnn_model *other = train(dataset, 1, &options, NULL);
  assert_true(toy_same_weights(one, again));
  assert_false(toy_same_weights(one, other));
  eipnn_model_free(&one);
  eipnn_model_free(&again);
  eipnn_model_free(&other);
  eipnn_dataset_free(&dataset);
}

/* Every validation is reported, the first one before any step. */
typedef struct validations {
  int count;
  int64_t step[64];
  double best, least, last; /* as reported; the smallest and the last of the errors seen */
} validations;

static int count_validations(void *context, const eipnn_train_progress *progress)
{
  validations *v = context;
  if (progress->validated && v->count < 64) {
    v->step[v->count++] = progress->step;
    assert_true(progress->best_mae <= progress->validation_mae);
    v->best = progress->best_mae;
    v->last = progress->validation_mae;
    v->least = fmin(v->least, v->last);
  }
  return 0;
}

static void length_and_validations_follow_the_options(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(30, 1, 2); /* 12 for training: 3 batches an epoch */
  validations seen = {0};
  eipnn_train_summary summary;
  eipnn_train_options options = toy_options();
  options.steps = 0;
  options.epochs = 5;
  options.context = &seen;
  options.progress = count_validations;
  eipnn_model *model = train(dataset, 1, &options, &summary);
  assert_int_equal(summary.steps, 15);
  assert_int_equal(seen.count, 16); /* at least 20 times a run: here at every step */
  eipnn_model_free(&model);
  options.validate_every = 7;
  seen.count = 0;
  model = train(dataset, 1, &options, &summary);
  static const int64_t expected[] = {0, 7, 14, 15};
  assert_int_equal(seen.count, 4);
  for (int k = 0; k < 4; k++) assert_int_equal(seen.step[k], expected[k]);
  assert_close(summary.best_mae, seen.best, 0.0);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* Learning rates as reported after each step. */
typedef struct rates {
  double at[64];
} rates;

static int note_rate(void *context, const eipnn_train_progress *progress)
{
  rates *seen = context;
  seen->at[progress->step] = progress->rate;
  return 0;
}

static void the_rate_follows_the_schedule(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(10, 1, 2);
  rates seen;
  eipnn_train_options options = toy_options();
  options.rate = 2e-3;
  options.final_ratio = 0.05;
  options.validate_every = 1;
  options.context = &seen;
  options.progress = note_rate;
  for (int slanted = 0; slanted <= 1; slanted++) {
    options.schedule = slanted ? EIPNN_SCHEDULE_SLANTED : EIPNN_SCHEDULE_LINEAR;
    eipnn_model *model = train(dataset, 1, &options, NULL);
    /* By hand for 40 steps: the triangle's top is at step 8. */
    assert_close(seen.at[0], slanted ? 2e-3 / 32 : 2e-3, 1e-15);
    assert_close(seen.at[8], slanted ? 2e-3 : 2e-3 * (0.8 + 0.2 * 0.05), 1e-15);
    assert_close(seen.at[24], slanted ? 2e-3 * (1 + 31 * 0.5) / 32 : 2e-3 * (0.4 + 0.6 * 0.05),
                 1e-15);
    eipnn_model_free(&model);
  }
  eipnn_dataset_free(&dataset);
}

/* Mean over the heads of the error per validation configuration, with zeros and scales of each
   head's own. */
static double validation_error(const eipnn_model *model, const eipnn_dataset *dataset)
{
  static const char *const sets[] = {"dft", "eip/a", "eip/b"};
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = EIPNN_PRECISION_DOUBLE;
  options.backend = "ref";
  options.table = 0;
  eipnn_calculator *calculator;
  assert_ok(eipnn_calculator_create(model, &options, &calculator));
  const uint8_t *role = eipnn_dataset_split(dataset, "s");
  double sum = 0, energy[3];
  int count = 0;
  for (size_t n = 0; n < eipnn_dataset_count(dataset); n++) {
    if (role[n] != EIPNN_ROLE_VALIDATION) continue;
    eipnn_configuration configuration;
    assert_ok(eipnn_dataset_get(dataset, n, &configuration));
    assert_ok(eipnn_calculator_configuration(calculator, &configuration, energy, NULL, NULL));
    for (int h = 0; h < eipnn_model_head_count(model); h++, count++)
      sum += fabs(energy[h] - eipnn_dataset_labels(dataset, sets[h])->energy[n]);
  }
  eipnn_calculator_free(&calculator);
  return sum / count;
}

/* The returned weights give the smallest error that was reported, which is not the last one. */
static void the_best_weights_are_returned(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(30, 1, 2);
  for (int nheads = 1; nheads <= 3; nheads += 2) {
    eipnn_train_summary summary;
    validations seen = {.least = INFINITY};
    eipnn_train_options options = toy_options();
    options.rate = 0.05;
    options.validate_every = 1;
    options.context = &seen;
    options.progress = count_validations;
    eipnn_model *model = train(dataset, nheads, &options, &summary);
    assert_true(summary.best_step > 0 && summary.best_step < options.steps);
    assert_true(seen.last > seen.least);
    assert_close(summary.best_mae, seen.least, 0.0);
    assert_close(validation_error(model, dataset), summary.best_mae, 1e-10);
    eipnn_model_free(&model);
  }
  eipnn_dataset_free(&dataset);
}

static void a_loss_that_is_not_finite_keeps_the_best_weights(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(30, 1, 2);
  eipnn_model *model = toy_model(1, 1, heads, 3), *copy;
  eipnn_train_options options = toy_options();
  options.rate = 1e200;
  options.validate_every = 40;
  assert_ok(eipnn_train_fit_output(model, dataset, &options));
  assert_ok(eipnn_model_copy(model, &copy));
  assert_fails(eipnn_train(model, dataset, &options, NULL, NULL), EIPNN_ERROR_NUMERIC, "step");
  assert_true(toy_same_weights(model, copy));
  eipnn_model_free(&model);
  eipnn_model_free(&copy);
  eipnn_dataset_free(&dataset);
}

static void a_spike_is_no_divergence(void **state)
{
  (void)state;
  static const double errors[] = {2, 1, 250, 201, 3, 250, 200, 250, 250};
  eipnn_divergence divergence = {0};
  for (int k = 0; k < 9; k++) assert_false(eipnn_divergence_note(&divergence, errors[k]));
  assert_true(eipnn_divergence_note(&divergence, 201));
}

/* Finite all the time, but farther and farther away. */
static void divergence_stops_and_keeps_the_best_weights(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(30, 1, 2);
  eipnn_model *model = toy_model(1, 1, heads, 3);
  validations seen = {.least = INFINITY};
  eipnn_train_summary summary;
  eipnn_train_options options = toy_options();
  options.rate = 100;
  options.validate_every = 1;
  options.context = &seen;
  options.progress = count_validations;
  assert_ok(eipnn_train_fit_output(model, dataset, &options));
  assert_fails(eipnn_train(model, dataset, &options, NULL, &summary), EIPNN_ERROR_NUMERIC,
               "training has diverged");
  assert_true(summary.diverged && summary.steps < options.steps);
  assert_close(validation_error(model, dataset), seen.least, 1e-10);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

static void options_without_sense_are_errors(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(10, 1, 2);
  eipnn_model *model = toy_model(1, 1, heads, 3);
  const eipnn_train_options good = toy_options();
  eipnn_train_options bad[11];
  for (int k = 0; k < 11; k++) bad[k] = good;
  bad[0].batch = 0;
  bad[1].rate = NAN;
  bad[2].energy_weight = 0;
  bad[3].force_weight = -1;
  bad[4].energy_minimum = bad[4].energy_maximum = 1;
  bad[5].split = NULL;
  bad[6].steps = bad[6].epochs = 0;
  bad[7].resume = 1;
  bad[8].backend = "abacus";
  bad[9].average = 1;
  bad[10].huber = -1;
  static const char *const says[] = {"batch",        "rate",       "nothing to train on",
                                     "force_weight", "window",     "split",
                                     "no step",      "checkpoint", "abacus",
                                     "average",      "huber"};
  for (int k = 0; k < 11; k++)
    assert_fails(eipnn_train(model, dataset, &bad[k], NULL, NULL), EIPNN_ERROR_ARGUMENT, says[k]);
  memset(eipnn_dataset_split(dataset, "s"), EIPNN_ROLE_TRAIN, 10);
  assert_fails(eipnn_train(model, dataset, &good, NULL, NULL), EIPNN_ERROR_ARGUMENT, "validation");
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* A full disk, say: an unfinished run stops and says so, a finished one has its result. */
static void a_checkpoint_that_cannot_be_written(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(10, 1, 2);
  eipnn_model *model = toy_model(1, 1, heads, 3);
  eipnn_train_summary summary;
  char folder[256], path[300];
  toy_path(folder, "no-such-folder");
  snprintf(path, sizeof path, "%s/state.h5", folder);
  eipnn_train_options options = toy_options();
  options.checkpoint = path;
  options.checkpoint_interval = 1e6;
  assert_ok(eipnn_train(model, dataset, &options, NULL, &summary));
  assert_int_equal(summary.steps, options.steps);
  options.checkpoint_interval = 0;
  assert_fails(eipnn_train(model, dataset, &options, NULL, &summary), EIPNN_ERROR_IO, "state.h5");
  assert_true(summary.steps < options.steps);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_tiny_set_is_learnt_by_heart),
      cmocka_unit_test(several_heads_learn_their_own_labels),
      cmocka_unit_test(labels_of_test_and_pool_change_nothing),
      cmocka_unit_test(masked_labels_equal_missing_ones),
      cmocka_unit_test(seeds_decide_the_batches),
      cmocka_unit_test(length_and_validations_follow_the_options),
      cmocka_unit_test(the_rate_follows_the_schedule),
      cmocka_unit_test(the_best_weights_are_returned),
      cmocka_unit_test(mean_weights_are_kept),
      cmocka_unit_test(the_last_weights_can_be_kept),
      cmocka_unit_test(huber_counts_far_residuals_less),
      cmocka_unit_test(a_loss_that_is_not_finite_keeps_the_best_weights),
      cmocka_unit_test(a_spike_is_no_divergence),
      cmocka_unit_test(divergence_stops_and_keeps_the_best_weights),
      cmocka_unit_test(options_without_sense_are_errors),
      cmocka_unit_test(a_checkpoint_that_cannot_be_written),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
