/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "labelled_dataset.h"

#include <eipnn/augmentation.h>

/* Two atoms each, DFT -10 eV but for one unknown; limit 0.1 eV/atom, 0.2 eV in all. */
static const double energy[5][2] = {
    {-10.1, -11}, {-9.4, -10.04}, {-9, -9.5}, {-10.15, -10.4}, {-10, -10}};
static const double probability[5][3] = {
    {0.95, 0.05, 0}, /* class 0, right; label off by 0.05 eV/atom */
    {0.55, 0.45, 0}, /* class 1, wrong: 0.3 eV/atom, an outlier */
    {0.1, 0.1, 0.8}, /* none, right; no label */
    {0.5, 0.3, 0.2}, /* class 0, right: 0.075 eV/atom */
    {1, 0, 0},
};

static eipnn_dataset *pool(void)
{
  eipnn_dataset *dataset = empty_dataset();
  for (int n = 0; n < 5; n++) append_chain(dataset, 2, SILICON, 0, 0, n == 4 ? NAN : -10);
  add_eip(dataset, "eip/a", 0);
  add_eip(dataset, "eip/b", 0);
  add_split(dataset, EIPNN_ROLE_POOL);
  return dataset;
}

static int near(double value, double expected)
{
  return fabs(value - expected) < 1e-12;
}

static void figures_worked_out_by_hand(void **state)
{
  (void)state;
  eipnn_dataset *dataset = pool();
  eipnn_calibration calibration;
  eipnn_augmentation_options options;
  eipnn_augmentation augmentation;
  eipnn_augmentation_report r;
  eipnn_augmentation_options_default(&options);
  options.split = "s";
  MUST(eipnn_calibration_reference(dataset, 0, NULL, &calibration));
  MUST(eipnn_augmentation_choose(dataset, &calibration, energy[0], probability[0], &options,
                                 &augmentation));
  MUST(eipnn_augmentation_assess(dataset, "s", EIPNN_ROLE_POOL, 2, energy[0], probability[0], 0.1,
                                 &augmentation, &r));
  assert_true(r.configurations == 4 && r.correct == 3 && r.majority == 2);
  assert_true(r.labelled == 3 && r.outliers == 1);
  assert_true(near(r.label_mae, (0.05 + 0.3 + 0.075) / 3));
  assert_true(near(r.best_mae, (0.05 + 0.02 + 0.25 + 0.075) / 4));
  assert_true(r.group_count[9] == 1 && r.group_correct[9] == 1 && near(r.group_mae[9], 0.05));
  assert_true(r.group_count[8] == 1 && r.group_correct[8] == 1 && isnan(r.group_mae[8]));
  assert_true(r.group_count[5] == 2 && r.group_correct[5] == 1);
  assert_true(near(r.group_mae[5], (0.3 + 0.075) / 2));
  assert_true(r.group_count[0] == 0 && isnan(r.group_mae[0]));
  eipnn_augmentation_free(&augmentation);
  eipnn_calibration_free(&calibration);
  eipnn_dataset_free(&dataset);
}

static void classes_alone_and_empty_roles(void **state)
{
  (void)state;
  eipnn_dataset *dataset = pool();
  eipnn_augmentation_report r;
  MUST(eipnn_augmentation_assess(dataset, "s", EIPNN_ROLE_POOL, 2, energy[0], probability[0], 0.1,
                                 NULL, &r));
  assert_true(r.correct == 3 && r.labelled == 0 && isnan(r.label_mae));
  MUST(eipnn_augmentation_assess(dataset, "s", EIPNN_ROLE_TEST, 2, energy[0], probability[0], 0.1,
                                 NULL, &r));
  assert_true(r.configurations == 0 && isnan(r.best_mae));
  assert_int_equal(eipnn_augmentation_assess(dataset, "t", EIPNN_ROLE_TEST, 2, energy[0],
                                             probability[0], 0.1, NULL, &r),
                   EIPNN_ERROR_ARGUMENT);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(figures_worked_out_by_hand),
                                     cmocka_unit_test(classes_alone_and_empty_roles)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
