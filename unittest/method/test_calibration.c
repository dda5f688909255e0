/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "labelled_dataset.h"

#include "base/random.h"

#include <eipnn/calibration.h>

#include <string.h>

enum { COUNT = 100 };

/* DFT per atom -5 ... -3; EIP such that DFT = slope EIP + shift, with noise; each `every`th EIP
   energy is far off. */
static eipnn_dataset *silicon(double slope, double shift, double noise, int every)
{
  eipnn_dataset *dataset = empty_dataset();
  eipnn_random random;
  eipnn_random_seed(&random, 7, 0);
  for (int n = 0; n < COUNT; n++) append_chain(dataset, 1 + n % 4, SILICON, 0, 0, 0);
  eipnn_labels *eip = add_eip(dataset, "eip/a", 0), *dft = eipnn_dataset_labels(dataset, "dft");
  for (int n = 0; n < COUNT; n++) {
    const int natoms = 1 + n % 4;
    const double energy = -5 + 2 * eipnn_random_uniform(&random);
    const double wrong = every && n % every == 0 ? (n % 2 ? 3.0 : 1e8) : 0;
    dft->energy[n] = natoms * energy;
    eip->energy[n] =
        natoms * ((energy - shift) / slope + noise * eipnn_random_normal(&random) + wrong);
  }
  add_split(dataset, EIPNN_ROLE_TRAIN);
  return dataset;
}

static void slope_and_shift_are_recovered(void **state)
{
  (void)state;
  eipnn_calibration c;
  eipnn_dataset *dataset = silicon(0.6, -1.9, 0, 0);
  double energy[COUNT];
  MUST(eipnn_calibration_fit(dataset, "s", 0, NULL, NAN, NAN, &c));
  assert_int_equal(c.neips, 1);
  assert_string_equal(c.name[0], "eip/a");
  assert_int_equal(c.nspecies, 1);
  assert_true(fabs(c.slope[0] - 0.6) < 1e-9 && fabs(c.shift[0] + 1.9) < 1e-9);
  assert_true(c.scatter[0] < 1e-9);
  assert_int_equal(c.used[0], COUNT);
  MUST(eipnn_calibration_apply(&c, dataset, energy));
  for (int n = 0; n < COUNT; n++)
    assert_true(fabs(energy[n] - eipnn_dataset_labels(dataset, "dft")->energy[n]) < 1e-8);
  eipnn_calibration_free(&c);
  eipnn_dataset_free(&dataset);
}

static void a_fifth_of_outliers_does_not_pull(void **state)
{
  (void)state;
  eipnn_calibration c;
  eipnn_dataset *dataset = silicon(0.6, -1.9, 0.01, 5);
  MUST(eipnn_calibration_fit(dataset, "s", 0, NULL, NAN, NAN, &c));
  assert_true(fabs(c.slope[0] - 0.6) < 0.01 && fabs(c.shift[0] + 1.9) < 0.04);
  assert_true(c.scatter[0] > 0.002 && c.scatter[0] < 0.01);
  assert_int_equal(c.used[0], COUNT);
  eipnn_calibration_free(&c);
  eipnn_dataset_free(&dataset);
}

/* The pool's and the test set's DFT labels, and those outside the window, must not be seen. */
static void only_training_and_validation_enter(void **state)
{
  (void)state;
  eipnn_calibration c;
  eipnn_dataset *dataset = silicon(0.6, -1.9, 0, 0);
  uint8_t *role = eipnn_dataset_split(dataset, "s");
  double *dft = eipnn_dataset_labels(dataset, "dft")->energy;
  const eipnn_role hidden[] = {EIPNN_ROLE_UNUSED, EIPNN_ROLE_TEST, EIPNN_ROLE_POOL};
  for (int n = 0; n < COUNT; n++) {
    role[n] = (uint8_t)(n % 5 == 0 ? EIPNN_ROLE_VALIDATION : EIPNN_ROLE_TRAIN);
    if (n % 5 > 1) role[n] = (uint8_t)hidden[n % 3];
    if (n % 5 > 1) dft[n] *= 0.5;
    if (n == 0) dft[n] = 40;
  }
  MUST(eipnn_calibration_fit(dataset, "s", 0, NULL, NAN, 0, &c));
  assert_int_equal(c.used[0], 39);
  assert_true(fabs(c.slope[0] - 0.6) < 1e-9 && fabs(c.shift[0] + 1.9) < 1e-9);
  eipnn_calibration_free(&c);
  eipnn_dataset_free(&dataset);
}

/* Nine labels do not fit two unknowns: slope 1 and the reference energy stay. */
static void too_few_labels_keep_the_reference(void **state)
{
  (void)state;
  eipnn_calibration c;
  eipnn_dataset *dataset = silicon(0.6, -1.9, 0, 0);
  double *eip = eipnn_dataset_labels(dataset, "eip/a")->energy, energy[COUNT];
  MUST(eipnn_dataset_set_reference_energy(dataset, SILICON, -0.8));
  for (int n = 9; n < COUNT; n++) eip[n] = NAN;
  MUST(eipnn_calibration_fit(dataset, "s", 0, NULL, NAN, NAN, &c));
  assert_true(c.slope[0] == 1 && c.shift[0] == -0.8 && isnan(c.scatter[0]));
  assert_int_equal(c.used[0], 9);
  MUST(eipnn_calibration_apply(&c, dataset, energy));
  assert_true(fabs(energy[3] - (eip[3] - 4 * 0.8)) < 1e-12 && isnan(energy[9]));
  eipnn_calibration_free(&c);
  MUST(eipnn_calibration_reference(dataset, 0, NULL, &c));
  assert_true(c.slope[0] == 1 && c.shift[0] == -0.8 && isnan(c.scatter[0]));
  eipnn_calibration_free(&c);
  eipnn_dataset_free(&dataset);
}

/* Silver and gold in varying shares; eip/b knows only silver. */
static eipnn_dataset *alloy(void)
{
  eipnn_dataset *dataset = empty_dataset();
  for (int n = 0; n < COUNT; n++) append_chain(dataset, 4, SILVER, n % 5, GOLD, 0);
  double *a = add_eip(dataset, "eip/a", 0)->energy;
  double *dft = eipnn_dataset_labels(dataset, "dft")->energy;
  for (int n = 0; n < COUNT; n++) {
    const int gold = n % 5;
    a[n] = -12 + 3 * sin(1.7 * n);
    dft[n] = 0.9 * a[n] - 0.2 * (4 - gold) - 0.5 * gold;
  }
  double *b = add_eip(dataset, "eip/b", 0)->energy;
  for (int n = 0; n < COUNT; n += 5) b[n] = (dft[n] - 4 * 0.3) / 1.2;
  add_split(dataset, EIPNN_ROLE_TRAIN);
  return dataset;
}

static void two_species_have_two_shifts(void **state)
{
  (void)state;
  eipnn_calibration c;
  eipnn_dataset *dataset = alloy();
  double energy[COUNT][2];
  MUST(eipnn_calibration_fit(dataset, "s", 0, NULL, NAN, NAN, &c));
  assert_int_equal(c.nspecies, 2);
  assert_true(c.species[0] == SILVER && c.species[1] == GOLD);
  assert_true(fabs(c.slope[0] - 0.9) < 1e-9);
  assert_true(fabs(c.shift[0] + 0.2) < 1e-9 && fabs(c.shift[1] + 0.5) < 1e-9);
  assert_int_equal(c.used[1], 20);
  assert_true(fabs(c.slope[1] - 1.2) < 1e-9 && fabs(c.shift[2] - 0.3) < 1e-9);
  assert_true(isnan(c.shift[3])); /* no label of eip/b tells about gold */
  MUST(eipnn_calibration_apply(&c, dataset, energy[0]));
  for (int n = 0; n < COUNT; n++) {
    const double dft = eipnn_dataset_labels(dataset, "dft")->energy[n];
    assert_true(fabs(energy[n][0] - dft) < 1e-8);
    assert_true(n % 5 ? isnan(energy[n][1]) : fabs(energy[n][1] - dft) < 1e-8);
  }
  eipnn_calibration_free(&c);
  eipnn_dataset_free(&dataset);
}

/* One composition throughout: the shifts of both species move alike from their references. */
static void equal_compositions_share(void **state)
{
  (void)state;
  eipnn_calibration c;
  eipnn_dataset *dataset = empty_dataset();
  for (int n = 0; n < COUNT; n++) append_chain(dataset, 4, SILVER, 2, GOLD, 0);
  double *a = add_eip(dataset, "eip/a", 0)->energy;
  double *dft = eipnn_dataset_labels(dataset, "dft")->energy;
  for (int n = 0; n < COUNT; n++) {
    a[n] = -12 + 3 * sin(1.7 * n);
    dft[n] = 1.1 * a[n] + 2 * -0.5 + 2 * -0.9;
  }
  add_split(dataset, EIPNN_ROLE_VALIDATION);
  MUST(eipnn_dataset_set_reference_energy(dataset, SILVER, -0.3));
  MUST(eipnn_dataset_set_reference_energy(dataset, GOLD, -0.5));
  MUST(eipnn_calibration_fit(dataset, "s", 0, NULL, NAN, NAN, &c));
  assert_true(fabs(c.slope[0] - 1.1) < 1e-9);
  assert_true(fabs(c.shift[0] + 0.6) < 1e-9 && fabs(c.shift[1] + 0.8) < 1e-9);
  eipnn_calibration_free(&c);
  eipnn_dataset_free(&dataset);
}

static void errors_name_what_is_missing(void **state)
{
  (void)state;
  eipnn_calibration c;
  eipnn_dataset *dataset = silicon(1, 0, 0, 0);
  const char *missing[] = {"eip/a", "eip/x", "eip/y"}, *dft[] = {"dft"},
             *twice[] = {"eip/a", "eip/a"};
  assert_int_equal(eipnn_calibration_fit(dataset, "t", 0, NULL, NAN, NAN, &c),
                   EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "no split 't'"));
  assert_int_equal(eipnn_calibration_fit(dataset, "s", 3, missing, NAN, NAN, &c),
                   EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "eip/x, eip/y"));
  assert_int_equal(eipnn_calibration_reference(dataset, 1, dft, &c), EIPNN_ERROR_ARGUMENT);
  assert_int_equal(eipnn_calibration_reference(dataset, 2, twice, &c), EIPNN_ERROR_ARGUMENT);
  assert_int_equal(eipnn_calibration_fit(dataset, "s", 0, NULL, 5, NAN, &c), EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "energy window"));
  assert_null(c.slope);
  eipnn_dataset_free(&dataset);
  dataset = empty_dataset();
  assert_int_equal(eipnn_calibration_reference(dataset, 0, NULL, &c), EIPNN_ERROR_ARGUMENT);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(slope_and_shift_are_recovered),
      cmocka_unit_test(a_fifth_of_outliers_does_not_pull),
      cmocka_unit_test(only_training_and_validation_enter),
      cmocka_unit_test(too_few_labels_keep_the_reference),
      cmocka_unit_test(two_species_have_two_shifts),
      cmocka_unit_test(equal_compositions_share),
      cmocka_unit_test(errors_name_what_is_missing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
