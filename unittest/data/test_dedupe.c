/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
/* Near twins, groups, subsets. */
#include "data/supercell.h"
#include "sample_dataset.h"
#include "temporary.h"

#include <eipnn/dedupe.h>
#include <eipnn/pool.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static eipnn_dataset *empty(void)
{
  eipnn_dataset *dataset;
  assert_int_equal(eipnn_dataset_create(&dataset), EIPNN_OK);
  return dataset;
}

/* Appends configuration `index` of source, repeated along the third vector, in this energy. */
static void append_repeated(eipnn_dataset *dataset, const eipnn_dataset *source, size_t index,
                            int times, double energy)
{
  const int repeat[3] = {1, 1, times};
  eipnn_configuration c;
  eipnn_supercell s;
  assert_int_equal(eipnn_dataset_get(source, index, &c), EIPNN_OK);
  assert_int_equal(eipnn_supercell_build(&s, &c, repeat), EIPNN_OK);
  c.natoms = s.natoms;
  c.number = s.number;
  c.position = (const double(*)[3])s.position;
  memcpy(c.cell, s.cell, sizeof c.cell);
  assert_int_equal(eipnn_dataset_append(dataset, &c, energy, NULL, NULL), EIPNN_OK);
  eipnn_supercell_free(&s);
}

/* Of a crystal and its supercells the first labelled one stays; the rest is untouched. */
static void test_twins(void **state)
{
  (void)state;
  eipnn_dataset *si = empty(), *dataset = empty(), *unique;
  assert_int_equal(eipnn_dataset_append_prototypes(si, "si"), EIPNN_OK);
  append_repeated(dataset, si, 3, 1, NAN);   /* 0: removed */
  append_repeated(dataset, si, 4, 1, NAN);   /* 1 */
  append_repeated(dataset, si, 3, 2, -10.0); /* 2: the diamond that stays */
  append_repeated(dataset, si, 7, 1, -11.0); /* 3: hexagonal diamond, no twin */
  append_repeated(dataset, si, 3, 3, -12.0); /* 4: removed */
  append_repeated(dataset, si, 4, 2, NAN);   /* 5: removed */
  eipnn_labels *eip;
  uint8_t *role;
  assert_int_equal(eipnn_dataset_add_labels(dataset, "eip/sw", 1, 1, &eip), EIPNN_OK);
  strcpy(eip->model, "SW_model");
  eip->failed = 5;
  for (int k = 0; k < 6; k++) eip->energy[k] = k == 3 ? NAN : 100.0 + k;
  eip->forces[eipnn_dataset_first_atom(dataset, 3)][1] = 7.0;
  eip->virial[3][5] = 8.0;
  assert_int_equal(eipnn_dataset_add_split(dataset, "a", &role), EIPNN_OK);
  for (int k = 0; k < 6; k++) role[k] = (uint8_t)(k % 5);
  assert_int_equal(eipnn_dataset_set_reference_energy(dataset, 14, -0.8), EIPNN_OK);
  eipnn_dedupe_options options;
  eipnn_dedupe_report report;
  eipnn_dedupe_options_default(&options);
  assert_int_equal(eipnn_dataset_dedupe(dataset, &options, &unique, &report), EIPNN_OK);
  assert_int_equal(report.removed, 3);
  assert_int_equal(report.conflicts, 1); /* -12 eV in 24 atoms against -10 in 16 */
  assert_true(fabs(report.largest_conflict - 0.125) < 1e-12);
  assert_int_equal(report.groups, 3);
  assert_int_equal(report.largest, 1);
  assert_int_equal(eipnn_dataset_count(unique), 3);
  const eipnn_labels *dft = eipnn_dataset_labels(unique, "dft");
  assert_true(isnan(dft->energy[0]) && dft->energy[1] == -10.0 && dft->energy[2] == -11.0);
  const eipnn_labels *kept = eipnn_dataset_labels(unique, "eip/sw");
  assert_true(kept->energy[0] == 101.0 && kept->energy[1] == 102.0 && isnan(kept->energy[2]));
  assert_true(kept->forces[eipnn_dataset_first_atom(unique, 2)][1] == 7.0);
  assert_true(kept->virial[2][5] == 8.0);
  assert_string_equal(kept->model, "SW_model");
  assert_int_equal(kept->failed, 1); /* no more than are missing */
  const uint8_t *roles = eipnn_dataset_split(unique, "a");
  assert_true(roles[0] == 1 && roles[1] == 2 && roles[2] == 3);
  assert_true(eipnn_dataset_reference_energy(unique, 14, NULL) == -0.8);
  eipnn_dataset_free(&unique);
  eipnn_dataset_free(&dataset);
  eipnn_dataset_free(&si);
}

static eipnn_dataset *rattled(const char *material, int copies, double rattle)
{
  eipnn_dataset *source = empty(), *pool = empty();
  eipnn_perturb_options options;
  eipnn_perturb_options_default(&options);
  options.copies = copies;
  options.strain = 0.0;
  options.rattle = rattle;
  assert_int_equal(eipnn_dataset_append_prototypes(source, material), EIPNN_OK);
  assert_int_equal(eipnn_dataset_perturb(source, &options, pool, NULL), EIPNN_OK);
  eipnn_dataset_free(&source);
  return pool;
}

/* More configurations than one block of products: the copies of a prototype are one group each. */
static void test_groups(void **state)
{
  (void)state;
  eipnn_dataset *pool = rattled("si", 60, 0.03), *unique, *again;
  eipnn_dedupe_options options;
  eipnn_dedupe_report report;
  eipnn_dedupe_options_default(&options);
  options.twin = 0.0;
  assert_int_equal(eipnn_dataset_dedupe(pool, &options, &unique, &report), EIPNN_OK);
  assert_int_equal(report.removed, 0);
  assert_int_equal(eipnn_dataset_count(unique), 600);
  const int64_t *group = eipnn_dataset_groups(unique);
  for (size_t k = 0; k < 600; k++) assert_int_equal(group[k], k / 60);
  assert_int_equal(report.groups, 10);
  assert_int_equal(report.largest, 60);
  assert_int_equal(eipnn_dataset_group_count(unique), 10);
  assert_int_equal(eipnn_dataset_group_count(pool), 0);
  options.twin = 0.05; /* whole groups are twins */
  assert_int_equal(eipnn_dataset_dedupe(unique, &options, &again, &report), EIPNN_OK);
  assert_int_equal(eipnn_dataset_count(again), 10);
  assert_int_equal(report.removed, 590);
  eipnn_dataset_free(&again);
  eipnn_dataset_free(&unique);
  eipnn_dataset_free(&pool);
}

/* Groups pass through files, appending and subsets; configurations added later are on their own. */
static void test_storage(void **state)
{
  eipnn_dataset *one = sample_dataset(4, 0), *two = sample_dataset(3, 0), *read, *part;
  int64_t *group;
  assert_null(eipnn_dataset_groups(one));
  assert_int_equal(eipnn_dataset_add_groups(one, &group), EIPNN_OK);
  assert_int_equal(group[0], -1);
  memcpy(group, (int64_t[4]){5, 7, 5, -1}, sizeof(int64_t[4]));
  assert_int_equal(eipnn_dataset_group_count(one), 3);
  sample_append(one, 4, 0);
  assert_int_equal(eipnn_dataset_append_dataset(one, two), EIPNN_OK);
  assert_int_equal(eipnn_dataset_groups(one)[4], -1);
  assert_int_equal(eipnn_dataset_groups(one)[7], -1);
  assert_int_equal(eipnn_dataset_add_groups(two, &group), EIPNN_OK);
  memcpy(group, (int64_t[3]){0, -1, 1}, sizeof(int64_t[3]));
  assert_int_equal(eipnn_dataset_append_dataset(one, two), EIPNN_OK);
  static const int64_t expected[11] = {5, 7, 5, -1, -1, -1, -1, -1, 8, -1, 9};
  assert_memory_equal(eipnn_dataset_groups(one), expected, sizeof expected);
  const char *path = temporary_path(*state, "groups.h5");
  assert_int_equal(eipnn_dataset_write(one, path), EIPNN_OK);
  assert_int_equal(eipnn_dataset_read(path, &read), EIPNN_OK);
  assert_memory_equal(eipnn_dataset_groups(read), expected, sizeof expected);
  static const size_t index[3] = {10, 2, 0};
  assert_int_equal(eipnn_dataset_subset(read, index, 3, &part), EIPNN_OK);
  assert_memory_equal(eipnn_dataset_groups(part), ((int64_t[3]){9, 5, 5}), sizeof(int64_t[3]));
  eipnn_dataset_free(&part);
  static const size_t outside[1] = {11};
  assert_int_equal(eipnn_dataset_subset(read, outside, 1, &part), EIPNN_ERROR_ARGUMENT);
  assert_null(part);
  eipnn_dataset_groups(read)[1] = -2;
  assert_int_equal(eipnn_dataset_write(read, path), EIPNN_OK);
  eipnn_dataset_free(&read);
  assert_int_equal(eipnn_dataset_read(path, &read), EIPNN_ERROR_FORMAT);
  assert_non_null(strstr(eipnn_last_error(), "group -2"));
  eipnn_dataset_free(&one);
  eipnn_dataset_free(&two);
}

static void test_errors(void **state)
{
  (void)state;
  eipnn_dataset *dataset = rattled("al", 1, 0.1), *unique = dataset;
  eipnn_dedupe_options options;
  eipnn_dedupe_options_default(&options);
  options.twin = -1.0;
  assert_int_equal(eipnn_dataset_dedupe(dataset, &options, &unique, NULL), EIPNN_ERROR_ARGUMENT);
  assert_null(unique);
  eipnn_dedupe_options_default(&options);
  options.group = NAN;
  assert_int_equal(eipnn_dataset_dedupe(dataset, &options, &unique, NULL), EIPNN_ERROR_ARGUMENT);
  options.group = 0.1;
  options.cutoff = 100.0;
  assert_int_equal(eipnn_dataset_dedupe(dataset, &options, &unique, NULL), EIPNN_ERROR_ARGUMENT);
  eipnn_dataset *none = empty();
  eipnn_dedupe_options_default(&options);
  assert_int_equal(eipnn_dataset_dedupe(none, &options, &unique, NULL), EIPNN_OK);
  assert_int_equal(eipnn_dataset_count(unique), 0);
  eipnn_dataset_free(&unique);
  eipnn_dataset_free(&none);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_twins),
      cmocka_unit_test(test_groups),
      cmocka_unit_test(test_storage),
      cmocka_unit_test(test_errors),
  };
  return cmocka_run_group_tests(tests, temporary_setup, temporary_teardown);
}
