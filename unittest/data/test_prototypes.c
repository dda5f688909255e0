/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Crystal prototypes: neighbour distances and coordination numbers of every atom. */
#include <eipnn/neighbor.h>
#include <eipnn/pool.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static eipnn_dataset *prototypes(const char *material)
{
  eipnn_dataset *dataset;
  assert_int_equal(eipnn_dataset_create(&dataset), EIPNN_OK);
  assert_int_equal(eipnn_dataset_append_prototypes(dataset, material), EIPNN_OK);
  return dataset;
}

static void get(const eipnn_dataset *dataset, const char *name, eipnn_configuration *c)
{
  for (size_t k = 0; k < eipnn_dataset_count(dataset); k++) {
    assert_int_equal(eipnn_dataset_get(dataset, k, c), EIPNN_OK);
    if (!strcmp(c->tag, name)) return;
  }
  fail_msg("no prototype %s", name);
}

/* Neighbours of every atom in the shell from-to, images counted; number: of that species only, 0:
 * any. */
static void assert_shell(const eipnn_configuration *c, double distance, int count, int number)
{
  enum { MOST = 64 };
  int found[MOST] = {0};
  eipnn_pair_list pairs = {0};
  assert_int_equal(eipnn_pair_list_build(&pairs, c, distance + 0.1), EIPNN_OK);
  for (int p = 0; p < pairs.npair; p++) {
    const double *v = pairs.vec[p];
    int i = pairs.i[p], j = pairs.j[p];
    if (fabs(sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) - distance) > 1e-6) continue;
    found[i] += !number || c->number[j] == number;
    found[j] += !number || c->number[i] == number;
  }
  eipnn_pair_list_free(&pairs);
  for (int i = 0; i < c->natoms; i++)
    if (found[i] != count)
      fail_msg("%s, atom %d: %d neighbours at %g, not %d", c->tag, i, found[i], distance, count);
}

/* The first two shells, and nothing nearer. */
static void assert_shells(const eipnn_dataset *dataset, const char *name, int natoms,
                          double distance1, int count1, double distance2, int count2)
{
  eipnn_configuration c;
  get(dataset, name, &c);
  assert_int_equal(c.natoms, natoms);
  assert_shell(&c, distance1, count1, 0);
  assert_shell(&c, distance2, count2, 0);
  eipnn_pair_list pairs = {0};
  assert_int_equal(eipnn_pair_list_build(&pairs, &c, distance2 + 1e-6), EIPNN_OK);
  assert_int_equal(pairs.npair, natoms * (count1 + count2) / 2);
  eipnn_pair_list_free(&pairs);
}

static void test_silicon(void **state)
{
  (void)state;
  eipnn_dataset *si = prototypes("si");
  const double third = 1.0 / sqrt(3.0);
  assert_int_equal(eipnn_dataset_count(si), 10);
  assert_shells(si, "sc", 1, 2.53, 6, 2.53 * sqrt(2.0), 12);
  assert_shells(si, "bcc", 2, 3.09 * sqrt(3.0) / 2, 8, 3.09, 6);
  assert_shells(si, "fcc", 4, 3.87 / sqrt(2.0), 12, 3.87, 6);
  assert_shells(si, "hcp", 2, 2.73, 12, 2.73 * sqrt(2.0), 6);
  assert_shells(si, "sh", 1, 2.65 * 0.94, 2, 2.65, 6);
  assert_shells(si, "diamond", 8, 5.47 * sqrt(3.0) / 4, 4, 5.47 / sqrt(2.0), 12);
  assert_shells(si, "hexagonal-diamond", 4, 3.87 * sqrt(3.0 / 8.0), 4, 3.87, 12);
  assert_shells(si, "beta-sn", 4, 4.81 * sqrt(0.25 + 0.55 * 0.55 / 16), 4, 4.81 * 0.55, 2);
  assert_shells(si, "graphite", 4, 3.90 * third, 3, 3.90, 6);
  /* bc8: one bond along the threefold axis, three longer ones */
  const double x = 0.1003, axial = 2.0 * sqrt(3.0) * x;
  const double lateral = sqrt(4 * x * x + (0.5 - 2 * x) * (0.5 - 2 * x));
  eipnn_configuration c;
  get(si, "bc8", &c);
  assert_int_equal(c.natoms, 16);
  assert_shell(&c, 6.64 * axial, 1, 0);
  assert_shell(&c, 6.64 * lateral, 3, 0);
  eipnn_pair_list pairs = {0};
  assert_int_equal(eipnn_pair_list_build(&pairs, &c, 2.6), EIPNN_OK);
  assert_int_equal(pairs.npair, 16 * 4 / 2);
  eipnn_pair_list_free(&pairs);
  eipnn_dataset_free(&si);
}

/* Diamond and its hexagonal form differ in the third shell: 12, and 1 along the axis. */
static void test_third_shell(void **state)
{
  (void)state;
  eipnn_dataset *si = prototypes("si");
  eipnn_configuration c;
  get(si, "diamond", &c);
  assert_shell(&c, 5.47 * sqrt(11.0) / 4, 12, 0);
  get(si, "hexagonal-diamond", &c);
  assert_shell(&c, 3.87 * sqrt(8.0 / 3.0) * 0.625, 1, 0);
  eipnn_dataset_free(&si);
}

static void test_aluminium(void **state)
{
  (void)state;
  eipnn_dataset *al = prototypes("al");
  assert_int_equal(eipnn_dataset_count(al), 6);
  assert_shells(al, "fcc", 4, 4.04 / sqrt(2.0), 12, 4.04, 6);
  assert_shells(al, "hcp", 2, 2.86, 12, 2.86 * sqrt(2.0), 6);
  assert_shells(al, "dhcp", 4, 2.86, 12, 2.86 * sqrt(2.0), 6);
  assert_shells(al, "bcc", 2, 3.24 * sqrt(3.0) / 2, 8, 3.24, 6);
  assert_shells(al, "sc", 1, 2.72, 6, 2.72 * sqrt(2.0), 12);
  assert_shells(al, "diamond", 8, 6.05 * sqrt(3.0) / 4, 4, 6.05 / sqrt(2.0), 12);
  eipnn_dataset_free(&al);
}

static int count_gold(const eipnn_configuration *c)
{
  int gold = 0;
  for (int i = 0; i < c->natoms; i++) gold += c->number[i] == 79;
  return gold;
}

static void test_silver_gold(void **state)
{
  (void)state;
  eipnn_dataset *agau = prototypes("agau");
  eipnn_configuration c;
  assert_int_equal(eipnn_dataset_count(agau), 10);
  get(agau, "L1_0-AgAu", &c); /* layers: 4 like, 8 unlike neighbours; 2 of 4 atoms are gold */
  assert_int_equal(count_gold(&c), 2);
  assert_shell(&c, 4.16 / sqrt(2.0), 12, 0);
  eipnn_configuration l12;
  get(agau, "L1_2-Ag3Au", &l12);
  assert_int_equal(count_gold(&l12), 1);
  get(agau, "L1_2-AgAu3", &l12);
  assert_int_equal(count_gold(&l12), 3);
  eipnn_pair_list pairs = {0};
  assert_int_equal(eipnn_pair_list_build(&pairs, &c, 3.2), EIPNN_OK);
  int like = 0;
  for (int p = 0; p < pairs.npair; p++) like += c.number[pairs.i[p]] == c.number[pairs.j[p]];
  assert_int_equal(pairs.npair, 24);
  assert_int_equal(like, 8);
  eipnn_pair_list_free(&pairs);
  get(agau, "B2-AgAu", &c); /* eight neighbours, all of the other metal */
  assert_shell(&c, 3.31 * sqrt(3.0) / 2, 8, 0);
  get(agau, "fcc-Ag", &c);
  assert_shell(&c, 4.16 / sqrt(2.0), 12, 47);
  eipnn_dataset_free(&agau);
}

static void test_unknown(void **state)
{
  (void)state;
  eipnn_dataset *dataset;
  assert_int_equal(eipnn_dataset_create(&dataset), EIPNN_OK);
  assert_int_equal(eipnn_dataset_append_prototypes(dataset, "Fe"), EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "si, al, agau"));
  assert_int_equal(eipnn_dataset_count(dataset), 0);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_silicon),   cmocka_unit_test(test_third_shell),
      cmocka_unit_test(test_aluminium), cmocka_unit_test(test_silver_gold),
      cmocka_unit_test(test_unknown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
