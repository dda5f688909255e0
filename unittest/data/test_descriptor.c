/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The descriptor of configurations: a plain sum over triplets, invariances, what it tells apart. */
#include "base/random.h"
#include "data/descriptor.h"
#include "data/supercell.h"

#include <eipnn/pool.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DEGREE = EIPNN_DESCRIPTOR_DEGREE, RADIAL = EIPNN_DESCRIPTOR_RADIAL };

static const double cutoff = 5.0;

static void assert_near(double value, double expected, double tolerance)
{
  if (!(fabs(value - expected) <= tolerance))
    fail_msg("%.15g is not %.15g within %g", value, expected, tolerance);
}

static double legendre(int l, double x)
{
  double before = 1.0, now = x;
  if (l == 0) return 1.0;
  for (int k = 2; k <= l; k++) {
    double next = ((2.0 * k - 1.0) * x * now - (k - 1.0) * before) / k;
    before = now;
    now = next;
  }
  return now;
}

static double norm(const double v[3])
{
  return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

static double dot(const double u[3], const double v[3])
{
  return u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
}

/* Addition theorem. */
static void test_harmonics(void **state)
{
  (void)state;
  eipnn_random random;
  eipnn_random_seed(&random, 1, 0);
  for (int trial = 0; trial < 20; trial++) {
    double u[3], v[3], a[(DEGREE + 1) * (DEGREE + 1)], b[(DEGREE + 1) * (DEGREE + 1)];
    for (int d = 0; d < 3; d++) {
      u[d] = eipnn_random_normal(&random);
      v[d] = trial < 3 ? (d == trial) : eipnn_random_normal(&random);
    }
    eipnn_spherical_harmonics(u, a);
    eipnn_spherical_harmonics(v, b);
    for (int l = 0, h = 0; l <= DEGREE; l++) {
      double sum = 0.0;
      for (int m = -l; m <= l; m++, h++) sum += a[h] * b[h];
      assert_near(sum, legendre(l, dot(u, v) / norm(u) / norm(v)), 1e-13);
    }
  }
}

/* A dataset of one configuration, and its descriptor. */
static eipnn_descriptors describe(const eipnn_configuration *c)
{
  eipnn_dataset *dataset;
  eipnn_descriptors descriptors;
  assert_int_equal(eipnn_dataset_create(&dataset), EIPNN_OK);
  assert_int_equal(eipnn_dataset_append(dataset, c, NAN, NULL, NULL), EIPNN_OK);
  assert_int_equal(eipnn_descriptors_build(dataset, cutoff, NULL, &descriptors), EIPNN_OK);
  eipnn_dataset_free(&dataset);
  return descriptors;
}

static double distance(const double *u, const double *v, size_t length)
{
  double sum = 0.0;
  for (size_t k = 0; k < length; k++) sum += (u[k] - v[k]) * (u[k] - v[k]);
  return sqrt(sum);
}

static double distance_between(const eipnn_configuration *a, const eipnn_configuration *b)
{
  eipnn_descriptors u = describe(a), v = describe(b);
  assert_int_equal(u.length, v.length);
  double d = distance(u.value, v.value, u.length);
  eipnn_descriptors_free(&u);
  eipnn_descriptors_free(&v);
  return d;
}

static const int molecule_number[5] = {14, 14, 47, 14, 47};
static const double molecule_position[5][3] = {
    {0.0, 0.1, 0.2}, {2.2, 0.3, -0.1}, {-0.4, 2.5, 0.6}, {1.1, 1.4, 2.0}, {-1.5, -1.2, 3.1}};

static eipnn_configuration molecule(void)
{
  return (eipnn_configuration){
      .natoms = 5, .number = molecule_number, .position = molecule_position, .tag = ""};
}

/* The weights of descriptor.h at one distance. */
static void radial(double r, double w[RADIAL])
{
  double decay =
      r < cutoff ? 0.5 * (1.0 + cos(acos(-1.0) * r / cutoff)) / (1.0 + r * r / 4.0) : 0.0;
  for (int n = 0; n < RADIAL; n++) {
    double x = 2.0 * (r * RADIAL / cutoff - n);
    w[n] = decay * exp(-0.5 * x * x);
  }
}

/* Sums over pairs of neighbours of every atom, itself included (P_l of no direction: l = 0 only).
 */
static void plain_spectrum(const eipnn_configuration *c, double *spectrum)
{
  for (int i = 0; i < c->natoms; i++)
    for (int j = 0; j < c->natoms; j++)
      for (int k = 0; k < c->natoms; k++) {
        double u[3], v[3], wu[RADIAL], wv[RADIAL];
        for (int d = 0; d < 3; d++) {
          u[d] = c->position[j][d] - c->position[i][d];
          v[d] = c->position[k][d] - c->position[i][d];
        }
        radial(norm(u), wu);
        radial(norm(v), wv);
        for (int l = 0; l <= DEGREE; l++) {
          if (l > 0 && (i == j || i == k)) continue;
          double p = l ? legendre(l, dot(u, v) / norm(u) / norm(v)) : 1.0;
          for (int n = 0; n < RADIAL; n++)
            for (int m = 0; m < RADIAL; m++) {
              int a = n + (c->number[j] == 47 ? RADIAL : 0);
              int b = m + (c->number[k] == 47 ? RADIAL : 0);
              spectrum[(l * 2 * RADIAL + a) * 2 * RADIAL + b] += wu[n] * wv[m] * p;
            }
        }
      }
}

static void test_plain_sum(void **state)
{
  (void)state;
  enum { CHANNELS = 2 * RADIAL, LENGTH = (DEGREE + 1) * CHANNELS * (CHANNELS + 1) / 2 };
  static double spectrum[(DEGREE + 1) * CHANNELS * CHANNELS];
  eipnn_configuration c = molecule();
  eipnn_descriptors found = describe(&c);
  double square = 0.0;
  memset(spectrum, 0, sizeof spectrum);
  plain_spectrum(&c, spectrum);
  for (int k = 0; k < (DEGREE + 1) * CHANNELS * CHANNELS; k++) square += spectrum[k] * spectrum[k];
  assert_int_equal(found.length, LENGTH);
  size_t next = 0;
  for (int l = 0; l <= DEGREE; l++)
    for (int a = 0; a < CHANNELS; a++)
      for (int b = a; b < CHANNELS; b++, next++)
        assert_near(found.value[next],
                    (a == b ? 1.0 : sqrt(2.0)) * spectrum[(l * CHANNELS + a) * CHANNELS + b] /
                        sqrt(square),
                    1e-12);
  eipnn_descriptors_free(&found);
}

/* x -> rotation x, a rotation about a skew axis; determinant 1, or -1 with mirror. */
static void rotate(const double x[3], int mirror, double result[3])
{
  const double axis[3] = {0.6, 0.0, 0.8}, angle = 1.1;
  double along = dot(axis, x);
  double cross[3] = {axis[1] * x[2] - axis[2] * x[1], axis[2] * x[0] - axis[0] * x[2],
                     axis[0] * x[1] - axis[1] * x[0]};
  for (int d = 0; d < 3; d++)
    result[d] = (mirror ? -1.0 : 1.0) *
                (x[d] * cos(angle) + cross[d] * sin(angle) + axis[d] * along * (1.0 - cos(angle)));
}

static void perturbed_alloy(eipnn_dataset **source, eipnn_dataset **pool, eipnn_configuration *c)
{
  eipnn_perturb_options options;
  eipnn_perturb_options_default(&options);
  options.copies = 1;
  assert_int_equal(eipnn_dataset_create(source), EIPNN_OK);
  assert_int_equal(eipnn_dataset_create(pool), EIPNN_OK);
  assert_int_equal(eipnn_dataset_append_prototypes(*source, "agau"), EIPNN_OK);
  assert_int_equal(eipnn_dataset_perturb(*source, &options, *pool, NULL), EIPNN_OK);
  assert_int_equal(eipnn_dataset_get(*pool, 2, c), EIPNN_OK); /* L1_2: both species */
}

static void test_invariance(void **state)
{
  (void)state;
  static const int repeat[3] = {2, 1, 3}, once[3] = {1, 1, 1};
  eipnn_dataset *source, *pool;
  eipnn_configuration c, other;
  eipnn_supercell s;
  perturbed_alloy(&source, &pool, &c);
  assert_int_equal(eipnn_supercell_build(&s, &c, repeat), EIPNN_OK);
  other = c;
  other.natoms = s.natoms;
  other.number = s.number;
  other.position = (const double(*)[3])s.position;
  memcpy(other.cell, s.cell, sizeof other.cell);
  assert_true(distance_between(&c, &other) < 1e-10);
  eipnn_supercell_free(&s);
  for (int mirror = 0; mirror < 2; mirror++) {
    assert_int_equal(eipnn_supercell_build(&s, &c, once), EIPNN_OK);
    for (int k = 0; k < 3; k++) rotate(c.cell[k], mirror, other.cell[k]);
    for (int i = 0; i < c.natoms; i++) { /* reversed order, moved by lattice vectors */
      int from = c.natoms - 1 - i;
      s.number[i] = c.number[from];
      rotate(c.position[from], mirror, s.position[i]);
      for (int d = 0; d < 3; d++)
        s.position[i][d] += 0.7 + i * other.cell[0][d] - 2 * other.cell[2][d];
    }
    other.natoms = c.natoms;
    other.number = s.number;
    other.position = (const double(*)[3])s.position;
    assert_true(distance_between(&c, &other) < 1e-10);
    eipnn_supercell_free(&s);
  }
  eipnn_dataset_free(&source);
  eipnn_dataset_free(&pool);
}

/* Every two prototypes differ, ordered alloys of one composition's lattice, too. */
static void test_prototypes_differ(void **state)
{
  (void)state;
  static const char *const material[] = {"si", "al", "agau"};
  for (int m = 0; m < 3; m++) {
    eipnn_dataset *dataset;
    eipnn_descriptors d;
    assert_int_equal(eipnn_dataset_create(&dataset), EIPNN_OK);
    assert_int_equal(eipnn_dataset_append_prototypes(dataset, material[m]), EIPNN_OK);
    assert_int_equal(eipnn_descriptors_build(dataset, 6.0, NULL, &d), EIPNN_OK);
    for (size_t i = 0; i < d.count; i++)
      for (size_t j = 0; j < i; j++) {
        double apart = distance(d.value + i * d.length, d.value + j * d.length, d.length);
        if (apart < 0.01) fail_msg("%s: prototypes %zu and %zu: %g", material[m], j, i, apart);
      }
    eipnn_descriptors_free(&d);
    eipnn_dataset_free(&dataset);
  }
}

/* Continuous where a neighbour passes the cutoff, linear in small displacements. */
static void test_smooth(void **state)
{
  (void)state;
  double position[2][3] = {{0.0}, {0.0}};
  int number[2] = {14, 14};
  eipnn_configuration c = {
      .natoms = 2, .number = number, .position = (const double(*)[3])position, .tag = ""};
  position[1][0] = cutoff - 1e-4;
  eipnn_descriptors inside = describe(&c);
  position[1][0] = cutoff + 1e-4;
  eipnn_descriptors outside = describe(&c);
  assert_true(distance(inside.value, outside.value, inside.length) < 1e-8);
  eipnn_descriptors_free(&inside);
  eipnn_descriptors_free(&outside);
  double moved[5][3];
  eipnn_configuration a = molecule(), b = molecule();
  memcpy(moved, molecule_position, sizeof moved);
  b.position = (const double(*)[3])moved;
  moved[2][1] += 1e-3;
  double once = distance_between(&a, &b);
  moved[2][1] += 1e-3;
  assert_true(once > 1e-6);
  assert_near(distance_between(&a, &b) / once, 2.0, 0.02);
}

static void test_errors(void **state)
{
  (void)state;
  eipnn_dataset *dataset;
  eipnn_descriptors d;
  eipnn_configuration c = molecule();
  double position[5][3] = {{0.0}};
  assert_int_equal(eipnn_dataset_create(&dataset), EIPNN_OK);
  assert_int_equal(eipnn_descriptors_build(dataset, 0.0, NULL, &d), EIPNN_ERROR_ARGUMENT);
  assert_int_equal(eipnn_descriptors_build(dataset, NAN, NULL, &d), EIPNN_ERROR_ARGUMENT);
  c.position = (const double(*)[3])position; /* atoms on top of each other */
  assert_int_equal(eipnn_dataset_append(dataset, &c, NAN, NULL, NULL), EIPNN_OK);
  assert_int_not_equal(eipnn_descriptors_build(dataset, 5.0, NULL, &d), EIPNN_OK);
  assert_non_null(strstr(eipnn_last_error(), "configuration 0"));
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_harmonics),  cmocka_unit_test(test_plain_sum),
      cmocka_unit_test(test_invariance), cmocka_unit_test(test_prototypes_differ),
      cmocka_unit_test(test_smooth),     cmocka_unit_test(test_errors),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
