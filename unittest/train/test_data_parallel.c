/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Training on several ranks, which here are threads behind a parallel table. */
#define _POSIX_C_SOURCE 200809L
#include "thread_ranks.h"
#include "train/toy.h"

#include <stdio.h>

enum { MAX_RANKS = 3 };

/* One rank's run and its outcome. */
typedef struct job {
  const eipnn_dataset *dataset;
  const eipnn_train_options *options;
  eipnn_model *model;
  eipnn_train_summary summary;
  eipnn_status status;
  char message[256];
} job;

static void work(const eipnn_parallel *parallel, void *argument)
{
  job *j = argument;
  j->status = eipnn_train(j->model, j->dataset, j->options, parallel, &j->summary);
  strncpy(j->message, eipnn_last_error(), sizeof j->message - 1);
}

static const char *const heads[] = {"dft", "a"};

static eipnn_model *fitted_model(const eipnn_dataset *dataset, const eipnn_train_options *options,
                                 uint64_t seed)
{
  eipnn_model *model = toy_model(1, 2, heads, seed);
  assert_ok(eipnn_train_fit_output(model, dataset, options));
  return model;
}

/* Trains on `size` threads; the ranks start from different weights, rank 0's count. */
static void run(job jobs[MAX_RANKS], int size, const eipnn_dataset *dataset,
                const eipnn_train_options *options)
{
  void *arguments[MAX_RANKS];
  for (int r = 0; r < size; r++) {
    jobs[r] = (job){.dataset = dataset, .options = options};
    jobs[r].model = fitted_model(dataset, options, 7 + (uint64_t)r);
    arguments[r] = &jobs[r];
  }
  thread_ranks_run(size, work, arguments);
}

static void free_models(job *jobs, int size)
{
  for (int r = 0; r < size; r++) eipnn_model_free(&jobs[r].model);
}

/* Two and three ranks against one. */
static void compare_ranks(const eipnn_dataset *dataset, const eipnn_train_options *options)
{
  eipnn_model *serial = fitted_model(dataset, options, 7);
  eipnn_train_summary reference;
  assert_ok(eipnn_train(serial, dataset, options, NULL, &reference));
  size_t count;
  const double *expected = eipnn_model_weights(serial, &count);
  for (int size = 2; size <= MAX_RANKS; size++) {
    job jobs[MAX_RANKS];
    run(jobs, size, dataset, options);
    for (int r = 0; r < size; r++) {
      assert_int_equal(jobs[r].status, EIPNN_OK);
      assert_int_equal(jobs[r].summary.best_step, reference.best_step);
      assert_close(jobs[r].summary.best_mae, reference.best_mae, 1e-9);
      assert_true(toy_same_weights(jobs[r].model, jobs[0].model));
      const double *weights = eipnn_model_weights(jobs[r].model, &count);
      for (size_t k = 0; k < count; k++) assert_close(weights[k], expected[k], 1e-9);
    }
    free_models(jobs, size);
  }
  eipnn_model_free(&serial);
}

static void ranks_do_not_change_the_result(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(30, 1, 6);
  eipnn_train_options options = toy_options();
  options.force_weight = 0.5;
  options.virial_weight = 0.1;
  options.validate_every = 5;
  compare_ranks(dataset, &options);
  eipnn_dataset_free(&dataset);
}

/* The scale of a robust loss is that of the whole batch: the median of any rank's own share would
   give another result. */
static void ranks_do_not_change_the_result_with_chosen_labels(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(30, 1, 6);
  eipnn_augmentation chosen = toy_augmentation(dataset, "eip/a");
  eipnn_train_options options = toy_options();
  options.force_weight = 0.5;
  options.virial_weight = 0.1;
  options.validate_every = 5;
  options.augmentation = &chosen;
  for (int mixed = 0; mixed < 2; mixed++) {
    options.mixed_batches = mixed;
    options.batch = mixed ? 2 : 4; /* mixed: one rank of three is idle */
    compare_ranks(dataset, &options);
  }
  toy_augmentation_free(&chosen);
  eipnn_dataset_free(&dataset);
}

/* Batches of two on three ranks: one rank has nothing to do in any step. */
static void a_rank_may_be_idle(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(30, 1, 6);
  eipnn_train_options options = toy_options();
  options.batch = 2;
  options.steps = 10;
  eipnn_model *serial = fitted_model(dataset, &options, 7);
  assert_ok(eipnn_train(serial, dataset, &options, NULL, NULL));
  job jobs[MAX_RANKS];
  run(jobs, 3, dataset, &options);
  size_t count;
  const double *expected = eipnn_model_weights(serial, &count);
  const double *weights = eipnn_model_weights(jobs[2].model, &count);
  for (size_t k = 0; k < count; k++) assert_close(weights[k], expected[k], 1e-9);
  free_models(jobs, 3);
  eipnn_model_free(&serial);
  eipnn_dataset_free(&dataset);
}

static int stop_at_ten(void *context, const eipnn_train_progress *progress)
{
  (void)context;
  return progress->step >= 10;
}

static void all_ranks_stop_and_resume_together(void **state)
{
  (void)state;
  char path[256];
  toy_path(path, "parallel.h5");
  eipnn_dataset *dataset = toy_dataset(30, 1, 6);
  eipnn_train_options options = toy_options();
  options.validate_every = 5;
  job whole[MAX_RANKS], part[MAX_RANKS];
  run(whole, 2, dataset, &options);
  options.checkpoint = path;
  options.progress = stop_at_ten;
  run(part, 2, dataset, &options);
  for (int r = 0; r < 2; r++) assert_int_equal(part[r].summary.steps, 10);
  free_models(part, 2);
  options.progress = NULL;
  options.resume = 1;
  run(part, 2, dataset, &options);
  for (int r = 0; r < 2; r++) {
    assert_int_equal(part[r].status, EIPNN_OK);
    assert_true(toy_same_weights(part[r].model, whole[r].model));
    assert_int_equal(part[r].summary.best_step, whole[r].summary.best_step);
  }
  free_models(part, 2);
  free_models(whole, 2);
  remove(path);
  eipnn_dataset_free(&dataset);
}

static void agree_on_failure(const eipnn_dataset *dataset, eipnn_train_options options)
{
  job jobs[MAX_RANKS];
  options.rate = 1e200;
  run(jobs, 2, dataset, &options);
  for (int r = 0; r < 2; r++) assert_int_equal(jobs[r].status, EIPNN_ERROR_NUMERIC);
  free_models(jobs, 2);
  /* Only rank 0 writes, so only rank 0 can fail to; the other must not wait for ever. */
  options.rate = 1e-3;
  options.checkpoint = "/dev/null/checkpoint.h5";
  options.checkpoint_interval = 0;
  run(jobs, 2, dataset, &options);
  for (int r = 0; r < 2; r++) {
    assert_int_equal(jobs[r].status, EIPNN_ERROR_IO);
    assert_non_null(strstr(jobs[r].message, "/dev/null"));
  }
  free_models(jobs, 2);
}

static void all_ranks_agree_on_failure(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(30, 1, 6);
  eipnn_augmentation chosen = toy_augmentation(dataset, "eip/a");
  eipnn_train_options options = toy_options();
  agree_on_failure(dataset, options);
  options.augmentation = &chosen; /* its steps wait for each other once more */
  agree_on_failure(dataset, options);
  toy_augmentation_free(&chosen);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ranks_do_not_change_the_result),
      cmocka_unit_test(ranks_do_not_change_the_result_with_chosen_labels),
      cmocka_unit_test(a_rank_may_be_idle),
      cmocka_unit_test(all_ranks_stop_and_resume_together),
      cmocka_unit_test(all_ranks_agree_on_failure),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
