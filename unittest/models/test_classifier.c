/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Models whose heads are classes. */
#define _POSIX_C_SOURCE 200809L
#include "thread_ranks.h"

#include "crystal.h"
#include "models/batch.h"
#include "models/potential.h"
#include "tensor/executor.h"
#include "train/test_support.h"

#include <eipnn/classifier.h>
#include <hdf5.h>

#include <stdio.h>

#define FILE_NAME "test_classifier.h5"
enum { NCLASSES = 3, CONFIGURATIONS = 7, HIDDEN = 12 };

static const int species[] = {14, 32};
static const char *const classes[] = {"edip", "sw", "none"};

/* Weights away from their start, so that no term hides behind another. */
static eipnn_model *classifier(eipnn_pooling pooling, int padded)
{
  eipnn_network_options options;
  eipnn_model *model;
  size_t count;
  small_options(&options);
  options.padded = padded;
  assert_ok(eipnn_classifier_create(&options, 2, species, NCLASSES, classes, pooling, 5, &model));
  double *weights = eipnn_model_weights(model, &count);
  for (size_t k = 0; k < count; k++) weights[k] *= 1.5;
  return model;
}

static eipnn_calculator_options exact(void)
{
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = EIPNN_PRECISION_DOUBLE;
  options.table = 0;
  return options;
}

/* Crystals of different sizes, some of them with germanium. */
static eipnn_dataset *crystals(void)
{
  eipnn_dataset *dataset;
  assert_ok(eipnn_dataset_create(&dataset));
  for (unsigned n = 0; n < CONFIGURATIONS; n++) {
    crystal c;
    crystal_silicon(&c, (int[3]){1, 1 + (int)n % 2, 1 + (int)n % 3}, 0.15, n);
    for (unsigned i = 0; i < n; i++) c.number[i] = 32;
    assert_ok(eipnn_dataset_append(dataset, &c.configuration, NAN, NULL, NULL));
    crystal_free(&c);
  }
  return dataset;
}

static void append(eipnn_dataset *dataset, const crystal *c)
{
  assert_ok(eipnn_dataset_append(dataset, &c->configuration, NAN, NULL, NULL));
}

/* The graph of two configurations with the gradient of a fixed combination of
   their logits by pair vectors and weights. */
typedef struct logits {
  eipnn_model *model;
  eipnn_potential potential;
  eipnn_tensor gradient[64];
  int ngradients;
  eipnn_executor *executor;
  eipnn_batch batch;
} logits;

static const double seed_values[2 * NCLASSES] = {0.7, -1.1, 0.4, -0.3, 0.9, 1.3};

static void fill_batch(logits *l)
{
  for (unsigned n = 0; n < 2; n++) {
    crystal c;
    eipnn_config_graph graph;
    eipnn_pair_list list = {0};
    crystal_primitive(&c, 0.1, n);
    c.number[n] = 32;
    assert_ok(eipnn_config_graph_build(&graph, &list, l->model, &c.configuration));
    assert_ok(eipnn_batch_add(&l->batch, &graph));
    eipnn_config_graph_free(&graph);
    eipnn_pair_list_free(&list);
    crystal_free(&c);
  }
}

static void start_logits(logits *l, eipnn_pooling pooling, int padded)
{
  memset(l, 0, sizeof *l);
  l->model = classifier(pooling, padded);
  const eipnn_potential_options options = {0};
  eipnn_executor_options executor = {.precision = EIPNN_PRECISION_DOUBLE};
  eipnn_potential *p = &l->potential;
  size_t nweights;
  eipnn_model_weights(l->model, &nweights);
  assert_ok(eipnn_potential_build(l->model, &options, p));
  assert_int_equal(p->atom_output, EIPNN_NO_TENSOR);
  eipnn_tensor wrt[64], outputs[65] = {p->config_output};
  assert_in_range(p->nparameters, 1, 63);
  wrt[0] = p->vec;
  memcpy(wrt + 1, p->parameter, (size_t)p->nparameters * sizeof *wrt);
  l->ngradients = p->nparameters + 1;
  const eipnn_tensor seed = eipnn_input(p->graph, EIPNN_ROWS_CONFIG, NCLASSES);
  assert_ok(
      eipnn_graph_gradient(p->graph, 1, &p->config_output, &seed, l->ngradients, wrt, l->gradient));
  memcpy(outputs + 1, l->gradient, (size_t)l->ngradients * sizeof *outputs);
  assert_ok(eipnn_backend_find("cpu", &executor.backend));
  assert_ok(eipnn_executor_create(p->graph, &executor, l->ngradients + 1, outputs, nweights,
                                  &l->executor));
  fill_batch(l);
  eipnn_structure structure;
  eipnn_batch_structure(&l->batch, &structure);
  assert_ok(eipnn_executor_bind(l->executor, &structure));
  assert_ok(eipnn_executor_set_input(l->executor, seed, seed_values));
}

static double combination(logits *l)
{
  double value[2 * NCLASSES], sum = 0.0;
  assert_ok(eipnn_executor_set_weights(l->executor, eipnn_model_weights(l->model, NULL)));
  assert_ok(eipnn_executor_set_input(l->executor, l->potential.vec, l->batch.vec[0]));
  assert_ok(eipnn_executor_run(l->executor, 0, eipnn_graph_size(l->potential.graph)));
  assert_ok(eipnn_executor_get(l->executor, l->potential.config_output, value));
  for (int k = 0; k < 2 * NCLASSES; k++) sum += seed_values[k] * value[k];
  return sum;
}

static double difference_by(logits *l, double *variable)
{
  const double step = 1e-5, start = *variable;
  *variable = start + step;
  const double above = combination(l);
  *variable = start - step;
  const double below = combination(l);
  *variable = start;
  return (above - below) / (2 * step);
}

/* Every variable where there are few, else some. */
static void compare_gradient(logits *l, const double *gradient, double *variable, size_t count)
{
  const size_t stride = count / 10 + 1;
  for (size_t k = 0; k < count; k += stride)
    assert_close(gradient[k], difference_by(l, &variable[k]), 1e-6 * (1.0 + fabs(gradient[k])));
}

static void gradients_agree_with_differences(eipnn_pooling pooling, int padded)
{
  logits l;
  start_logits(&l, pooling, padded);
  combination(&l);
  const size_t room = 3 * (size_t)l.batch.npair + 1000;
  double *gradient = calloc((size_t)l.ngradients * room, sizeof *gradient);
  for (int k = 0; k < l.ngradients; k++)
    assert_ok(eipnn_executor_get(l.executor, l.gradient[k], gradient + (size_t)k * room));
  compare_gradient(&l, gradient, l.batch.vec[0], 3 * (size_t)l.batch.npair);
  for (int k = 1; k < l.ngradients; k++) {
    const eipnn_parameter_info *info = eipnn_model_parameter(l.model, k - 1);
    compare_gradient(&l, gradient + (size_t)k * room,
                     eipnn_model_weights(l.model, NULL) + info->offset,
                     (size_t)info->rows * (size_t)info->cols);
  }
  free(gradient);
  eipnn_executor_free(&l.executor);
  eipnn_potential_free(&l.potential);
  eipnn_batch_free(&l.batch);
  eipnn_model_free(&l.model);
}

static void gradients_are_derivatives(void **state)
{
  (void)state;
  gradients_agree_with_differences(EIPNN_POOLING_SUM, 0);
  gradients_agree_with_differences(EIPNN_POOLING_MEAN, 0);
  gradients_agree_with_differences(EIPNN_POOLING_SUM, 1);
}

/* A cell and its 2 x 1 x 3 repetition, as a classifier sees them. */
static double largest_change_by_repeating(eipnn_pooling pooling)
{
  crystal c, repeated;
  eipnn_dataset *dataset;
  const eipnn_calculator_options options = exact();
  double p[2][NCLASSES], largest = 0.0;
  crystal_primitive(&c, 0.1, 4);
  c.number[1] = 32;
  crystal_repeat(&c, (int[3]){2, 1, 3}, &repeated);
  assert_ok(eipnn_dataset_create(&dataset));
  append(dataset, &c);
  append(dataset, &repeated);
  eipnn_model *model = classifier(pooling, 0);
  assert_ok(eipnn_classify(model, dataset, NULL, &options, NULL, p[0]));
  for (int k = 0; k < NCLASSES; k++) largest = fmax(largest, fabs(p[0][k] - p[1][k]));
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
  crystal_free(&c);
  crystal_free(&repeated);
  return largest;
}

static void mean_pooling_does_not_see_the_size(void **state)
{
  (void)state;
  assert_true(largest_change_by_repeating(EIPNN_POOLING_MEAN) < 1e-12);
  assert_true(largest_change_by_repeating(EIPNN_POOLING_SUM) > 1e-3);
}

/* The head by hand, on the features that eipnn_features gives. */
static void expect_head(const eipnn_model *model, const double *features, const double *probability)
{
  const double *w = eipnn_model_weights(model, NULL);
  const int first = eipnn_model_parameter_count(model) - 4;
  const double *part[4];
  for (int k = 0; k < 4; k++) part[k] = w + eipnn_model_parameter(model, first + k)->offset;
  double hidden[HIDDEN], logit[NCLASSES], sum = 0.0;
  for (int h = 0; h < HIDDEN; h++) {
    hidden[h] = part[1][h];
    for (int f = 0; f < HIDDEN; f++) hidden[h] += features[f] * part[0][f * HIDDEN + h];
    hidden[h] = log1p(exp(hidden[h])) - log(2.0);
  }
  for (int k = 0; k < NCLASSES; k++) {
    logit[k] = part[3][k];
    for (int h = 0; h < HIDDEN; h++) logit[k] += hidden[h] * part[2][h * NCLASSES + k];
    sum += exp(logit[k]);
  }
  for (int k = 0; k < NCLASSES; k++) assert_close(probability[k], exp(logit[k]) / sum, 1e-12);
}

static void probabilities_follow_from_features(void **state)
{
  (void)state;
  eipnn_dataset *dataset = crystals();
  eipnn_model *model = classifier(EIPNN_POOLING_MEAN, 1);
  const eipnn_calculator_options options = exact();
  double features[CONFIGURATIONS][HIDDEN], probability[CONFIGURATIONS][NCLASSES];
  assert_ok(eipnn_features(model, dataset, NULL, &options, NULL, features[0]));
  assert_ok(eipnn_classify(model, dataset, NULL, &options, NULL, probability[0]));
  for (int n = 0; n < CONFIGURATIONS; n++) expect_head(model, features[n], probability[n]);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* The features of an energy model are those of the atoms: the same from the padded graph with
   one layer, whose padding nodes reach no atom of the cell a second time. */
static void features_are_means_over_atoms(void **state)
{
  (void)state;
  double features[2][CONFIGURATIONS][HIDDEN];
  const eipnn_calculator_options options = exact();
  eipnn_dataset *dataset = crystals();
  for (int padded = 0; padded < 2; padded++) {
    eipnn_network_options network;
    eipnn_model *model;
    small_options(&network);
    network.layers = 1;
    network.padded = padded;
    assert_ok(small_model(&network, 2, &model));
    assert_ok(eipnn_features(model, dataset, NULL, &options, NULL, features[padded][0]));
    eipnn_model_free(&model);
  }
  for (int n = 0; n < CONFIGURATIONS; n++)
    for (int k = 0; k < HIDDEN; k++) assert_close(features[0][n][k], features[1][n][k], 1e-12);
  eipnn_dataset_free(&dataset);
}

static void what_is_not_wanted_is_nan(void **state)
{
  (void)state;
  static const unsigned char wanted[CONFIGURATIONS] = {0, 1, 0, 0, 1, 1, 0};
  static const unsigned char none[CONFIGURATIONS] = {0};
  eipnn_dataset *dataset = crystals();
  eipnn_model *model = classifier(EIPNN_POOLING_SUM, 0);
  const eipnn_calculator_options options = exact();
  double all[CONFIGURATIONS][NCLASSES], some[CONFIGURATIONS][NCLASSES];
  assert_ok(eipnn_classify(model, dataset, NULL, &options, NULL, all[0]));
  assert_ok(eipnn_classify(model, dataset, wanted, &options, NULL, some[0]));
  for (int n = 0; n < CONFIGURATIONS; n++) {
    double sum = 0.0;
    for (int k = 0; k < NCLASSES; k++) {
      sum += all[n][k];
      if (wanted[n])
        assert_close(some[n][k], all[n][k], 1e-12);
      else
        assert_true(isnan(some[n][k]));
    }
    assert_close(sum, 1.0, 1e-12);
  }
  assert_ok(eipnn_classify(model, dataset, none, &options, NULL, some[0]));
  for (int n = 0; n < CONFIGURATIONS; n++) assert_true(isnan(some[n][0]));
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

static void precisions_and_tables_agree(void **state)
{
  (void)state;
  eipnn_dataset *dataset = crystals();
  eipnn_model *model = classifier(EIPNN_POOLING_MEAN, 0);
  eipnn_calculator_options options = exact();
  double a[CONFIGURATIONS * NCLASSES], b[CONFIGURATIONS * NCLASSES];
  assert_ok(eipnn_classify(model, dataset, NULL, &options, NULL, a));
  eipnn_calculator_options_default(&options);
  assert_ok(eipnn_classify(model, dataset, NULL, &options, NULL, b));
  for (int k = 0; k < CONFIGURATIONS * NCLASSES; k++) assert_close(a[k], b[k], 1e-5);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* One rank's share of a classification. */
typedef struct job {
  const eipnn_model *model;
  const eipnn_dataset *dataset;
  double probability[CONFIGURATIONS * NCLASSES];
  eipnn_status status;
  char message[256];
} job;

static void classify(const eipnn_parallel *parallel, void *argument)
{
  job *j = argument;
  const eipnn_calculator_options options = exact();
  j->status = eipnn_classify(j->model, j->dataset, NULL, &options, parallel, j->probability);
  snprintf(j->message, sizeof j->message, "%s", eipnn_last_error());
}

static void classify_on(int size, job *jobs, const eipnn_model *model, const eipnn_dataset *dataset)
{
  void *arguments[MOST_RANKS];
  for (int r = 0; r < size; r++) {
    jobs[r] = (job){.model = model, .dataset = dataset};
    arguments[r] = &jobs[r];
  }
  thread_ranks_run(size, classify, arguments);
}

/* Also with more ranks than configurations. */
static void ranks_agree(void **state)
{
  (void)state;
  eipnn_dataset *dataset = crystals();
  eipnn_model *model = classifier(EIPNN_POOLING_SUM, 0);
  job jobs[MOST_RANKS], serial = {.model = model, .dataset = dataset};
  classify(NULL, &serial);
  assert_int_equal(serial.status, EIPNN_OK);
  for (int size = 2; size <= MOST_RANKS; size += 3) {
    classify_on(size, jobs, model, dataset);
    for (int r = 0; r < size; r++) {
      assert_int_equal(jobs[r].status, EIPNN_OK);
      for (int k = 0; k < CONFIGURATIONS * NCLASSES; k++)
        assert_close(jobs[r].probability[k], serial.probability[k], 1e-12);
    }
  }
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* A configuration that one rank cannot evaluate is an error on all. */
static void a_foreign_species_fails_on_every_rank(void **state)
{
  (void)state;
  crystal c;
  job jobs[3];
  eipnn_dataset *dataset;
  eipnn_model *model = classifier(EIPNN_POOLING_SUM, 0);
  assert_ok(eipnn_dataset_create(&dataset));
  for (int n = 0; n < 3; n++) {
    crystal_primitive(&c, 0.1, 1);
    if (n == 1) c.number[0] = 13;
    append(dataset, &c);
    crystal_free(&c);
  }
  classify_on(3, jobs, model, dataset);
  for (int r = 0; r < 3; r++) {
    assert_int_equal(jobs[r].status, EIPNN_ERROR_ARGUMENT);
    assert_non_null(strstr(jobs[r].message, "configuration 1"));
    assert_non_null(strstr(jobs[r].message, "Al"));
  }
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

static void files_keep_the_kind(void **state)
{
  (void)state;
  for (int pooling = EIPNN_POOLING_SUM; pooling <= EIPNN_POOLING_MEAN; pooling++) {
    size_t count;
    eipnn_model *read, *copy, *model = classifier((eipnn_pooling)pooling, 0);
    assert_ok(eipnn_model_write(model, FILE_NAME));
    assert_ok(eipnn_model_read(FILE_NAME, &read));
    assert_ok(eipnn_model_copy(read, &copy));
    const double *weights = eipnn_model_weights(model, &count);
    assert_memory_equal(weights, eipnn_model_weights(copy, NULL), count * sizeof *weights);
    assert_true(eipnn_model_is_classifier(copy));
    assert_int_equal(eipnn_model_pooling(copy), pooling);
    for (int k = 0; k < NCLASSES; k++)
      assert_string_equal(eipnn_model_head_name(copy, k), classes[k]);
    eipnn_model_free(&model);
    eipnn_model_free(&read);
    eipnn_model_free(&copy);
  }
  remove(FILE_NAME);
}

/* Replaces a text attribute of the file; NULL: removes it. */
static void set_attribute(const char *name, const char *value)
{
  hid_t file = H5Fopen(FILE_NAME, H5F_ACC_RDWR, H5P_DEFAULT);
  assert_true(file >= 0);
  if (H5Aexists(file, name) > 0) H5Adelete(file, name);
  if (value) {
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
    H5Tset_size(type, strlen(value) + 1);
    hid_t attribute = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(H5Awrite(attribute, type, value) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
  }
  H5Fclose(file);
}

static void expect_refusal(const char *name, const char *value, const char *text)
{
  eipnn_model *read, *model = classifier(EIPNN_POOLING_SUM, 0);
  assert_ok(eipnn_model_write(model, FILE_NAME));
  set_attribute(name, value);
  assert_fails(eipnn_model_read(FILE_NAME, &read), EIPNN_ERROR_FORMAT, text);
  assert_null(read);
  eipnn_model_free(&model);
}

static void changed_files_are_refused(void **state)
{
  (void)state;
  expect_refusal("task", "oracle", "energy, classes");
  expect_refusal("task", "energy", "checksum");
  expect_refusal("task", NULL, "checksum");
  expect_refusal("pooling", "median", "sum, mean");
  expect_refusal("pooling", "mean", "checksum");
  expect_refusal("pooling", NULL, "pooling");
  remove(FILE_NAME);
}

/* Files from before there were classifiers. */
static void files_without_a_task_give_energies(void **state)
{
  (void)state;
  eipnn_model *model, *read;
  eipnn_network_options options;
  small_options(&options);
  assert_ok(small_model(&options, 1, &model));
  assert_ok(eipnn_model_write(model, FILE_NAME));
  set_attribute("task", NULL);
  assert_ok(eipnn_model_read(FILE_NAME, &read));
  assert_false(eipnn_model_is_classifier(read));
  eipnn_model_free(&model);
  eipnn_model_free(&read);
  remove(FILE_NAME);
}

static void a_classifier_has_no_energy(void **state)
{
  (void)state;
  eipnn_calculator *calculator;
  eipnn_model *energies, *model = classifier(EIPNN_POOLING_SUM, 0);
  eipnn_network_options network;
  eipnn_calculator_options options = exact();
  eipnn_dataset *dataset = crystals();
  double probability[CONFIGURATIONS * NCLASSES];
  assert_fails(eipnn_calculator_create(model, &options, &calculator), EIPNN_ERROR_UNSUPPORTED,
               "classifier of 3 classes ('edip', ...)");
  assert_null(calculator);
  small_options(&network);
  assert_ok(small_model(&network, NCLASSES, &energies));
  assert_false(eipnn_model_is_classifier(energies));
  assert_fails(eipnn_classify(energies, dataset, NULL, &options, NULL, probability),
               EIPNN_ERROR_ARGUMENT, "use a classifier");
  eipnn_halo halo = {0};
  options.halo = &halo;
  assert_fails(eipnn_classify(model, dataset, NULL, &options, NULL, probability),
               EIPNN_ERROR_ARGUMENT, "halo");
  eipnn_model_free(&model);
  eipnn_model_free(&energies);
  eipnn_dataset_free(&dataset);
}

static void bad_requests_are_named(void **state)
{
  (void)state;
  eipnn_network_options options;
  eipnn_model *model;
  small_options(&options);
  assert_fails(
      eipnn_classifier_create(&options, 2, species, 1, classes, EIPNN_POOLING_SUM, 1, &model),
      EIPNN_ERROR_ARGUMENT, "2 or more");
  assert_null(model);
  assert_fails(
      eipnn_classifier_create(&options, 2, species, NCLASSES, classes, (eipnn_pooling)7, 1, &model),
      EIPNN_ERROR_ARGUMENT, "pooling 7");
  assert_null(model);
  assert_string_equal(eipnn_pooling_name(EIPNN_POOLING_MEAN), "mean");
  assert_string_equal(eipnn_pooling_name((eipnn_pooling)7), "unknown");
}

/* Weights of the representation may come from a pretrained model and go to one. */
static void representations_are_shared_with_energy_models(void **state)
{
  (void)state;
  eipnn_network_options options;
  eipnn_model *energies, *model = classifier(EIPNN_POOLING_SUM, 0);
  eipnn_dataset *dataset = crystals();
  const eipnn_calculator_options calculator = exact();
  double a[CONFIGURATIONS * HIDDEN], b[CONFIGURATIONS * HIDDEN];
  small_options(&options);
  assert_ok(small_model(&options, 2, &energies));
  assert_null(eipnn_model_difference(model, energies));
  assert_ok(eipnn_model_copy_representation(model, energies));
  assert_ok(eipnn_features(model, dataset, NULL, &calculator, NULL, a));
  assert_ok(eipnn_features(energies, dataset, NULL, &calculator, NULL, b));
  for (int k = 0; k < CONFIGURATIONS * HIDDEN; k++) assert_close(a[k], b[k], 1e-12);
  eipnn_model_free(&model);
  eipnn_model_free(&energies);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gradients_are_derivatives),
      cmocka_unit_test(mean_pooling_does_not_see_the_size),
      cmocka_unit_test(probabilities_follow_from_features),
      cmocka_unit_test(features_are_means_over_atoms),
      cmocka_unit_test(what_is_not_wanted_is_nan),
      cmocka_unit_test(precisions_and_tables_agree),
      cmocka_unit_test(ranks_agree),
      cmocka_unit_test(a_foreign_species_fails_on_every_rank),
      cmocka_unit_test(files_keep_the_kind),
      cmocka_unit_test(changed_files_are_refused),
      cmocka_unit_test(files_without_a_task_give_energies),
      cmocka_unit_test(a_classifier_has_no_energy),
      cmocka_unit_test(bad_requests_are_named),
      cmocka_unit_test(representations_are_shared_with_energy_models),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
