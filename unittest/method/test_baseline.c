/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "labelled_dataset.h"

#include <eipnn/augmentation.h>

#include <string.h>

enum { COUNT = 60 };

/* DFT = 0.7 a - 0.2 b + 3 eV on each silver, 2 on each gold atom. */
static eipnn_dataset *alloy(int forces)
{
  eipnn_dataset *dataset = empty_dataset();
  for (int n = 0; n < COUNT; n++) append_chain(dataset, 2 + n % 3, SILVER, n % 2, GOLD, 0);
  eipnn_labels *dft = NULL, *a = add_eip(dataset, "eip/a", forces);
  eipnn_labels *b = add_eip(dataset, "eip/b", forces);
  MUST(eipnn_dataset_add_labels(dataset, "dft", forces, forces, &dft));
  for (int n = 0; n < COUNT; n++) {
    a->energy[n] = -10 + 2 * sin(1.3 * n);
    b->energy[n] = -8 + 3 * cos(2.9 * n);
    dft->energy[n] =
        0.7 * a->energy[n] - 0.2 * b->energy[n] + 3 * (2 + n % 3 - n % 2) + 2 * (n % 2);
  }
  add_split(dataset, EIPNN_ROLE_TRAIN);
  return dataset;
}

static void exact_coefficients_without_penalty(void **state)
{
  (void)state;
  eipnn_baseline b;
  eipnn_dataset *dataset = alloy(0);
  const double *a_energy = eipnn_dataset_labels(dataset, "eip/a")->energy;
  double *b_energy = eipnn_dataset_labels(dataset, "eip/b")->energy, energy[COUNT];
  eipnn_dataset_labels(dataset, "dft")->energy[4] = NAN;
  b_energy[5] = NAN;
  MUST(eipnn_baseline_fit(dataset, "s", 0, NULL, 0, NAN, NAN, &b));
  assert_int_equal(b.neips, 2);
  assert_string_equal(b.name[1], "eip/b");
  assert_true(fabs(b.coefficient[0] - 0.7) < 1e-9 && fabs(b.coefficient[1] + 0.2) < 1e-9);
  assert_true(fabs(b.shift[0] - 3) < 1e-9 && fabs(b.shift[1] - 2) < 1e-9);
  assert_true(b.mae < 1e-9);
  MUST(eipnn_baseline_energy(&b, dataset, energy));
  assert_true(fabs(energy[4] - (0.7 * a_energy[4] - 0.2 * b_energy[4])) < 1e-9);
  assert_true(isnan(energy[5]));
  eipnn_baseline_free(&b);
  eipnn_dataset_free(&dataset);
}

/* One EIP, one species: the ridge coefficient of a standardised column is the unpenalised one
   over 1 + penalty. */
static void penalty_shrinks(void **state)
{
  (void)state;
  eipnn_baseline b;
  eipnn_dataset *dataset = empty_dataset();
  for (int n = 0; n < 4; n++) append_chain(dataset, 1, SILICON, 0, 0, 5 + 2 * n);
  double *eip = add_eip(dataset, "eip/a", 0)->energy;
  for (int n = 0; n < 4; n++) eip[n] = n;
  add_split(dataset, EIPNN_ROLE_TRAIN);
  MUST(eipnn_baseline_fit(dataset, "s", 0, NULL, 0.25, NAN, NAN, &b));
  assert_true(fabs(b.coefficient[0] - 1.6) < 1e-12);
  /* mean DFT 8 at mean EIP 1.5; residuals 0.4 (n - 1.5) */
  assert_true(fabs(b.shift[0] - 5.6) < 1e-12);
  assert_true(fabs(b.mae - 0.4) < 1e-12);
  eipnn_baseline_free(&b);
  for (int n = 0; n < 4; n++) eip[n] = 3;
  MUST(eipnn_baseline_fit(dataset, "s", 0, NULL, 0, NAN, NAN, &b));
  assert_true(b.coefficient[0] == 0 && fabs(b.shift[0] - 8) < 1e-12);
  eipnn_baseline_free(&b);
  eipnn_dataset_free(&dataset);
}

static void subtracting_leaves_the_difference(void **state)
{
  (void)state;
  eipnn_baseline b;
  eipnn_dataset *dataset = alloy(1);
  eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  eipnn_labels *eip_a = eipnn_dataset_labels(dataset, "eip/a");
  eipnn_labels *eip_b = eipnn_dataset_labels(dataset, "eip/b");
  const size_t last = eipnn_dataset_atom_count(dataset) - 1;
  MUST(eipnn_baseline_fit(dataset, "s", 0, NULL, 0, NAN, 50, &b));
  for (int n = 0; n < COUNT; n++)
    for (int v = 0; v < 6; v++) {
      dft->virial[n][v] = n + v;
      eip_a->virial[n][v] = 1;
      eip_b->virial[n][v] = 2 * v;
    }
  for (size_t i = 0; i <= last; i++)
    for (int d = 0; d < 3; d++) {
      dft->forces[i][d] = 1;
      eip_a->forces[i][d] = (double)i;
      eip_b->forces[i][d] = i == last ? NAN : d;
    }
  eip_b->energy[7] = NAN;
  dft->energy[8] = 1e3; /* outside the window of the fit */
  const size_t eighth = eipnn_dataset_first_atom(dataset, 8);
  MUST(eipnn_baseline_subtract(&b, dataset));
  for (int n = 0; n < COUNT; n++)
    assert_true(n == 7 || n == 8
                    ? isnan(dft->energy[n])
                    : fabs(dft->energy[n] - 3 * (2 + n % 3 - n % 2) - 2 * (n % 2)) < 1e-8);
  assert_true(fabs(dft->forces[5][2] - (1 - 0.7 * 5 + 0.2 * 2)) < 1e-9);
  assert_true(isnan(dft->forces[last][0]) && isnan(dft->forces[eighth][0]));
  assert_true(fabs(dft->virial[9][3] - (12 - 0.7 + 0.2 * 6)) < 1e-9);
  assert_true(isnan(dft->virial[8][0]));
  eipnn_baseline_free(&b);
  eipnn_dataset_free(&dataset);
}

static void chosen_labels_lose_the_baseline_too(void **state)
{
  (void)state;
  double energy[COUNT], weight[COUNT], probability[COUNT], forces[4 * COUNT][3] = {{0}};
  int eip[COUNT] = {0};
  eipnn_augmentation chosen = {.count = COUNT,
                               .selected = COUNT - 1,
                               .eip = eip,
                               .probability = probability,
                               .energy = energy,
                               .weight = weight,
                               .forces = forces};
  eipnn_baseline b;
  eipnn_dataset *dataset = alloy(1);
  eipnn_labels *eip_a = eipnn_dataset_labels(dataset, "eip/a");
  eipnn_labels *eip_b = eipnn_dataset_labels(dataset, "eip/b");
  MUST(eipnn_baseline_fit(dataset, "s", 0, NULL, 0, NAN, NAN, &b));
  for (int n = 0; n < COUNT; n++) energy[n] = n == 5 ? NAN : 1, weight[n] = 1;
  for (size_t i = 0; i < eipnn_dataset_atom_count(dataset); i++)
    for (int d = 0; d < 3; d++) eip_a->forces[i][d] = 1, eip_b->forces[i][d] = 2;
  eip_b->energy[6] = NAN;
  MUST(eipnn_augmentation_subtract(&b, dataset, &chosen));
  assert_int_equal(chosen.selected, COUNT - 2);
  assert_true(eip[6] == -1 && isnan(energy[6]) && weight[6] == 0);
  assert_true(isnan(forces[eipnn_dataset_first_atom(dataset, 6)][0]));
  assert_true(fabs(energy[7] - (1 - 0.7 * eip_a->energy[7] + 0.2 * eip_b->energy[7])) < 1e-8);
  assert_true(fabs(forces[0][2] - (-0.7 + 0.2 * 2)) < 1e-8);
  eipnn_baseline_free(&b);
  eipnn_dataset_free(&dataset);
}

static void errors_and_missing_forces(void **state)
{
  (void)state;
  eipnn_baseline b;
  eipnn_labels *dft;
  const char *only_a[] = {"eip/a"};
  eipnn_dataset *dataset = alloy(0), *other = empty_dataset();
  assert_int_equal(eipnn_baseline_fit(dataset, "s", 0, NULL, -1, NAN, NAN, &b),
                   EIPNN_ERROR_ARGUMENT);
  assert_int_equal(eipnn_baseline_fit(dataset, "t", 0, NULL, 0, NAN, NAN, &b),
                   EIPNN_ERROR_ARGUMENT);
  MUST(eipnn_baseline_fit(dataset, "s", 1, only_a, 0, NAN, NAN, &b));
  assert_int_equal(eipnn_baseline_subtract(&b, other), EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "eip/a"));
  MUST(eipnn_dataset_add_labels(dataset, "dft", 1, 0, &dft));
  dft->forces[0][0] = 1;
  MUST(eipnn_baseline_subtract(&b, dataset));
  assert_true(isfinite(dft->energy[0]) && isnan(dft->forces[0][0])); /* eip/a has no forces */
  eipnn_baseline_free(&b);
  for (int n = 0; n < COUNT; n++)
    eipnn_dataset_labels(dataset, n % 2 ? "eip/a" : "eip/b")->energy[n] = NAN;
  assert_int_equal(eipnn_baseline_fit(dataset, "s", 0, NULL, 0, NAN, NAN, &b),
                   EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "labels of all 2 EIPs"));
  eipnn_dataset_free(&dataset);
  eipnn_dataset_free(&other);
}

/* What a model of delta learning knows about the EIPs beside it, and what they add. */
static void a_model_takes_the_baseline(void **state)
{
  (void)state;
  const int species[] = {SILVER, GOLD};
  const char *const heads[] = {"dft"};
  eipnn_baseline b;
  eipnn_network_options options;
  eipnn_model *model;
  eipnn_dataset *dataset = alloy(0);
  eipnn_labels *eip_a = eipnn_dataset_labels(dataset, "eip/a");
  snprintf(eip_a->provider, sizeof eip_a->provider, "kim");
  snprintf(eip_a->model, sizeof eip_a->model, "EAM_AgAu__MO_1");
  eipnn_network_options_default(&options);
  options.hidden = options.nradial = 4;
  MUST(eipnn_model_create(&options, 2, species, 1, heads, 1, &model));
  double energy = 1, forces[4][3] = {{1}};
  MUST(eipnn_model_add_baseline(model, dataset, 3, &energy, NULL, NULL));
  assert_true(energy == 1);
  MUST(eipnn_baseline_fit(dataset, "s", 0, NULL, 0, NAN, NAN, &b));
  MUST(eipnn_baseline_store(&b, dataset, model));
  assert_int_equal(eipnn_model_baseline_count(model), 2);
  assert_string_equal(eipnn_model_baseline_name(model, 1), "eip/b");
  assert_true(eipnn_model_baseline_coefficient(model, 1) == b.coefficient[1]);
  assert_string_equal(eipnn_model_baseline_source(model, 0), "kim EAM_AgAu__MO_1");
  assert_string_equal(eipnn_model_baseline_source(model, 1), "");
  MUST(eipnn_model_add_baseline(model, dataset, 3, &energy, forces, NULL));
  const double b_energy = eipnn_dataset_labels(dataset, "eip/b")->energy[3];
  assert_true(fabs(energy - (1 + 0.7 * eip_a->energy[3] - 0.2 * b_energy)) < 1e-8);
  assert_true(isnan(forces[0][0])); /* the EIPs have no forces */
  eipnn_model_free(&model);
  eipnn_baseline_free(&b);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(exact_coefficients_without_penalty),
      cmocka_unit_test(penalty_shrinks),
      cmocka_unit_test(subtracting_leaves_the_difference),
      cmocka_unit_test(chosen_labels_lose_the_baseline_too),
      cmocka_unit_test(errors_and_missing_forces),
      cmocka_unit_test(a_model_takes_the_baseline),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
