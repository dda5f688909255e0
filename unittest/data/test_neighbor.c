/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Neighbour lists against a plain sum over images. */
#include "base/random.h"

#include <eipnn/neighbor.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX_ATOMS = 256 };

typedef struct sample {
  eipnn_configuration configuration;
  int number[MAX_ATOMS];
  double position[MAX_ATOMS][3];
} sample;

static void finish(sample *s, int natoms)
{
  for (int i = 0; i < natoms; i++) s->number[i] = 14;
  s->configuration.natoms = natoms;
  s->configuration.number = s->number;
  s->configuration.position = (const double(*)[3])s->position;
  s->configuration.tag = "";
}

static double uniform(eipnn_random *random, double low, double high)
{
  return low + (high - low) * eipnn_random_uniform(random);
}

/* A random triclinic cell, of any pbc, atoms up to three cells outside. */
static void random_sample(sample *s, eipnn_random *random, double edge, double skew, int natoms,
                          int pbc)
{
  memset(s, 0, sizeof *s);
  for (int k = 0; k < 3; k++) {
    s->configuration.pbc[k] = pbc >> k & 1;
    for (int c = 0; c < 3; c++)
      s->configuration.cell[k][c] =
          (k == c ? edge : 0.0) + edge * (k == c ? 0.3 : skew) * uniform(random, -1.0, 1.0);
  }
  if (skew > 1.0)
    for (int c = 0; c < 3; c++) /* very skewed, same volume */
      s->configuration.cell[1][c] += 3.0 * s->configuration.cell[0][c];
  for (int i = 0; i < natoms; i++)
    for (int k = 0; k < 3; k++) {
      double f = uniform(random, -3.0, 3.0);
      for (int c = 0; c < 3; c++) s->position[i][c] += f * s->configuration.cell[k][c];
    }
  finish(s, natoms);
}

typedef struct pair {
  int i, j;
  double distance;
} pair;

static int compare(const void *a, const void *b)
{
  const pair *p = a, *q = b;
  if (p->i != q->i) return p->i < q->i ? -1 : 1;
  if (p->j != q->j) return p->j < q->j ? -1 : 1;
  return p->distance < q->distance ? -1 : p->distance > q->distance;
}

/* Ordered pairs (both directions) from a plain sum over images. */
static size_t oracle(const sample *s, double cutoff, int range, pair **result)
{
  const eipnn_configuration *c = &s->configuration;
  size_t n = 0, capacity = 1 << 16;
  pair *list = malloc(capacity * sizeof *list);
  int r[3];
  for (int k = 0; k < 3; k++) r[k] = c->pbc[k] ? range : 0;
  for (int i = 0; i < c->natoms; i++)
    for (int j = 0; j < c->natoms; j++)
      for (int a = -r[0]; a <= r[0]; a++)
        for (int b = -r[1]; b <= r[1]; b++)
          for (int d = -r[2]; d <= r[2]; d++) {
            double square = 0.0;
            if (i == j && !a && !b && !d) continue;
            for (int x = 0; x < 3; x++) {
              double delta = c->position[j][x] - c->position[i][x] + a * c->cell[0][x] +
                             b * c->cell[1][x] + d * c->cell[2][x];
              square += delta * delta;
            }
            if (square >= cutoff * cutoff) continue;
            if (n == capacity) list = realloc(list, (capacity *= 2) * sizeof *list);
            list[n++] = (pair){i, j, sqrt(square)};
          }
  qsort(list, n, sizeof *list, compare);
  *result = list;
  return n;
}

static size_t ordered_pairs(const eipnn_pair_list *list, pair **result)
{
  size_t n = 0;
  pair *pairs = malloc(2 * (size_t)list->npair * sizeof *pairs + 1);
  for (int p = 0; p < list->npair; p++) {
    const double *v = list->vec[p];
    double distance = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    pairs[n++] = (pair){list->i[p], list->j[p], distance};
    pairs[n++] = (pair){list->j[p], list->i[p], distance};
    if (p) assert_true(list->i[p] >= list->i[p - 1]);
  }
  qsort(pairs, n, sizeof *pairs, compare);
  *result = pairs;
  return n;
}

static void assert_same(const pair *a, size_t na, const pair *b, size_t nb)
{
  assert_int_equal(na, nb);
  for (size_t p = 0; p < na; p++) {
    assert_int_equal(a[p].i, b[p].i);
    assert_int_equal(a[p].j, b[p].j);
    assert_float_equal(a[p].distance, b[p].distance, 1e-9);
  }
}

static void check_sample(const sample *s, eipnn_pair_list *list, double cutoff, int range)
{
  pair *expected, *found;
  assert_int_equal(eipnn_pair_list_build(list, &s->configuration, cutoff), EIPNN_OK);
  size_t nexpected = oracle(s, cutoff, range, &expected);
  size_t nfound = ordered_pairs(list, &found);
  assert_same(expected, nexpected, found, nfound);
  free(expected);
  free(found);
}

/* Image shifts that surely hold every neighbour. */
static int safe_range(const sample *s, double cutoff)
{
  const double(*v)[3] = s->configuration.cell;
  double edge = 0.0, normal[3], volume;
  for (int k = 0; k < 3; k++)
    for (int c = 0; c < 3; c++) edge += fabs(v[k][c]);
  for (int c = 0; c < 3; c++)
    normal[c] = v[1][(c + 1) % 3] * v[2][(c + 2) % 3] - v[1][(c + 2) % 3] * v[2][(c + 1) % 3];
  volume = fabs(normal[0] * v[0][0] + normal[1] * v[0][1] + normal[2] * v[0][2]);
  return (int)(6.0 + cutoff * edge * edge / (4.0 * volume)) + 1;
}

static void test_pairs_random(void **state)
{
  (void)state;
  eipnn_random random;
  eipnn_pair_list list = {0};
  sample s;
  int checked = 0;
  eipnn_random_seed(&random, 1, 0);
  for (int trial = 0; trial < 160; trial++) {
    int natoms = 1 + trial % 5;
    double edge = uniform(&random, 1.5, 9.0), skew = trial % 4 == 3 ? 1.1 : 0.3;
    random_sample(&s, &random, edge, skew, natoms, trial % 8);
    int range = safe_range(&s, 5.0);
    if (range > 24) continue; /* the oracle would take too long */
    check_sample(&s, &list, 5.0, range);
    checked++;
  }
  assert_true(checked > 100);
  eipnn_pair_list_free(&list);
  eipnn_pair_list_free(&list);
}

static void test_pairs_large(void **state)
{
  (void)state;
  eipnn_random random;
  eipnn_pair_list list = {0};
  sample s;
  eipnn_random_seed(&random, 2, 0);
  for (int pbc = 0; pbc < 8; pbc++) {
    random_sample(&s, &random, 16.0, 0.2, MAX_ATOMS, pbc);
    check_sample(&s, &list, 3.5, 7);
  }
  eipnn_pair_list_free(&list);
}

static void test_pairs_mixed_cells(void **state)
{
  (void)state;
  eipnn_random random;
  eipnn_pair_list list = {0};
  sample s;
  eipnn_random_seed(&random, 3, 0);
  random_sample(&s, &random, 4.0, 0.2, 20, 1);
  memset(s.configuration.cell[1], 0, 2 * sizeof s.configuration.cell[1]); /* a wire */
  check_sample(&s, &list, 4.5, 14);
  random_sample(&s, &random, 4.0, 0.2, 20, 5);
  memset(s.configuration.cell[1], 0, sizeof s.configuration.cell[1]); /* a slab */
  check_sample(&s, &list, 4.5, 14);
  random_sample(&s, &random, 4.0, 0.2, 20, 0);
  memset(s.configuration.cell, 0, sizeof s.configuration.cell); /* a molecule */
  check_sample(&s, &list, 4.5, 0);
  memset(s.position, 0, sizeof s.position);
  s.position[1][0] = 1.0e9; /* far apart: few cells all the same */
  s.position[1][1] = -1.0e9;
  s.position[2][2] = 1.5;
  s.configuration.natoms = 3;
  check_sample(&s, &list, 4.5, 0);
  assert_int_equal(list.npair, 1);
  eipnn_pair_list_free(&list);
}

static int compare_doubles(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* Distances of a configuration and of its 2x3x2 supercell, atoms moved by lattice vectors. */
static void test_supercell(void **state)
{
  (void)state;
  eipnn_random random;
  eipnn_pair_list list = {0}, large = {0};
  static sample s, t;
  const int repeat[3] = {2, 3, 2};
  eipnn_random_seed(&random, 4, 0);
  random_sample(&s, &random, 3.7, 0.3, 3, 7);
  memset(&t, 0, sizeof t);
  int n = 0;
  for (int m = 0; m < 12; m++)
    for (int i = 0; i < 3; i++, n++) {
      int shift[3] = {m % 2, m / 2 % 3, m / 6};
      for (int c = 0; c < 3; c++) {
        t.position[n][c] = s.position[i][c];
        for (int k = 0; k < 3; k++) {
          int cells = shift[k] + repeat[k] * ((n + k) % 5 - 2);
          t.position[n][c] += cells * s.configuration.cell[k][c];
          t.configuration.cell[k][c] = repeat[k] * s.configuration.cell[k][c];
          t.configuration.pbc[k] = 1;
        }
      }
    }
  finish(&t, n);
  assert_int_equal(eipnn_pair_list_build(&list, &s.configuration, 6.0), EIPNN_OK);
  assert_int_equal(eipnn_pair_list_build(&large, &t.configuration, 6.0), EIPNN_OK);
  assert_int_equal(large.npair, 12 * list.npair);
  double *a = malloc((size_t)list.npair * sizeof *a), *b = malloc((size_t)large.npair * sizeof *b);
  for (int p = 0; p < list.npair; p++)
    a[p] = hypot(hypot(list.vec[p][0], list.vec[p][1]), list.vec[p][2]);
  for (int p = 0; p < large.npair; p++)
    b[p] = hypot(hypot(large.vec[p][0], large.vec[p][1]), large.vec[p][2]);
  qsort(a, (size_t)list.npair, sizeof *a, compare_doubles);
  qsort(b, (size_t)large.npair, sizeof *b, compare_doubles);
  for (int p = 0; p < large.npair; p++) assert_float_equal(a[p / 12], b[p], 1e-9);
  free(a);
  free(b);
  eipnn_pair_list_free(&list);
  eipnn_pair_list_free(&large);
}

/* One atom in a simple cubic cell: 6 neighbours at a, 12 at sqrt 2 a, half of each kept. */
static void test_self_images(void **state)
{
  (void)state;
  eipnn_pair_list list = {0};
  static sample s;
  memset(&s, 0, sizeof s);
  for (int k = 0; k < 3; k++) {
    s.configuration.cell[k][k] = 2.0;
    s.configuration.pbc[k] = 1;
    s.position[0][k] = 0.125 * (k + 1);
  }
  finish(&s, 1);
  assert_int_equal(eipnn_pair_list_build(&list, &s.configuration, 2.0), EIPNN_OK);
  assert_int_equal(list.npair, 0); /* closer than, not at */
  assert_int_equal(eipnn_pair_list_build(&list, &s.configuration, 2.0001), EIPNN_OK);
  assert_int_equal(list.npair, 3);
  assert_int_equal(eipnn_pair_list_build(&list, &s.configuration, 2.9), EIPNN_OK);
  assert_int_equal(list.npair, 9);
  eipnn_pair_list_free(&list);
}

/* Ghost lists: neighbours of real atoms against the oracle, of ghosts against all points. */
static void check_ghosts(const sample *s, eipnn_ghost_list *list, double distance, double cutoff)
{
  pair *expected, *found;
  assert_int_equal(eipnn_ghost_list_build(list, &s->configuration, distance, cutoff, 1), EIPNN_OK);
  size_t nexpected = oracle(s, cutoff, safe_range(s, cutoff), &expected), nfound = 0;
  assert_int_equal(list->natoms, s->configuration.natoms);
  found = malloc(((size_t)list->first[list->natoms] + 1) * sizeof *found);
  for (int i = 0; i < list->ntotal; i++) {
    int count = 0;
    assert_in_range(list->owner[i], 0, list->natoms - 1);
    for (int k = list->first[i]; k < list->first[i + 1]; k++) {
      const double *x = list->position[i], *y = list->position[list->neighbor[k]];
      double distance_ij = hypot(hypot(y[0] - x[0], y[1] - x[1]), y[2] - x[2]);
      if (i < list->natoms)
        found[nfound++] = (pair){i, list->owner[list->neighbor[k]], distance_ij};
    }
    for (int j = 0; j < list->ntotal; j++) {
      const double *x = list->position[i], *y = list->position[j];
      double dx = y[0] - x[0], dy = y[1] - x[1], dz = y[2] - x[2];
      count += j != i && dx * dx + dy * dy + dz * dz < cutoff * cutoff;
    }
    assert_int_equal(list->first[i + 1] - list->first[i], count);
  }
  qsort(found, nfound, sizeof *found, compare);
  assert_same(expected, nexpected, found, nfound);
  assert_int_equal(eipnn_ghost_list_build(list, &s->configuration, distance, cutoff, 0), EIPNN_OK);
  assert_int_equal(list->first[list->natoms], nfound);
  assert_int_equal(list->first[list->ntotal], nfound);
  free(expected);
  free(found);
}

static void test_ghosts(void **state)
{
  (void)state;
  eipnn_random random;
  eipnn_ghost_list list = {0};
  sample s;
  eipnn_random_seed(&random, 5, 0);
  for (int trial = 0; trial < 24; trial++) {
    random_sample(&s, &random, uniform(&random, 2.5, 7.0), 0.25, 1 + trial % 6, trial % 8);
    if (safe_range(&s, 4.0) > 24) continue;
    check_ghosts(&s, &list, trial % 3 ? 4.0 : 8.0, 4.0);
  }
  eipnn_ghost_list_free(&list);
  eipnn_ghost_list_free(&list);
}

static void expect_error(const sample *s, double cutoff, const char *text)
{
  eipnn_pair_list list = {0};
  eipnn_ghost_list ghosts = {0};
  assert_int_equal(eipnn_pair_list_build(&list, &s->configuration, cutoff), EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), text));
  assert_int_equal(list.npair, 0);
  assert_int_equal(eipnn_ghost_list_build(&ghosts, &s->configuration, cutoff, cutoff, 0),
                   EIPNN_ERROR_ARGUMENT);
  assert_int_equal(ghosts.ntotal, 0);
  eipnn_pair_list_free(&list);
  eipnn_ghost_list_free(&ghosts);
}

static void test_errors(void **state)
{
  (void)state;
  eipnn_random random;
  sample good, bad;
  eipnn_random_seed(&random, 6, 0);
  random_sample(&good, &random, 5.0, 0.1, 4, 7);
  finish(&good, 4);
#define BAD()                                                                                      \
  bad = good;                                                                                      \
  finish(&bad, 4)
  BAD();
  memcpy(bad.configuration.cell[2], bad.configuration.cell[1], sizeof bad.configuration.cell[1]);
  expect_error(&bad, 4.0, "singular");
  BAD();
  memset(bad.configuration.cell, 0, sizeof bad.configuration.cell);
  expect_error(&bad, 4.0, "singular");
  BAD();
  bad.configuration.cell[1][2] = NAN;
  expect_error(&bad, 4.0, "not finite");
  BAD();
  bad.position[2][1] = INFINITY;
  expect_error(&bad, 4.0, "atom 3 is not finite");
  BAD();
  bad.configuration.pbc[1] = 0;
  bad.position[2][1] = NAN;
  expect_error(&bad, 4.0, "atom 3 is not finite");
  BAD();
  for (int c = 0; c < 3; c++)
    bad.position[3][c] = bad.position[0][c] - 2.0 * bad.configuration.cell[0][c];
  expect_error(&bad, 4.0, "coincide");
  BAD();
  expect_error(&bad, NAN, "cutoff");
  expect_error(&bad, 0.0, "cutoff");
  expect_error(&bad, -1.0, "cutoff");
  expect_error(&bad, 1.0e4, "images");
  bad.configuration.natoms = 0;
  expect_error(&bad, 4.0, "at least one atom");
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_pairs_random),
                                     cmocka_unit_test(test_pairs_large),
                                     cmocka_unit_test(test_pairs_mixed_cells),
                                     cmocka_unit_test(test_supercell),
                                     cmocka_unit_test(test_self_images),
                                     cmocka_unit_test(test_ghosts),
                                     cmocka_unit_test(test_errors)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
