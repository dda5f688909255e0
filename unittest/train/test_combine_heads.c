/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/sweep.h"
#include "train/toy.h"

static const char *const dft[] = {"dft"};
static const char *const eips[] = {"a", "b"};

enum { CONFIGURATIONS = 60 };

/* Outputs of the two pretrained heads for every configuration. */
static double *outputs(const eipnn_model *model, const eipnn_dataset *dataset)
{
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = EIPNN_PRECISION_DOUBLE;
  options.backend = "ref";
  options.table = 0;
  double *rows = malloc(2 * CONFIGURATIONS * sizeof *rows);
  assert_ok(eipnn_sweep(model, EIPNN_SWEEP_OUTPUTS, dataset, NULL, &options, NULL, rows));
  return rows;
}

static double atoms_of(const eipnn_dataset *dataset, size_t n)
{
  return (double)(eipnn_dataset_first_atom(dataset, n + 1) - eipnn_dataset_first_atom(dataset, n));
}

/* Energies that are the combination first*a + second*b + constant*atoms of the outputs, in the
   training set; elsewhere nonsense that must not be read. */
static void set_energies(eipnn_dataset *dataset, const double *output, double first, double second,
                         double constant)
{
  eipnn_labels *labels = eipnn_dataset_labels(dataset, "dft");
  const uint8_t *role = eipnn_dataset_split(dataset, "s");
  for (size_t n = 0; n < CONFIGURATIONS; n++)
    labels->energy[n] =
        role[n] == EIPNN_ROLE_TRAIN
            ? first * output[2 * n] + second * output[2 * n + 1] + constant * atoms_of(dataset, n)
            : 1e3;
}

static double error_of(const eipnn_model *model, const eipnn_dataset *dataset)
{
  eipnn_calculator_options options;
  eipnn_metrics metrics;
  eipnn_calculator_options_default(&options);
  options.precision = EIPNN_PRECISION_DOUBLE;
  options.backend = "ref";
  options.table = 0;
  assert_ok(
      eipnn_evaluate(model, dataset, "s", EIPNN_ROLE_TRAIN, NAN, NAN, &options, &metrics, NULL));
  return metrics.config_mae;
}

static eipnn_model *pretrained_model(const eipnn_dataset *dataset,
                                     const eipnn_train_options *options)
{
  eipnn_model *model = toy_model(1, 2, eips, 5);
  assert_ok(eipnn_train_fit_output(model, dataset, options));
  return model;
}

/* The mean of the heads, which the penalty pulls towards, is found exactly. */
static void the_mean_of_the_heads_is_found(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(CONFIGURATIONS, 1, 3);
  const eipnn_train_options options = toy_options();
  eipnn_model *pretrained = pretrained_model(dataset, &options);
  eipnn_model *model = toy_model(1, 1, dft, 8);
  double *output = outputs(pretrained, dataset);
  const double shift = -1.5, scale = 0.7;
  set_energies(dataset, output, 0.5 * scale, 0.5 * scale, 0.3 * scale + shift);
  assert_ok(eipnn_model_set_output(model, 0, scale, &shift));
  assert_true(error_of(model, dataset) > 1e-2);
  assert_ok(eipnn_train_combine_heads(model, pretrained, dataset, &options, NULL));
  assert_close(error_of(model, dataset), 0.0, 1e-10);
  assert_close(eipnn_model_scale(model, 0), scale, 0.0);
  assert_close(eipnn_model_shift(model, 0)[0], shift, 0.0);
  free(output);
  eipnn_model_free(&pretrained);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* Normal equations of the penalised fit, worked out here from the head's own weights:
   the gradient of |outputs c - E|^2 + n |c - 1/2|^2 is zero at c. */
static void the_fit_is_the_penalised_minimum(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(CONFIGURATIONS, 1, 3);
  const eipnn_train_options options = toy_options();
  eipnn_model *pretrained = pretrained_model(dataset, &options);
  eipnn_model *model = toy_model(1, 1, dft, 8);
  double *output = outputs(pretrained, dataset), combined[CONFIGURATIONS], gradient[2] = {0};
  const double zero = 0;
  set_energies(dataset, output, 2.0, -0.5, 0.1);
  assert_ok(eipnn_model_set_output(model, 0, 1.0, &zero));
  assert_ok(eipnn_train_combine_heads(model, pretrained, dataset, &options, NULL));
  eipnn_calculator_options exact;
  eipnn_calculator_options_default(&exact);
  exact.precision = EIPNN_PRECISION_DOUBLE;
  exact.backend = "ref";
  exact.table = 0;
  assert_ok(eipnn_sweep(model, EIPNN_SWEEP_OUTPUTS, dataset, NULL, &exact, NULL, combined));
  const uint8_t *role = eipnn_dataset_split(dataset, "s");
  const double *energy = eipnn_dataset_labels(dataset, "dft")->energy;
  double atoms = 0, n_train = 0;
  for (size_t n = 0; n < CONFIGURATIONS; n++) {
    if (role[n] != EIPNN_ROLE_TRAIN) continue;
    for (int k = 0; k < 2; k++) gradient[k] += output[2 * n + k] * (combined[n] - energy[n]);
    atoms += atoms_of(dataset, n) * (combined[n] - energy[n]);
    n_train += 1;
  }
  assert_close(atoms, 0.0, 1e-9); /* the constant is free */
  /* combined = c_a a + c_b b + constant: out weights are c_a w_a + c_b w_b. */
  size_t count;
  const double *to = eipnn_model_weights(model, &count) + count - 6;
  const double *from = eipnn_model_weights(pretrained, &count) + count - 12;
  const double determinant = from[0] * from[3] - from[1] * from[2];
  const double c[2] = {(to[0] * from[3] - to[1] * from[1]) / determinant,
                       (from[0] * to[1] - from[2] * to[0]) / determinant};
  for (int k = 0; k < 2; k++) assert_close(gradient[k] + n_train * (c[k] - 0.5), 0.0, 1e-8);
  free(output);
  eipnn_model_free(&pretrained);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

static void models_that_do_not_fit_are_errors(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(20, 1, 3);
  eipnn_train_options options = toy_options();
  eipnn_model *pretrained = pretrained_model(dataset, &options);
  eipnn_model *two = toy_model(1, 2, eips, 8), *other = toy_model(2, 1, dft, 8);
  eipnn_model *model = toy_model(1, 1, dft, 8);
  assert_fails(eipnn_train_combine_heads(two, pretrained, dataset, &options, NULL),
               EIPNN_ERROR_ARGUMENT, "one head");
  assert_fails(eipnn_train_combine_heads(other, pretrained, dataset, &options, NULL),
               EIPNN_ERROR_ARGUMENT, "species");
  options.split = "nowhere";
  assert_fails(eipnn_train_combine_heads(model, pretrained, dataset, &options, NULL),
               EIPNN_ERROR_ARGUMENT, "nowhere");
  eipnn_model_free(&pretrained);
  eipnn_model_free(&two);
  eipnn_model_free(&other);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_mean_of_the_heads_is_found),
      cmocka_unit_test(the_fit_is_the_penalised_minimum),
      cmocka_unit_test(models_that_do_not_fit_are_errors),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
