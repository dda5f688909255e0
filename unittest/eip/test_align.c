/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <eipnn/eip.h>

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define EIPS 5
#define SILICON 14
#define CARBON 6

static eipnn_labels *eip_labels(eipnn_dataset *dataset, int eip)
{
  char name[16];
  eipnn_labels *labels;
  snprintf(name, sizeof name, "eip/e%d", eip);
  assert_int_equal(eipnn_dataset_add_labels(dataset, name, 0, 0, &labels), EIPNN_OK);
  return labels;
}

/* nsilicon + ncarbon atoms with the DFT energy per atom `dft`, whose EIPs
   scatter by `spread` around `eip` (eV/atom), one of them far off always. */
static void append(eipnn_dataset *dataset, int nsilicon, int ncarbon, double dft, double eip,
                   double spread)
{
  int number[16], natoms = nsilicon + ncarbon;
  double position[16][3] = {{0}};
  for (int i = 0; i < natoms; i++) {
    number[i] = i < nsilicon ? SILICON : CARBON;
    position[i][0] = 3.0 * i;
  }
  eipnn_configuration c = {
      .natoms = natoms, .number = number, .position = (const double(*)[3])position, .tag = ""};
  size_t index = eipnn_dataset_count(dataset);
  assert_int_equal(eipnn_dataset_append(dataset, &c, natoms * dft, NULL, NULL), EIPNN_OK);
  for (int e = 0; e < EIPS; e++)
    eip_labels(dataset, e)->energy[index] =
        natoms * (e == 3 ? eip + 1.3 : eip + spread * (e - 2.0) / 2);
}

static eipnn_dataset *empty_dataset(void)
{
  eipnn_dataset *dataset;
  assert_int_equal(eipnn_dataset_create(&dataset), EIPNN_OK);
  return dataset;
}

static eipnn_alignment align(eipnn_dataset *dataset)
{
  eipnn_alignment fit;
  if (eipnn_align_reference(dataset, NULL, &fit) != EIPNN_OK) fail_msg("%s", eipnn_last_error());
  eipnn_dataset_free(&dataset);
  return fit;
}

/* Like random crystals: only one in twenty is near equilibrium, elsewhere EIPs
   disagree and lie above DFT, and nearly free atoms agree on a wrong zero. */
static void finds_the_zero_among_random_crystals(void **state)
{
  (void)state;
  eipnn_random random;
  eipnn_random_seed(&random, 5, 0);
  eipnn_dataset *dataset = empty_dataset();
  for (int c = 0; c < 600; c++) {
    double noise = 0.02 * eipnn_random_normal(&random);
    if (c % 20 == 0)
      append(dataset, 2, 0, -5.4 + noise, -4.6, 0.03);
    else if (c % 20 == 1)
      append(dataset, 1, 0, -3.3 + noise, -0.001, 0.0001);
    else
      append(dataset, 4, 0, -4.5 + noise, -3.3 - 10 * noise, 0.8);
  }
  eipnn_alignment fit = align(dataset);
  assert_int_equal(fit.nspecies, 1);
  assert_int_equal(fit.species[0], SILICON);
  assert_true(fabs(fit.reference[0] + 0.8) < 0.03);
  assert_int_equal(fit.used, 20);
  assert_true(fit.scatter < 0.03 && fit.agreement > 0.9 && !fit.poor);
}

static void outliers_do_not_pull(void **state)
{
  (void)state;
  eipnn_dataset *dataset = empty_dataset();
  for (int c = 0; c < 20; c++)
    append(dataset, 2, 0, c < 6 ? 2.0 + c : -5.0 + 0.001 * c, -4.5, 0.02);
  eipnn_alignment fit = align(dataset);
  assert_true(fabs(fit.reference[0] + 0.487) < 0.005);
  assert_true(fabs(fit.agreement - 0.7) < 1e-12);
}

static void tells_species_apart(void **state)
{
  (void)state;
  eipnn_dataset *dataset = empty_dataset();
  for (int c = 0; c < 20; c++) {
    int ns = 1 + c % 4, nc = 1 + c % 3;
    append(dataset, ns, nc, -6 + (0.7 * ns - 1.9 * nc) / (ns + nc), -6, 0.01);
  }
  eipnn_alignment fit = align(dataset);
  assert_int_equal(fit.nspecies, 2);
  assert_int_equal(fit.species[0], CARBON);
  assert_true(fabs(fit.reference[0] + 1.9) < 1e-6 && fabs(fit.reference[1] - 0.7) < 1e-6);
  assert_int_equal(fit.poor, 0);
}

/* Always as many atoms of one species as of the other: only the sum is known. */
static void collinear_species_share(void **state)
{
  (void)state;
  eipnn_dataset *dataset = empty_dataset();
  for (int c = 0; c < 20; c++) append(dataset, 1 + c % 3, 1 + c % 3, -7.0, -6, 0.01);
  eipnn_alignment fit = align(dataset);
  assert_true(fabs(fit.reference[0] + 1) < 1e-9 && fabs(fit.reference[1] + 1) < 1e-9);
}

static void poor_fits_are_flagged(void **state)
{
  (void)state;
  eipnn_dataset *dataset = empty_dataset();
  for (int c = 0; c < 40; c++) append(dataset, 2, 0, -5 + 0.05 * c, -4, 0.5);
  assert_int_equal(align(dataset).poor, 1);
  /* carbon is in the dataset, but in no configuration that entered */
  dataset = empty_dataset();
  for (int c = 0; c < 30; c++) append(dataset, 2, 0, -5, -4, 0.01);
  append(dataset, 1, 1, -5, -4, 3.0);
  eipnn_alignment fit = align(dataset);
  assert_int_equal(fit.poor, 1);
  assert_int_equal(fit.species[0], CARBON);
  assert_true(isnan(fit.reference[0])); /* unknown, not zero */
  assert_true(fabs(fit.reference[1] + 1) < 1e-9);
}

static void one_eip_is_fitted_over_all(void **state)
{
  (void)state;
  eipnn_dataset *dataset = empty_dataset();
  for (int c = 0; c < 100; c++) append(dataset, 2, 0, -5 + 0.0001 * c, -4, 0.01);
  for (int e = 1; e < EIPS; e++)
    for (int c = 0; c < 100; c++) eip_labels(dataset, e)->energy[c] = NAN;
  eipnn_alignment fit = align(dataset);
  assert_int_equal(fit.used, 100);
  assert_true(fabs(fit.reference[0] + 0.985) < 0.001);
  assert_int_equal(fit.poor, 1);
}

static int ascending(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(const double *values, int count)
{
  double sorted[64];
  for (int k = 0; k < count; k++) sorted[k] = values[k];
  qsort(sorted, (size_t)count, sizeof *sorted, ascending);
  return 0.5 * (sorted[(count - 1) / 2] + sorted[count / 2]);
}

/* Where the tail on one side ends is a matter of the scale: the fixed point of Tukey's weights
   (1 - u^2)^2, u = r/(4.685 sigma), sigma = 1.4826 median |r|, by its definition. */
static void a_lopsided_tail_is_weighted_as_tukey_does(void **state)
{
  (void)state;
  enum { N = 41 };
  double x[N], distance[N];
  eipnn_dataset *dataset = empty_dataset();
  for (int c = 0; c < N; c++) x[c] = 0.01 * c + (c > 25 ? 0.02 * (c - 25) : 0.0);
  for (int c = 0; c < N; c++) append(dataset, 2, 0, -5 + x[c], -4, 0.0);
  for (int e = 1; e < EIPS; e++)
    for (int c = 0; c < N; c++) eip_labels(dataset, e)->energy[c] = NAN;
  eipnn_alignment fit = align(dataset);
  double location = median(x, N);
  for (int step = 0; step < 200; step++) {
    double sum = 0, weights = 0;
    for (int c = 0; c < N; c++) distance[c] = fabs(x[c] - location);
    const double sigma = 1.4826 * median(distance, N);
    for (int c = 0; c < N; c++) {
      const double u = distance[c] / (4.685 * sigma), w = u < 1 ? (1 - u * u) * (1 - u * u) : 0;
      sum += w * x[c];
      weights += w;
    }
    location = sum / weights;
  }
  assert_true(fabs(fit.reference[0] - (location - 1)) < 1e-6);
}

static void nothing_to_fit_is_an_error(void **state)
{
  (void)state;
  eipnn_alignment fit;
  eipnn_dataset *dataset = empty_dataset();
  assert_int_equal(eipnn_align_reference(dataset, NULL, &fit), EIPNN_ERROR_ARGUMENT);
  append(dataset, 2, 0, NAN, -4, 0.01);
  assert_int_equal(eipnn_align_reference(dataset, NULL, &fit), EIPNN_ERROR_ARGUMENT);
  append(dataset, 2, 0, -5, 3, 0.01); /* unbound */
  assert_int_equal(eipnn_align_reference(dataset, NULL, &fit), EIPNN_ERROR_ARGUMENT);
  eipnn_dataset_free(&dataset);
}

/* Test, pool and unused labels lie elsewhere and must not enter. */
static void only_training_and_validation_enter(void **state)
{
  (void)state;
  uint8_t role[50];
  eipnn_alignment fit;
  eipnn_dataset *dataset = empty_dataset();
  for (int c = 0; c < 50; c++) {
    role[c] = (uint8_t)(c % 5);
    int enters = role[c] == EIPNN_ROLE_TRAIN || role[c] == EIPNN_ROLE_VALIDATION;
    append(dataset, 2, 0, enters ? -5.4 : -7.0, -4.6, 0.01);
  }
  assert_int_equal(eipnn_align_reference(dataset, role, &fit), EIPNN_OK);
  assert_true(fabs(fit.reference[0] + 0.8) < 0.02);
  assert_int_equal(fit.used, 20);
  memset(role, EIPNN_ROLE_TEST, sizeof role);
  assert_int_equal(eipnn_align_reference(dataset, role, &fit), EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "training and validation set"));
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(only_training_and_validation_enter),
      cmocka_unit_test(finds_the_zero_among_random_crystals),
      cmocka_unit_test(outliers_do_not_pull),
      cmocka_unit_test(tells_species_apart),
      cmocka_unit_test(collinear_species_share),
      cmocka_unit_test(poor_fits_are_flagged),
      cmocka_unit_test(one_eip_is_fitted_over_all),
      cmocka_unit_test(a_lopsided_tail_is_weighted_as_tukey_does),
      cmocka_unit_test(nothing_to_fit_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
