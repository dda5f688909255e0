/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/toy.h"

static const char *const heads[] = {"dft"};

static eipnn_calculator_options exact(void)
{
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = EIPNN_PRECISION_DOUBLE;
  options.backend = "ref";
  options.table = 0;
  return options;
}

/* Every fifth of 20 configurations is a test one; the others are not predicted. */
static void assert_predictions(const double predicted[20], const double energies[20])
{
  for (size_t n = 0; n < 20; n++) {
    if (n % 5 == 4)
      assert_close(predicted[n], energies[n], 1e-12);
    else
      assert_true(isnan(predicted[n]));
  }
}

/* Errors counted by hand from the predictions of the calculator. */
static void errors_against_dft(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(20, 1, 8);
  eipnn_model *model = toy_model(1, 1, heads, 1);
  const eipnn_calculator_options options = exact();
  eipnn_calculator *calculator;
  assert_ok(eipnn_calculator_create(model, &options, &calculator));
  const eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  double config = 0, atom = 0, shift = 0, config_square = 0, force = 0, virial_square = 0;
  double predicted[20], energies[20];
  size_t components = 0, compared = 0;
  for (size_t n = 4; n < 20; n += 5, compared++) {
    eipnn_configuration c;
    double forces[4][3], virial[6];
    assert_ok(eipnn_dataset_get(dataset, n, &c));
    assert_ok(eipnn_calculator_configuration(calculator, &c, &energies[n], forces, virial));
    const double error = energies[n] - dft->energy[n];
    config += fabs(error);
    config_square += error * error;
    atom += fabs(error) / c.natoms;
    shift += error / c.natoms;
    for (int i = 0; i < c.natoms; i++)
      for (int k = 0; k < 3; k++, components++)
        force +=
            fabs(forces[i][k] - dft->forces[eipnn_dataset_first_atom(dataset, n) + (size_t)i][k]);
    for (int k = 0; k < 6; k++) virial_square += pow((virial[k] - dft->virial[n][k]) / c.natoms, 2);
  }
  eipnn_metrics m;
  assert_ok(
      eipnn_evaluate(model, dataset, "s", EIPNN_ROLE_TEST, NAN, NAN, &options, &m, predicted));
  assert_int_equal(m.configurations, compared);
  assert_close(m.config_mae, config / 4, 1e-12);
  assert_close(m.atom_mae, atom / 4, 1e-12);
  assert_close(m.atom_shift, shift / 4, 1e-12);
  assert_close(m.config_rmse, sqrt(config_square / 4), 1e-12);
  assert_int_equal(m.forces, components);
  assert_close(m.force_mae, force / (double)components, 1e-12);
  assert_int_equal(m.virials, 24);
  assert_close(m.virial_rmse, sqrt(virial_square / 24), 1e-12);
  assert_predictions(predicted, energies);
  eipnn_calculator_free(&calculator);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

static void window_and_missing_labels_drop_out(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(20, 1, 8);
  eipnn_model *model = toy_model(1, 1, heads, 1);
  const eipnn_calculator_options options = exact();
  eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  dft->energy[4] = NAN;
  dft->energy[9] = 1e5;
  eipnn_metrics m;
  double predicted[20];
  assert_ok(
      eipnn_evaluate(model, dataset, "s", EIPNN_ROLE_TEST, NAN, 100, &options, &m, predicted));
  assert_int_equal(m.configurations, 2);
  assert_true(isfinite(predicted[4])); /* unlabelled: predicted, not compared */
  assert_true(isnan(predicted[9]));
  assert_ok(eipnn_evaluate(model, dataset, NULL, EIPNN_ROLE_UNUSED, NAN, 100, &options, &m, NULL));
  assert_int_equal(m.configurations, 18);
  assert_fails(eipnn_evaluate(model, dataset, "s", EIPNN_ROLE_TEST, 1e6, NAN, &options, &m, NULL),
               EIPNN_ERROR_ARGUMENT, "role test");
  assert_fails(eipnn_evaluate(model, dataset, "t", EIPNN_ROLE_TEST, NAN, NAN, &options, &m, NULL),
               EIPNN_ERROR_ARGUMENT, "'t'");
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* eip/a is DFT's pair potential at another strength: with a reference energy that makes up for
   a constant, "b" becomes exact. */
static void eips_are_compared_from_one_zero(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(20, 1, 8);
  eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  eipnn_labels *b = eipnn_dataset_labels(dataset, "eip/b");
  double error = 0;
  for (size_t n = 0; n < 20; n++) {
    const double natoms =
        (double)(eipnn_dataset_first_atom(dataset, n + 1) - eipnn_dataset_first_atom(dataset, n));
    b->energy[n] = dft->energy[n] + 0.75 * natoms;
    if (n % 5 == 4)
      error +=
          fabs(eipnn_dataset_labels(dataset, "eip/a")->energy[n] - 0.75 * natoms - dft->energy[n]) /
          4;
  }
  assert_ok(eipnn_dataset_set_reference_energy(dataset, 14, -0.75));
  eipnn_metrics *metrics;
  const char **names;
  int count, best;
  assert_ok(eipnn_evaluate_eips(dataset, "s", EIPNN_ROLE_TEST, NAN, NAN, &metrics, &names, &count,
                                &best));
  assert_int_equal(count, 2);
  assert_int_equal(best, 1);
  assert_string_equal(names[1], "eip/b");
  assert_close(metrics[1].config_mae, 0.0, 1e-12);
  assert_close(metrics[0].config_mae, error, 1e-12);
  assert_true(metrics[0].forces > 0 && metrics[0].virials == 24 && metrics[1].forces == 0);
  assert_true(isnan(metrics[1].force_mae));
  free(metrics);
  free((void *)names);
  for (size_t n = 0; n < 20; n++) b->energy[n] = NAN;
  assert_ok(eipnn_evaluate_eips(dataset, "s", EIPNN_ROLE_TEST, NAN, NAN, &metrics, &names, &count,
                                &best));
  assert_int_equal(best, 0);
  assert_int_equal(metrics[1].configurations, 0);
  free(metrics);
  free((void *)names);
  eipnn_dataset_free(&dataset);
}

/* The same model with a baseline of two EIPs: its errors are those against what the EIPs leave. */
static void a_baseline_is_added(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(20, 1, 8);
  eipnn_model *model = toy_model(1, 1, heads, 1);
  const eipnn_calculator_options options = exact();
  const char *const names[2] = {"eip/x", "eip/y"};
  const double coefficients[2] = {0.5, -2};
  eipnn_metrics plain, m;
  eipnn_labels *x, *y, *dft = eipnn_dataset_labels(dataset, "dft");
  double predicted[20], network[20];
  assert_ok(eipnn_dataset_add_labels(dataset, "eip/x", 1, 1, &x));
  assert_ok(eipnn_model_set_baseline(model, 2, names, coefficients));
  assert_fails(eipnn_evaluate(model, dataset, "s", EIPNN_ROLE_TEST, NAN, NAN, &options, &m, NULL),
               EIPNN_ERROR_ARGUMENT, "lacks the labels eip/y");
  assert_ok(eipnn_dataset_add_labels(dataset, "eip/y", 1, 1, &y));
  assert_fails(eipnn_evaluate(model, dataset, "s", EIPNN_ROLE_TEST, NAN, NAN, &options, &m, NULL),
               EIPNN_ERROR_ARGUMENT, "baseline (4 lack some)");
  for (size_t n = 0; n < 20; n++) {
    x->energy[n] = (double)n;
    y->energy[n] = n == 4 ? NAN : 1;
    for (int k = 0; k < 6; k++) x->virial[n][k] = k, y->virial[n][k] = 1;
  }
  for (size_t i = 0; i < eipnn_dataset_atom_count(dataset); i++)
    for (int k = 0; k < 3; k++) x->forces[i][k] = k, y->forces[i][k] = 1;
  assert_ok(
      eipnn_evaluate(model, dataset, "s", EIPNN_ROLE_TEST, NAN, NAN, &options, &m, predicted));
  /* By hand: a model without baseline against labels from which the baseline was taken. */
  dft->energy[4] = NAN;
  for (size_t n = 0; n < 20; n++) {
    dft->energy[n] -= 0.5 * (double)n - 2;
    for (int k = 0; k < 6; k++) dft->virial[n][k] -= 0.5 * k - 2;
  }
  for (size_t i = 0; i < eipnn_dataset_atom_count(dataset); i++)
    for (int k = 0; k < 3; k++) dft->forces[i][k] -= 0.5 * k - 2;
  for (int k = 0; k < 3; k++) dft->forces[eipnn_dataset_first_atom(dataset, 4)][k] = NAN;
  assert_ok(eipnn_model_set_baseline(model, 0, NULL, NULL));
  assert_ok(
      eipnn_evaluate(model, dataset, "s", EIPNN_ROLE_TEST, NAN, NAN, &options, &plain, network));
  assert_true(m.configurations == 3 && m.left_out == 1 && plain.left_out == 0);
  assert_true(isnan(predicted[4]));
  assert_close(predicted[9], network[9] + 4.5 - 2, 1e-12);
  assert_close(m.config_mae, plain.config_mae, 1e-10);
  assert_close(m.force_mae, plain.force_mae, 1e-10);
  assert_close(m.virial_rmse, plain.virial_rmse, 1e-10);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(errors_against_dft),
      cmocka_unit_test(window_and_missing_labels_drop_out),
      cmocka_unit_test(eips_are_compared_from_one_zero),
      cmocka_unit_test(a_baseline_is_added),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
