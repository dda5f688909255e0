/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "base/h5.h"
#include "train/checkpoint.h"
#include "train/toy.h"

#include <stdio.h>
#include <unistd.h>

static const char *const heads[] = {"dft", "a"};

/* Stops at the first validation from step `at` on. */
static int stop_at(void *context, const eipnn_train_progress *progress)
{
  return progress->step >= *(int64_t *)context;
}

static eipnn_model *fitted_model(const eipnn_dataset *dataset, const eipnn_train_options *options,
                                 uint64_t seed)
{
  eipnn_model *model = toy_model(1, 2, heads, seed);
  assert_ok(eipnn_train_fit_output(model, dataset, options));
  return model;
}

static eipnn_train_options checkpoint_options(char path[256], const char *name)
{
  eipnn_train_options options = toy_options();
  toy_path(path, name);
  options.checkpoint = path;
  options.checkpoint_interval = 0;
  options.validate_every = 3;
  options.force_weight = 0.3;
  return options;
}

/* What the run at the end of this checkpoint works with, the best weights apart: current weights
   and both moments, [3][n]. */
static double *final_state(const char *path, size_t n)
{
  static const char *const arrays[] = {"weights", "first_moment", "second_moment"};
  double *values = malloc(3 * n * sizeof *values);
  hid_t file, group;
  assert_ok(eipnn_h5_open(path, &file));
  assert_ok(eipnn_h5_open_group(file, "training", &group));
  for (int k = 0; k < 3; k++)
    assert_ok(
        eipnn_h5_read_array(group, arrays[k], 1, &n, H5T_NATIVE_DOUBLE, values + (size_t)k * n));
  H5Gclose(group);
  H5Fclose(file);
  return values;
}

/* Resuming must fail with this message, and leave the model as it was. */
static void refused(eipnn_model *model, const eipnn_dataset *dataset,
                    const eipnn_train_options *options, const char *says)
{
  eipnn_model *copy;
  assert_ok(eipnn_model_copy(model, &copy));
  const eipnn_status status = eipnn_train(model, dataset, options, NULL, NULL);
  assert_true(status != EIPNN_OK);
  if (!strstr(eipnn_last_error(), says)) fail_msg("'%s' lacks '%s'", eipnn_last_error(), says);
  assert_true(toy_same_weights(model, copy));
  eipnn_model_free(&copy);
}

/* The run of these options, stopped at several steps and continued, against one in one go. */
static void stop_and_continue(const eipnn_dataset *dataset, const eipnn_train_options *options)
{
  const char *path = options->checkpoint;
  eipnn_model *whole = fitted_model(dataset, options, 7);
  eipnn_train_summary reference;
  assert_ok(eipnn_train(whole, dataset, options, NULL, &reference));
  size_t n;
  eipnn_model_weights(whole, &n);
  double *expected = final_state(path, n);
  unlink(path);
  static const int64_t stops[] = {0, 3, 13, 28, 29};
  for (int k = 0; k < 5; k++) {
    int64_t at = stops[k];
    eipnn_train_summary summary;
    eipnn_train_options part = *options;
    part.progress = stop_at;
    part.context = &at;
    eipnn_model *first = fitted_model(dataset, options, 7);
    assert_ok(eipnn_train(first, dataset, &part, NULL, &summary));
    assert_true(summary.stopped && summary.steps == (at + 2) / 3 * 3);
    /* Another process would start from fresh weights: the checkpoint replaces them. */
    eipnn_model *second = fitted_model(dataset, options, 8);
    part.progress = NULL;
    part.resume = 1;
    assert_ok(eipnn_train(second, dataset, &part, NULL, &summary));
    assert_true(toy_same_weights(second, whole));
    assert_int_equal(summary.steps, reference.steps);
    assert_int_equal(summary.best_step, reference.best_step);
    assert_close(summary.best_mae, reference.best_mae, 0.0);
    double *resumed = final_state(path, n);
    assert_memory_equal(resumed, expected, 3 * n * sizeof *expected);
    free(resumed);
    eipnn_model_free(&first);
    eipnn_model_free(&second);
    unlink(path);
  }
  free(expected);
  eipnn_model_free(&whole);
}

static void a_stopped_run_continues_bit_for_bit(void **state)
{
  (void)state;
  char path[256];
  eipnn_dataset *dataset = toy_dataset(40, 1, 4);
  const eipnn_train_options options = checkpoint_options(path, "resume.h5");
  stop_and_continue(dataset, &options);
  eipnn_dataset_free(&dataset);
}

/* Chosen labels bring a sampler of their own, whose epochs end at other steps. */
static void a_stopped_run_on_chosen_labels_continues_bit_for_bit(void **state)
{
  (void)state;
  char path[256];
  eipnn_dataset *dataset = toy_dataset(40, 1, 4);
  eipnn_augmentation chosen = toy_augmentation(dataset, "eip/a");
  eipnn_train_options options = checkpoint_options(path, "resume_chosen.h5");
  options.augmentation = &chosen;
  options.batch = 3;
  options.checkpoint_interval = 60; /* files only where a run stops */
  stop_and_continue(dataset, &options);
  options.mixed_batches = 1;
  options.augmentation_loss = EIPNN_LOSS_TUKEY_SCALED;
  stop_and_continue(dataset, &options);
  options.alpha *= 2;
  eipnn_model *model = fitted_model(dataset, &options, 7);
  assert_ok(eipnn_train(model, dataset, &options, NULL, NULL));
  options.resume = 1;
  options.alpha /= 2;
  refused(model, dataset, &options, "alpha 2");
  eipnn_model_free(&model);
  toy_augmentation_free(&chosen);
  unlink(path);
  eipnn_dataset_free(&dataset);
}

/* The mean weights are part of the state; the best ones alone would not do. */
static void a_stopped_run_with_mean_weights_continues_bit_for_bit(void **state)
{
  (void)state;
  char path[256];
  eipnn_dataset *dataset = toy_dataset(40, 1, 4);
  eipnn_train_options options = checkpoint_options(path, "resume_average.h5");
  options.average = 0.75;
  options.huber = 0.25;
  options.keep_last = 1;
  stop_and_continue(dataset, &options);
  eipnn_model *model = fitted_model(dataset, &options, 7);
  assert_ok(eipnn_train(model, dataset, &options, NULL, NULL));
  options.resume = 1;
  eipnn_train_options other = options;
  other.average = 0;
  refused(model, dataset, &other, "other options");
  other.average = 0.5;
  refused(model, dataset, &other, "average 0.75");
  other = options;
  other.huber = 0.5;
  refused(model, dataset, &other, "huber 0.25");
  other = options;
  other.keep_last = 0;
  refused(model, dataset, &other, "last weights kept");
  hid_t file;
  assert_ok(eipnn_h5_append(path, &file));
  assert_true(H5Ldelete(file, "training/average_weights", H5P_DEFAULT) >= 0);
  H5Fclose(file);
  refused(model, dataset, &options, "lacks the mean weights");
  unlink(path);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* Stops at step 13, and notes which backend wrote the checkpoint that is resumed. */
static int note_backend(void *context, const eipnn_train_progress *progress)
{
  snprintf(context, 8, "%s", progress->other_backend ? progress->other_backend : "none");
  return progress->step >= 13;
}

/* The result is that of either backend to rounding, and the host hears of the change. */
static void a_stopped_run_continues_on_another_backend(void **state)
{
  (void)state;
  char path[256], other[8];
  eipnn_dataset *dataset = toy_dataset(40, 1, 4);
  eipnn_train_options options = checkpoint_options(path, "backend.h5");
  eipnn_train_summary whole, resumed;
  eipnn_model *model = fitted_model(dataset, &options, 7);
  assert_ok(eipnn_train(model, dataset, &options, NULL, &whole));
  eipnn_model_free(&model);
  unlink(path);
  options.context = other;
  options.progress = note_backend;
  options.backend = "cpu";
  model = fitted_model(dataset, &options, 7);
  assert_ok(eipnn_train(model, dataset, &options, NULL, &resumed));
  assert_true(resumed.stopped);
  options.resume = 1;
  assert_ok(eipnn_train(model, dataset, &options, NULL, &resumed));
  assert_string_equal(other, "none");
  options.backend = "ref";
  assert_ok(eipnn_train(model, dataset, &options, NULL, &resumed));
  assert_string_equal(other, "cpu");
  options.progress = NULL;
  assert_ok(eipnn_train(model, dataset, &options, NULL, &resumed));
  assert_int_equal(resumed.steps, whole.steps);
  assert_close(resumed.best_mae, whole.best_mae, 1e-9);
  eipnn_model_free(&model);
  unlink(path);
  eipnn_dataset_free(&dataset);
}

static void a_finished_run_gives_its_result_again(void **state)
{
  (void)state;
  char path[256];
  eipnn_dataset *dataset = toy_dataset(40, 1, 4);
  eipnn_train_options options = checkpoint_options(path, "finished.h5");
  eipnn_model *first = fitted_model(dataset, &options, 7), *second, *file;
  options.resume = 1; /* there is nothing to resume yet: starts anew */
  assert_ok(eipnn_train(first, dataset, &options, NULL, NULL));
  second = fitted_model(dataset, &options, 9);
  assert_ok(eipnn_train(second, dataset, &options, NULL, NULL));
  assert_true(toy_same_weights(first, second));
  assert_ok(eipnn_model_read(path, &file)); /* a checkpoint is a model, too */
  assert_true(toy_same_weights(first, file));
  assert_close(eipnn_model_scale(file, 1), eipnn_model_scale(first, 1), 0.0);
  eipnn_model_free(&first);
  eipnn_model_free(&second);
  eipnn_model_free(&file);
  unlink(path);
  eipnn_dataset_free(&dataset);
}

static void fill(double *values, size_t n, double start)
{
  for (size_t k = 0; k < n; k++) values[k] = start + 0.5 * (double)k;
}

static void assert_same_checkpoint(const eipnn_checkpoint *a, const eipnn_checkpoint *b)
{
  const size_t bytes = b->nweights * sizeof(double);
  assert_memory_equal(a->weights, b->weights, bytes);
  assert_memory_equal(a->adam->first, b->adam->first, bytes);
  assert_memory_equal(a->adam->second, b->adam->second, bytes);
  assert_int_equal(a->adam->step, b->adam->step);
  assert_int_equal(a->run.step, b->run.step);
  assert_int_equal(a->run.best_step, b->run.best_step);
  assert_close(a->run.best_mae, b->run.best_mae, 0.0);
  assert_close(a->run.best_atom_mae, b->run.best_atom_mae, 0.0);
  assert_close(a->run.loss_sum, b->run.loss_sum, 0.0);
  assert_close(a->run.loss_count, b->run.loss_count, 0.0);
  assert_close(a->run.divergence.start, b->run.divergence.start, 0.0);
  assert_int_equal(a->run.divergence.above, b->run.divergence.above);
  assert_memory_equal(&a->dealer, &b->dealer, sizeof a->dealer);
}

/* Between two validations a checkpoint holds a running loss too. */
static void every_number_comes_back(void **state)
{
  (void)state;
  char path[256];
  toy_path(path, "numbers.h5");
  eipnn_model *model = toy_model(1, 2, heads, 7);
  eipnn_adam adam, read_adam;
  eipnn_checkpoint written = {
      .adam = &adam,
      .run = {.step = 17,
              .best_step = 12,
              .best_mae = 0.25,
              .best_atom_mae = 0.125,
              .loss_sum = 3.5,
              .loss_count = 2,
              .divergence = {1.75, 2}},
      .nsamplers = 2,
      .dealer = {{{{{1, 2, UINT64_MAX, 4}}, 3, 8}, {{{5, 6, 7, 8}}, 4, 12}}},
      .data = UINT64_MAX - 5,
      .options = "all of them"};
  eipnn_model_weights(model, &written.nweights);
  const size_t n = written.nweights, bytes = n * sizeof(double);
  written.weights = malloc(bytes);
  assert_ok(eipnn_adam_create(&adam, n));
  assert_ok(eipnn_adam_create(&read_adam, n));
  adam.step = 17;
  fill(written.weights, n, 1);
  fill(adam.first, n, 2);
  fill(adam.second, n, 3);
  assert_ok(eipnn_checkpoint_write(path, model, &written));
  eipnn_checkpoint read = {.nweights = n,
                           .weights = malloc(bytes),
                           .adam = &read_adam,
                           .nsamplers = 2,
                           .data = written.data,
                           .options = written.options};
  assert_ok(eipnn_checkpoint_read(path, model, &read));
  assert_same_checkpoint(&read, &written);
  free(read.weights);
  free(written.weights);
  eipnn_adam_free(&adam);
  eipnn_adam_free(&read_adam);
  eipnn_model_free(&model);
  unlink(path);
}

static void a_checkpoint_of_another_run_is_refused(void **state)
{
  (void)state;
  char path[256];
  eipnn_dataset *dataset = toy_dataset(40, 1, 4);
  eipnn_train_options options = checkpoint_options(path, "other.h5");
  eipnn_model *model = fitted_model(dataset, &options, 7);
  assert_ok(eipnn_train(model, dataset, &options, NULL, NULL));
  options.resume = 1;
  eipnn_train_options other = options;
  other.batch = 5;
  refused(model, dataset, &other, "other options");
  other = options;
  eipnn_augmentation chosen = toy_augmentation(dataset, "eip/a");
  other.augmentation = &chosen;
  refused(model, dataset, &other, "data");
  toy_augmentation_free(&chosen);
  static const char *const reversed[] = {"a", "dft"};
  eipnn_model *network = toy_model(1, 2, reversed, 1);
  refused(network, dataset, &options, "another network");
  eipnn_dataset_labels(dataset, "dft")->energy[1] += 1e-3;
  refused(model, dataset, &options, "data");
  eipnn_dataset_labels(dataset, "dft")->energy[1] -= 1e-3;
  eipnn_dataset_split(dataset, "s")[3] = EIPNN_ROLE_UNUSED; /* one less to validate on */
  refused(model, dataset, &options, "data");
  eipnn_model_free(&network);
  eipnn_model_free(&model);
  unlink(path);
  eipnn_dataset_free(&dataset);
}

static void copy_start(const char *from, const char *to, long bytes)
{
  FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
  assert_true(in && out);
  for (int c; bytes-- > 0 && (c = fgetc(in)) != EOF;) fputc(c, out);
  fclose(in);
  fclose(out);
}

static long size_of(const char *path)
{
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  fseek(file, 0, SEEK_END);
  const long size = ftell(file);
  fclose(file);
  return size;
}

static void damaged_files_are_refused(void **state)
{
  (void)state;
  char path[256], damaged[256];
  eipnn_dataset *dataset = toy_dataset(40, 1, 4);
  eipnn_train_options options = checkpoint_options(path, "whole.h5");
  eipnn_model *model = fitted_model(dataset, &options, 7);
  assert_ok(eipnn_train(model, dataset, &options, NULL, NULL));
  toy_path(damaged, "damaged.h5");
  const long size = size_of(path);
  options.resume = 1;
  options.checkpoint = damaged;
  for (int k = 0; k < 8; k++) {
    copy_start(path, damaged, k * size / 8);
    refused(model, dataset, &options, "damaged.h5");
  }
  assert_ok(eipnn_model_write(model, damaged));
  refused(model, dataset, &options, "no checkpoint");
  eipnn_model_free(&model);
  unlink(path);
  unlink(damaged);
  eipnn_dataset_free(&dataset);
}

/* Wherever a byte is wrong, the run is refused with the model as it was, or goes through. */
static void wrong_bytes_do_no_harm(void **state)
{
  (void)state;
  char path[256], changed[256];
  eipnn_dataset *dataset = toy_dataset(20, 1, 4);
  eipnn_train_options options = checkpoint_options(path, "right.h5");
  options.steps = 3;
  eipnn_model *model = fitted_model(dataset, &options, 7), *copy;
  assert_ok(eipnn_train(model, dataset, &options, NULL, NULL));
  toy_path(changed, "wrong.h5");
  options.resume = 1;
  options.checkpoint = changed;
  const long size = size_of(path);
  for (int k = 0; k < 60; k++) {
    copy_start(path, changed, size);
    FILE *file = fopen(changed, "r+b");
    fseek(file, k * size / 60 + k, SEEK_SET);
    fputc(0xa5 ^ k, file);
    fclose(file);
    assert_ok(eipnn_model_copy(model, &copy));
    if (eipnn_train(copy, dataset, &options, NULL, NULL) != EIPNN_OK)
      assert_true(toy_same_weights(copy, model));
    eipnn_model_free(&copy);
  }
  eipnn_model_free(&model);
  unlink(path);
  unlink(changed);
  eipnn_dataset_free(&dataset);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(40, 1, 4);
  eipnn_train_options options = toy_options();
  options.checkpoint = "/dev/null/checkpoint.h5";
  options.checkpoint_interval = 0;
  eipnn_model *model = fitted_model(dataset, &options, 7);
  assert_fails(eipnn_train(model, dataset, &options, NULL, NULL), EIPNN_ERROR_IO, "/dev/null");
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_stopped_run_continues_bit_for_bit),
      cmocka_unit_test(a_stopped_run_on_chosen_labels_continues_bit_for_bit),
      cmocka_unit_test(a_stopped_run_with_mean_weights_continues_bit_for_bit),
      cmocka_unit_test(a_stopped_run_continues_on_another_backend),
      cmocka_unit_test(a_finished_run_gives_its_result_again),
      cmocka_unit_test(every_number_comes_back),
      cmocka_unit_test(a_checkpoint_of_another_run_is_refused),
      cmocka_unit_test(damaged_files_are_refused),
      cmocka_unit_test(wrong_bytes_do_no_harm),
      cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
