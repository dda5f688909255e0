/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strained and rattled copies. */
#include "sample_dataset.h"

#include <eipnn/neighbor.h>
#include <eipnn/pool.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void assert_near(double value, double expected, double tolerance)
{
  if (!(fabs(value - expected) <= tolerance))
    fail_msg("%.15g is not %.15g within %g", value, expected, tolerance);
}

static eipnn_dataset *prototypes(const char *material)
{
  eipnn_dataset *dataset;
  assert_int_equal(eipnn_dataset_create(&dataset), EIPNN_OK);
  assert_int_equal(eipnn_dataset_append_prototypes(dataset, material), EIPNN_OK);
  return dataset;
}

static eipnn_dataset *perturbed(const eipnn_dataset *source, const eipnn_perturb_options *options,
                                eipnn_perturb_report *report)
{
  eipnn_dataset *pool;
  assert_int_equal(eipnn_dataset_create(&pool), EIPNN_OK);
  assert_int_equal(eipnn_dataset_perturb(source, options, pool, report), EIPNN_OK);
  return pool;
}

static eipnn_configuration get(const eipnn_dataset *dataset, size_t index)
{
  eipnn_configuration c;
  assert_int_equal(eipnn_dataset_get(dataset, index, &c), EIPNN_OK);
  return c;
}

static double determinant(const double m[3][3])
{
  return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
         m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
         m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

/* deformation: of the rows of `from` into those of `to`; from is diagonal. */
static void deformation_of_cell(const double from[3][3], const double to[3][3],
                                double deformation[3][3])
{
  for (int a = 0; a < 3; a++)
    for (int b = 0; b < 3; b++) deformation[a][b] = to[b][a] / from[b][b];
}

static double shortest(const eipnn_configuration *c, double cutoff)
{
  eipnn_pair_list pairs = {0};
  double least = cutoff;
  assert_int_equal(eipnn_pair_list_build(&pairs, c, cutoff), EIPNN_OK);
  for (int p = 0; p < pairs.npair; p++) {
    const double *v = pairs.vec[p];
    least = fmin(least, sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]));
  }
  eipnn_pair_list_free(&pairs);
  return least;
}

/* Without rattling cell and positions follow one symmetric strain of the promised size. */
static void test_strain(void **state)
{
  (void)state;
  eipnn_dataset *source = prototypes("si");
  eipnn_perturb_options options;
  eipnn_perturb_options_default(&options);
  options.rattle = 0.0;
  options.strain = 0.08;
  options.copies = 50;
  eipnn_perturb_report report;
  eipnn_dataset *pool = perturbed(source, &options, &report);
  assert_int_equal(eipnn_dataset_count(pool), 500);
  assert_int_equal(report.copies, 500);
  double largest = 0.0;
  for (size_t k = 150; k < 200; k++) { /* copies of diamond */
    eipnn_configuration from = get(source, 3), to = get(pool, k);
    double d[3][3];
    assert_string_equal(to.tag, "perturbed:3:diamond");
    deformation_of_cell((const double(*)[3])from.cell, (const double(*)[3])to.cell, d);
    for (int a = 0; a < 3; a++)
      for (int b = 0; b < 3; b++) {
        double strain = d[a][b] - (a == b);
        assert_near(d[a][b], d[b][a], 1e-14);
        assert_true(fabs(strain) <= 0.08);
        largest = fmax(largest, fabs(strain));
      }
    for (int i = 0; i < 8; i++)
      for (int a = 0; a < 3; a++) {
        const double *x = from.position[i];
        assert_near(to.position[i][a], d[a][0] * x[0] + d[a][1] * x[1] + d[a][2] * x[2], 1e-12);
      }
  }
  assert_true(largest > 0.075);
  assert_true(isnan(eipnn_dataset_labels(pool, "dft")->energy[0]));
  eipnn_dataset_free(&pool);
  eipnn_dataset_free(&source);
}

static void test_rattle_and_volume(void **state)
{
  (void)state;
  eipnn_dataset *source = prototypes("si");
  eipnn_perturb_options options;
  eipnn_perturb_options_default(&options);
  options.strain = 0.0;
  options.rattle = 0.05;
  options.copies = 200;
  options.min_fraction = 0.0;
  eipnn_dataset *pool = perturbed(source, &options, NULL);
  double sum = 0.0, square = 0.0;
  for (size_t k = 600; k < 800; k++)
    for (int i = 0; i < 8; i++)
      for (int a = 0; a < 3; a++) {
        double u = get(pool, k).position[i][a] - get(source, 3).position[i][a];
        sum += u;
        square += u * u;
      }
  assert_near(sum / 4800, 0.0, 0.003);
  assert_near(sqrt(square / 4800), 0.05, 0.002);
  eipnn_dataset_free(&pool);
  options.volume_minimum = 0.8;
  options.volume_maximum = 1.25;
  pool = perturbed(source, &options, NULL);
  double least = 2.0, most = 0.0;
  for (size_t k = 600; k < 800; k++) {
    double factor = determinant((const double(*)[3])get(pool, k).cell) /
                    determinant((const double(*)[3])get(source, 3).cell);
    least = fmin(least, factor);
    most = fmax(most, factor);
  }
  assert_true(least >= 0.8 && least < 0.82 && most <= 1.25 && most > 1.23);
  eipnn_dataset_free(&pool);
  eipnn_dataset_free(&source);
}

static void test_guard(void **state)
{
  (void)state;
  eipnn_dataset *source = prototypes("al");
  eipnn_perturb_options options;
  eipnn_perturb_options_default(&options);
  options.rattle = 0.3;
  options.min_fraction = 0.85;
  options.copies = 20;
  eipnn_perturb_report report;
  eipnn_dataset *pool = perturbed(source, &options, &report);
  assert_true(report.redrawn > 20);
  assert_int_equal(report.copies + report.given_up, 120);
  for (size_t k = 0; k < eipnn_dataset_count(pool); k++) {
    eipnn_configuration copy = get(pool, k);
    size_t index = (size_t)strtol(copy.tag + strlen("perturbed:"), NULL, 10);
    eipnn_configuration from = get(source, index);
    assert_true(shortest(&copy, 4.0) >= 0.85 * shortest(&from, 4.0));
  }
  eipnn_dataset_free(&pool);
  options.min_distance = 3.0; /* farther than the neighbours of any of them */
  options.copies = 2;
  pool = perturbed(source, &options, &report);
  assert_true(report.given_up > 6);
  assert_int_equal(report.copies + report.given_up, 12);
  eipnn_dataset_free(&pool);
  eipnn_dataset_free(&source);
}

static void test_supercell(void **state)
{
  (void)state;
  eipnn_dataset *source = prototypes("si"), *pool;
  eipnn_perturb_options options;
  eipnn_perturb_options_default(&options);
  options.copies = 1;
  options.strain = options.rattle = 0.0;
  for (int k = 0; k < 3; k++) options.supercell[k] = 2;
  pool = perturbed(source, &options, NULL);
  for (size_t k = 0; k < 10; k++) {
    eipnn_configuration from = get(source, k), to = get(pool, k);
    assert_int_equal(to.natoms, 8 * from.natoms);
    assert_near(shortest(&to, 4.0), shortest(&from, 4.0), 1e-9);
    assert_near(determinant((const double(*)[3])to.cell),
                8.0 * determinant((const double(*)[3])from.cell), 1e-9);
  }
  eipnn_dataset_free(&pool);
  options.max_atoms = 12; /* bc8 with 16 is left out */
  eipnn_perturb_report report;
  pool = perturbed(source, &options, &report);
  assert_int_equal(report.too_large, 1);
  assert_int_equal(eipnn_dataset_count(pool), 9);
  for (size_t k = 0; k < 9; k++) assert_true(get(pool, k).natoms >= 8 && get(pool, k).natoms <= 12);
  eipnn_dataset_free(&pool);
  eipnn_dataset_free(&source);
}

/* A slab is repeated in its plane only. */
static void test_slab(void **state)
{
  (void)state;
  int number[2] = {47, 79};
  double position[2][3] = {{0.0, 0.0, 0.0}, {1.5, 1.5, 2.0}};
  eipnn_configuration slab = {.natoms = 2,
                              .cell = {{3.0, 0.0, 0.0}, {0.0, 3.0, 0.0}, {0.0, 0.0, 0.0}},
                              .pbc = {1, 1, 0},
                              .number = number,
                              .position = (const double(*)[3])position,
                              .tag = ""};
  eipnn_dataset *source;
  assert_int_equal(eipnn_dataset_create(&source), EIPNN_OK);
  assert_int_equal(eipnn_dataset_append(source, &slab, -5.0, NULL, NULL), EIPNN_OK);
  eipnn_perturb_options options;
  eipnn_perturb_options_default(&options);
  for (int k = 0; k < 3; k++) options.supercell[k] = 3;
  options.shuffle = 1;
  eipnn_dataset *pool = perturbed(source, &options, NULL);
  size_t moved = 0;
  for (size_t k = 0; k < 10; k++) {
    eipnn_configuration c = get(pool, k);
    int silver = 0;
    assert_int_equal(c.natoms, 18);
    for (int i = 0; i < 18; i++) {
      silver += c.number[i] == 47;
      moved += c.number[i] != number[i % 2];
    }
    assert_int_equal(silver, 9);
    assert_true(c.cell[2][2] == 0.0 && !c.pbc[2]);
    assert_string_equal(c.tag, "perturbed:0:");
  }
  assert_true(moved > 60 && moved < 120);
  eipnn_dataset_free(&pool);
  eipnn_dataset_free(&source);
}

/* The same seed gives the same copies, another one others. */
static void test_reproducible(void **state)
{
  (void)state;
  eipnn_dataset *source = prototypes("si"), *again;
  eipnn_perturb_options options;
  char one[17], other[17];
  eipnn_perturb_options_default(&options);
  eipnn_dataset *pool = perturbed(source, &options, NULL);
  again = perturbed(source, &options, NULL);
  eipnn_dataset_hash(pool, one);
  eipnn_dataset_hash(again, other);
  assert_string_equal(one, other);
  eipnn_dataset_free(&again);
  options.seed = 43;
  again = perturbed(source, &options, NULL);
  eipnn_dataset_hash(again, other);
  assert_string_not_equal(one, other);
  eipnn_dataset_free(&again);
  eipnn_dataset_free(&pool);
  eipnn_dataset_free(&source);
}

static void test_errors(void **state)
{
  (void)state;
  eipnn_dataset *source = prototypes("si"), *pool;
  eipnn_perturb_options good, bad;
  assert_int_equal(eipnn_dataset_create(&pool), EIPNN_OK);
  eipnn_perturb_options_default(&good);
  assert_int_equal(eipnn_dataset_perturb(source, &good, source, NULL), EIPNN_ERROR_ARGUMENT);
#define REJECTED(change)                                                                           \
  bad = good;                                                                                      \
  change;                                                                                          \
  assert_int_equal(eipnn_dataset_perturb(source, &bad, pool, NULL), EIPNN_ERROR_ARGUMENT);         \
  assert_int_equal(eipnn_dataset_count(pool), 0)
  REJECTED(bad.copies = 0);
  REJECTED(bad.strain = -0.1);
  REJECTED(bad.strain = 0.5);
  REJECTED(bad.strain = NAN);
  REJECTED(bad.rattle = NAN);
  REJECTED(bad.volume_minimum = 0.0);
  REJECTED(bad.volume_minimum = 1.1);
  REJECTED(bad.supercell[1] = 0);
  REJECTED(bad.max_atoms = -1);
  REJECTED(bad.min_distance = -1.0);
  REJECTED(bad.min_fraction = 1.1);
  int number[2] = {14, 14};
  double position[2][3] = {{0.0}};
  eipnn_configuration twice = {
      .natoms = 2, .number = number, .position = (const double(*)[3])position, .tag = "twice"};
  assert_int_equal(eipnn_dataset_append(source, &twice, NAN, NULL, NULL), EIPNN_OK);
  assert_int_not_equal(eipnn_dataset_perturb(source, &good, pool, NULL), EIPNN_OK);
  assert_non_null(strstr(eipnn_last_error(), "configuration 10"));
  assert_int_equal(eipnn_dataset_count(pool), 0);
  eipnn_dataset_free(&pool);
  eipnn_dataset_free(&source);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_strain), cmocka_unit_test(test_rattle_and_volume),
      cmocka_unit_test(test_guard),  cmocka_unit_test(test_supercell),
      cmocka_unit_test(test_slab),   cmocka_unit_test(test_reproducible),
      cmocka_unit_test(test_errors),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
