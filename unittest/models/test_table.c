/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Radial tables against exact evaluation of every pair, with networks of the
   default size and filters as sharp as trained ones. */
#include "crystal.h"
#include "train/test_support.h"

#define NATOMS 16

static eipnn_model *sharp_model(eipnn_cutoff_function function, int filter_ssp, double sharpness)
{
  const int silicon = 14;
  const char *const dft = "dft";
  eipnn_network_options options;
  eipnn_network_options_default(&options);
  options.cutoff_function = function;
  options.filter_ssp = filter_ssp;
  eipnn_model *model;
  assert_ok(eipnn_model_create(&options, 1, &silicon, 1, &dft, 3, &model));
  double *weights = eipnn_model_weights(model, NULL);
  for (int k = 0; k < eipnn_model_parameter_count(model); k++) {
    const eipnn_parameter_info *info = eipnn_model_parameter(model, k);
    if (!strstr(info->path, "filter1/weight")) continue;
    for (int n = 0; n < info->rows * info->cols; n++)
      weights[info->offset + (size_t)n] *= sharpness;
  }
  return model;
}

static void compute(const eipnn_model *model, eipnn_precision precision, int table, int nodes,
                    const crystal *c, double *energy, double (*forces)[3])
{
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = precision;
  options.table = table;
  options.table_nodes = nodes;
  eipnn_calculator *calculator;
  assert_ok(eipnn_calculator_create(model, &options, &calculator));
  assert_ok(eipnn_calculator_configuration(calculator, &c->configuration, energy, forces, NULL));
  eipnn_calculator_free(&calculator);
}

/* Errors of a table of that many intervals (0: the default), eV/atom and eV/A;
   returns the largest force component. */
static double errors_of(const eipnn_model *model, eipnn_precision precision, int nodes,
                        double *energy_error, double *force_error)
{
  crystal c;
  crystal_silicon(&c, (int[3]){2, 1, 1}, 0.25, 12);
  double exact, energy, exact_forces[NATOMS][3], forces[NATOMS][3];
  compute(model, EIPNN_PRECISION_DOUBLE, 0, 0, &c, &exact, exact_forces);
  compute(model, precision, 1, nodes, &c, &energy, forces);
  *energy_error = fabs(energy - exact) / NATOMS;
  *force_error = 0.0;
  double largest = 0.0;
  for (int i = 0; i < NATOMS; i++)
    for (int k = 0; k < 3; k++) {
      largest = fmax(largest, fabs(exact_forces[i][k]));
      *force_error = fmax(*force_error, fabs(forces[i][k] - exact_forces[i][k]));
    }
  crystal_free(&c);
  return largest;
}

static void default_table_is_accurate(void **state)
{
  (void)state;
  static const eipnn_cutoff_function functions[] = {EIPNN_CUTOFF_COSINE, EIPNN_CUTOFF_POLYNOMIAL,
                                                    EIPNN_CUTOFF_NONE};
  for (int n = 0; n < 3; n++) {
    eipnn_model *model = sharp_model(functions[n], n == 2, 4.0);
    double energy_error, force_error;
    errors_of(model, EIPNN_PRECISION_DOUBLE, 0, &energy_error, &force_error);
    if (!(energy_error < 1e-6) || !(force_error < 1e-5))
      fail_msg("cutoff function %d: %g eV/atom, %g eV/A", n, energy_error, force_error);
    eipnn_model_free(&model);
  }
}

/* The derivative of a table magnifies the rounding of its coefficients: with coefficients
   evaluated in single precision the error would be ten times as large. */
static void single_precision_keeps_the_forces(void **state)
{
  (void)state;
  for (int ssp = 0; ssp < 2; ssp++) {
    eipnn_model *model = sharp_model(EIPNN_CUTOFF_NONE, ssp, 1.0);
    double energy_error, force_error;
    double largest = errors_of(model, EIPNN_PRECISION_MIXED, 0, &energy_error, &force_error);
    assert_true(energy_error < 1e-6);
    if (!(force_error < 5e-6 * largest)) fail_msg("%g of %g eV/A", force_error, largest);
    eipnn_model_free(&model);
  }
}

/* Cubic splines: the error of the forces falls with the third power of the spacing at least. */
static void error_falls_with_the_spacing(void **state)
{
  (void)state;
  eipnn_model *model = sharp_model(EIPNN_CUTOFF_COSINE, 0, 4.0);
  double energy_error[3], force_error[3];
  for (int k = 0; k < 3; k++)
    errors_of(model, EIPNN_PRECISION_DOUBLE, 256 << k, &energy_error[k], &force_error[k]);
  for (int k = 0; k < 2; k++) {
    if (!(force_error[k + 1] < force_error[k] / 6.0))
      fail_msg("%g then %g eV/A", force_error[k], force_error[k + 1]);
    assert_true(energy_error[k + 1] < energy_error[k] / 6.0);
  }
  eipnn_model_free(&model);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(default_table_is_accurate),
      cmocka_unit_test(single_precision_keeps_the_forces),
      cmocka_unit_test(error_falls_with_the_spacing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
