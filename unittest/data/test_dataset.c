/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Datasets in memory. */
#include "sample_dataset.h"

#include <eipnn/dataset.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_elements(void **state)
{
  (void)state;
  assert_int_equal(eipnn_element_number("Si"), 14);
  assert_int_equal(eipnn_element_number("Og"), 118);
  assert_int_equal(eipnn_element_number("si"), 0);
  assert_int_equal(eipnn_element_number("Xx"), 0);
  assert_int_equal(eipnn_element_number(""), 0);
  assert_string_equal(eipnn_element_symbol(47), "Ag");
  assert_null(eipnn_element_symbol(0));
  assert_null(eipnn_element_symbol(119));
  for (int z = 1; z <= 118; z++) assert_int_equal(eipnn_element_number(eipnn_element_symbol(z)), z);
}

static void test_append_and_get(void **state)
{
  (void)state;
  eipnn_dataset *dataset = sample_dataset(50, 3);
  eipnn_configuration c;
  size_t atoms = 0;
  assert_int_equal(eipnn_dataset_count(dataset), 50);
  for (size_t i = 0; i < 50; i++) {
    assert_int_equal(eipnn_dataset_get(dataset, i, &c), EIPNN_OK);
    assert_int_equal(eipnn_dataset_first_atom(dataset, i), atoms);
    assert_int_equal(c.natoms, sample_natoms(i));
    atoms += (size_t)c.natoms;
  }
  assert_int_equal(eipnn_dataset_atom_count(dataset), atoms);
  assert_int_equal(eipnn_dataset_first_atom(dataset, 50), atoms);
  assert_int_equal(eipnn_dataset_get(dataset, 50, &c), EIPNN_ERROR_ARGUMENT);
  int species[118];
  assert_int_equal(eipnn_dataset_species(dataset, species), 2);
  assert_int_equal(species[0], 14);
  assert_int_equal(species[1], 47);
  eipnn_dataset_free(&dataset);
  assert_null(dataset);
  eipnn_dataset_free(&dataset);
}

static void test_labels(void **state)
{
  (void)state;
  eipnn_dataset *dataset = sample_dataset(4, 3);
  eipnn_labels *labels, *again;
  assert_null(eipnn_dataset_labels(dataset, "eip/none"));
  assert_int_equal(eipnn_dataset_add_labels(dataset, "eip/edip", 0, 0, &labels), EIPNN_OK);
  assert_null(labels->forces);
  for (int i = 0; i < 4; i++) assert_true(isnan(labels->energy[i]));
  labels->energy[2] = 1.5;
  assert_int_equal(eipnn_dataset_add_labels(dataset, "eip/edip", 1, 1, &again), EIPNN_OK);
  assert_ptr_equal(labels, again);
  assert_float_equal(labels->energy[2], 1.5, 0.0);
  assert_true(isnan(labels->forces[eipnn_dataset_atom_count(dataset) - 1][2]));
  for (size_t i = 0; i < 100; i++) sample_append(dataset, i, 3); /* all arrays move */
  assert_ptr_equal(eipnn_dataset_labels(dataset, "eip/edip"), labels);
  assert_float_equal(labels->energy[2], 1.5, 0.0);
  assert_true(isnan(labels->energy[103]));
  assert_true(isnan(labels->forces[eipnn_dataset_atom_count(dataset) - 1][2]));
  assert_true(isnan(labels->virial[103][5]));
  assert_int_equal(eipnn_dataset_add_labels(dataset, "edip", 0, 0, &again), EIPNN_ERROR_ARGUMENT);
  assert_null(again);
  const char *const invalid[] = {"eip/", "eip/a/b", "eip/a b", "eip/..", "eip/."};
  for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
    assert_int_equal(eipnn_dataset_add_labels(dataset, invalid[i], 0, 0, &again),
                     EIPNN_ERROR_ARGUMENT);
  eipnn_dataset_free(&dataset);
}

/* Labels given late reach back as missing, labels left out later stay missing. */
static void test_partial_labels(void **state)
{
  (void)state;
  eipnn_dataset *dataset;
  assert_int_equal(eipnn_dataset_create(&dataset), EIPNN_OK);
  eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  assert_non_null(dft);
  sample_append(dataset, 0, 0);
  assert_null(dft->forces);
  sample_append(dataset, 1, 3);
  sample_append(dataset, 2, 0);
  assert_true(isnan(dft->forces[0][0]));
  assert_false(isnan(dft->forces[eipnn_dataset_first_atom(dataset, 1)][0]));
  assert_true(isnan(dft->forces[eipnn_dataset_first_atom(dataset, 2)][0]));
  assert_true(isnan(dft->virial[0][0]) && !isnan(dft->virial[1][0]) && isnan(dft->virial[2][0]));
  eipnn_dataset_free(&dataset);
}

static void test_bad_configurations(void **state)
{
  (void)state;
  eipnn_dataset *dataset = sample_dataset(2, 3);
  eipnn_configuration good, bad;
  char before[17], after[17];
  eipnn_dataset_hash(dataset, before);
  assert_int_equal(eipnn_dataset_get(dataset, 1, &good), EIPNN_OK);
  const double position[4][3] = {{0, 0, 0}, {1, 2, NAN}, {2, 2, 2}, {3, 3, 3}};
  const int number[4] = {14, 14, 119, 14};
#define REJECTED(change, energy)                                                                   \
  bad = good;                                                                                      \
  change;                                                                                          \
  assert_int_equal(eipnn_dataset_append(dataset, &bad, energy, NULL, NULL), EIPNN_ERROR_ARGUMENT)
  REJECTED(bad.natoms = 0, 0.0);
  REJECTED(bad.natoms = -5, 0.0);
  REJECTED(bad.position = position; bad.natoms = 4, 0.0);
  REJECTED(bad.number = number; bad.natoms = 4, 0.0);
  REJECTED(bad.cell[0][0] = INFINITY, 0.0);
  REJECTED(memset(bad.cell[1], 0, sizeof bad.cell[1]), 0.0);
  REJECTED(bad.natoms = good.natoms, -INFINITY);
  eipnn_dataset_hash(dataset, after);
  assert_string_equal(before, after);
  assert_int_equal(eipnn_dataset_count(dataset), 2);
  eipnn_dataset_free(&dataset);
}

static void test_references(void **state)
{
  (void)state;
  eipnn_dataset *dataset = sample_dataset(1, 0);
  int known = 7;
  assert_float_equal(eipnn_dataset_reference_energy(dataset, 14, &known), 0.0, 0.0);
  assert_int_equal(known, 0);
  assert_int_equal(eipnn_dataset_set_reference_energy(dataset, 14, -0.8), EIPNN_OK);
  assert_float_equal(eipnn_dataset_reference_energy(dataset, 14, &known), -0.8, 0.0);
  assert_int_equal(known, 1);
  assert_float_equal(eipnn_dataset_reference_energy(dataset, -3, NULL), 0.0, 0.0);
  assert_int_equal(eipnn_dataset_set_reference_energy(dataset, 0, 1.0), EIPNN_ERROR_ARGUMENT);
  assert_int_equal(eipnn_dataset_set_reference_energy(dataset, 14, NAN), EIPNN_ERROR_ARGUMENT);
  eipnn_dataset_free(&dataset);
}

static void test_hash(void **state)
{
  (void)state;
  eipnn_dataset *a = sample_dataset(5, 3), *b = sample_dataset(5, 3), *c = sample_dataset(6, 3);
  char x[17], y[17];
  eipnn_labels *labels;
  eipnn_dataset_hash(a, x);
  assert_int_equal(strlen(x), 16);
  assert_int_equal(eipnn_dataset_add_labels(b, "eip/sw", 1, 1, &labels), EIPNN_OK);
  eipnn_dataset_hash(b, y);
  assert_string_equal(x, y); /* EIP labels do not count */
  eipnn_dataset_hash(c, y);
  assert_string_not_equal(x, y);
  eipnn_dataset_labels(b, "dft")->energy[3] += 1e-12;
  eipnn_dataset_hash(b, y);
  assert_string_not_equal(x, y);
  eipnn_dataset_free(&a);
  eipnn_dataset_free(&b);
  eipnn_dataset_free(&c);
}

static void test_append_dataset(void **state)
{
  (void)state;
  eipnn_dataset *a = sample_dataset(3, 0), *b = sample_dataset(5, 3), *both = sample_dataset(3, 0);
  eipnn_labels *labels;
  uint8_t *role;
  char x[17], y[17];
  for (size_t i = 0; i < 5; i++) sample_append(both, i, 3);
  assert_int_equal(eipnn_dataset_add_labels(b, "eip/sw", 1, 0, &labels), EIPNN_OK);
  strcpy(labels->model, "SW_A");
  labels->energy[4] = -9.0;
  labels->failed = 2;
  assert_int_equal(eipnn_dataset_set_reference_energy(b, 14, -0.8), EIPNN_OK);
  assert_int_equal(eipnn_dataset_add_split(a, "s", &role), EIPNN_OK);
  role[2] = EIPNN_ROLE_TEST;
  assert_int_equal(eipnn_dataset_append_dataset(a, b), EIPNN_OK);
  eipnn_dataset_hash(a, x);
  eipnn_dataset_hash(both, y);
  assert_string_equal(x, y);
  labels = eipnn_dataset_labels(a, "eip/sw");
  assert_true(isnan(labels->energy[0]));
  assert_float_equal(labels->energy[7], -9.0, 0.0);
  assert_int_equal(labels->failed, 2);
  assert_string_equal(labels->model, "SW_A");
  assert_float_equal(eipnn_dataset_reference_energy(a, 14, NULL), -0.8, 0.0);
  role = eipnn_dataset_split(a, "s");
  assert_int_equal(role[2], EIPNN_ROLE_TEST);
  assert_int_equal(role[3], EIPNN_ROLE_UNUSED);
  assert_int_equal(eipnn_dataset_append_dataset(a, a), EIPNN_OK);
  assert_int_equal(eipnn_dataset_count(a), 16);
  assert_float_equal(eipnn_dataset_labels(a, "eip/sw")->energy[15], -9.0, 0.0);
  strcpy(eipnn_dataset_labels(b, "eip/sw")->model, "SW_B");
  assert_int_equal(eipnn_dataset_append_dataset(a, b), EIPNN_ERROR_ARGUMENT);
  strcpy(eipnn_dataset_labels(b, "eip/sw")->model, "SW_A");
  assert_int_equal(eipnn_dataset_set_reference_energy(b, 14, -0.9), EIPNN_OK);
  assert_int_equal(eipnn_dataset_append_dataset(a, b), EIPNN_ERROR_ARGUMENT);
  assert_int_equal(eipnn_dataset_count(a), 16);
  eipnn_dataset_free(&a);
  eipnn_dataset_free(&b);
  eipnn_dataset_free(&both);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_elements),
                                     cmocka_unit_test(test_append_and_get),
                                     cmocka_unit_test(test_labels),
                                     cmocka_unit_test(test_partial_labels),
                                     cmocka_unit_test(test_bad_configurations),
                                     cmocka_unit_test(test_references),
                                     cmocka_unit_test(test_hash),
                                     cmocka_unit_test(test_append_dataset)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
