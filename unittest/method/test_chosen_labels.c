/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "labelled_dataset.h"

#include <eipnn/augmentation.h>

#include <string.h>

enum { COUNT = 6, ATOMS = 2 };

/* EIP a has slope 0.5, b slope 2. Configuration 5 is not of the pool. */
static const double label_energy[COUNT][2] = {{-8, -9},  {-8, -9}, {-8, -9},
                                              {NAN, -9}, {-8, -9}, {-8, -9}};
static const double probability[COUNT][3] = {{0.5, 0.3, 0.2}, {0.2, 0.2, 0.6}, {0.1, 0.9, 0},
                                             {0.7, 0.2, 0.1}, {0.5, 0.5, 0},   {1, 0, 0}};

typedef struct fixture {
  eipnn_dataset *dataset;
  eipnn_calibration calibration;
  eipnn_augmentation_options options;
  eipnn_augmentation augmentation;
} fixture;

static fixture make(void)
{
  fixture f = {.dataset = empty_dataset()};
  for (int n = 0; n < COUNT; n++) append_chain(f.dataset, ATOMS, SILICON, 0, 0, NAN);
  eipnn_labels *a = add_eip(f.dataset, "eip/a", 1), *b = add_eip(f.dataset, "eip/b", 1);
  for (int n = 0; n < COUNT; n++)
    for (int i = 0; i < 3 * ATOMS; i++) {
      a->forces[n * ATOMS + i / 3][i % 3] = 1 + i;
      b->forces[n * ATOMS + i / 3][i % 3] = n == 4 ? NAN : 10;
      a->virial[n][i] = 4;
      b->virial[n][i] = i;
    }
  MUST(eipnn_calibration_reference(f.dataset, 0, NULL, &f.calibration));
  f.calibration.slope[0] = 0.5;
  f.calibration.slope[1] = 2;
  add_split(f.dataset, EIPNN_ROLE_POOL)[5] = EIPNN_ROLE_TEST;
  eipnn_augmentation_options_default(&f.options);
  f.options.split = "s";
  return f;
}

static const eipnn_augmentation *choose(fixture *f)
{
  eipnn_augmentation_free(&f->augmentation);
  MUST(eipnn_augmentation_choose(f->dataset, &f->calibration, label_energy[0], probability[0],
                                 &f->options, &f->augmentation));
  return &f->augmentation;
}

static void release(fixture *f)
{
  eipnn_augmentation_free(&f->augmentation);
  eipnn_calibration_free(&f->calibration);
  eipnn_dataset_free(&f->dataset);
}

static void the_likeliest_eip_is_taken(void **state)
{
  (void)state;
  fixture f = make();
  const eipnn_augmentation *a = choose(&f);
  const int eip[COUNT] = {0, -1, 1, 1, 0, -1};
  const double energy[COUNT] = {-8, NAN, -9, -9, -8, NAN};
  const double chosen[COUNT] = {0.5, 0.6, 0.9, 0.2, 0.5, NAN};
  assert_int_equal(a->count, COUNT);
  assert_int_equal(a->selected, 4);
  assert_null(a->forces);
  for (int n = 0; n < COUNT; n++) {
    assert_int_equal(a->eip[n], eip[n]);
    assert_true(a->energy[n] == energy[n] || (isnan(a->energy[n]) && isnan(energy[n])));
    assert_true(a->probability[n] == chosen[n] || (isnan(a->probability[n]) && isnan(chosen[n])));
    assert_true(a->weight[n] == (eip[n] < 0 ? 0 : 1));
  }
  release(&f);
}

static void threshold_and_confidence(void **state)
{
  (void)state;
  fixture f = make();
  f.options.threshold = 0.5;
  f.options.confidence_weights = 1;
  const eipnn_augmentation *a = choose(&f);
  assert_int_equal(a->selected, 3); /* 0.5 is believed, 0.2 is not */
  assert_true(a->weight[0] == 0.5 && a->weight[2] == 0.9 && a->weight[3] == 0);
  assert_int_equal(a->eip[3], -1);
  release(&f);
}

static void expected_label_is_the_mean(void **state)
{
  (void)state;
  fixture f = make();
  f.options.label = EIPNN_LABEL_EXPECTED;
  const eipnn_augmentation *a = choose(&f);
  assert_true(fabs(a->energy[0] - (0.5 * -8 + 0.3 * -9) / 0.8) < 1e-12);
  assert_true(isnan(a->energy[1]));
  assert_true(fabs(a->energy[2] + 8.9) < 1e-12);
  assert_true(fabs(a->energy[3] + 9) < 1e-12); /* the only one with a label */
  assert_int_equal(a->eip[0], 0);
  release(&f);
}

static void forces_follow_the_slope(void **state)
{
  (void)state;
  fixture f = make();
  f.options.forces = 1;
  const eipnn_augmentation *a = choose(&f);
  assert_true(a->forces[0][0] == 0.5 && a->forces[1][2] == 3 && a->virial[0][5] == 2);
  assert_true(isnan(a->forces[2][0]) && isnan(a->virial[1][0]));
  assert_true(a->forces[4][1] == 20 && a->virial[2][3] == 6);
  assert_true(isnan(a->forces[11][0]));
  f.options.label = EIPNN_LABEL_EXPECTED;
  a = choose(&f);
  assert_true(fabs(a->forces[0][1] - (0.5 * 0.5 * 2 + 0.3 * 2 * 10) / 0.8) < 1e-12);
  assert_true(fabs(a->virial[0][3] - (0.5 * 0.5 * 4 + 0.3 * 2 * 3) / 0.8) < 1e-12);
  assert_true(isnan(a->forces[8][0])); /* b's are missing there */
  release(&f);
}

static void labels_outside_the_window_are_left_out(void **state)
{
  (void)state;
  fixture f = make();
  f.options.energy_maximum = -4.25; /* eV/atom: -8/2 lies above, -9/2 below */
  const eipnn_augmentation *a = choose(&f);
  assert_int_equal(a->selected, 2);
  assert_true(a->eip[0] == -1 && isnan(a->energy[0]) && a->energy[2] == -9);
  release(&f);
}

static void bad_options_are_errors(void **state)
{
  (void)state;
  fixture f = make();
  f.options.threshold = 1.5;
  assert_int_equal(eipnn_augmentation_choose(f.dataset, &f.calibration, label_energy[0],
                                             probability[0], &f.options, &f.augmentation),
                   EIPNN_ERROR_ARGUMENT);
  f.options.threshold = 0;
  f.options.split = "t";
  assert_int_equal(eipnn_augmentation_choose(f.dataset, &f.calibration, label_energy[0],
                                             probability[0], &f.options, &f.augmentation),
                   EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "'t'"));
  release(&f);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_likeliest_eip_is_taken),
      cmocka_unit_test(threshold_and_confidence),
      cmocka_unit_test(expected_label_is_the_mean),
      cmocka_unit_test(forces_follow_the_slope),
      cmocka_unit_test(labels_outside_the_window_are_left_out),
      cmocka_unit_test(bad_options_are_errors),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
