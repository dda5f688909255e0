/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random splits of a dataset. */
#include "sample_dataset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static size_t count_role(const uint8_t *role, size_t n, eipnn_role wanted)
{
  size_t count = 0;
  for (size_t i = 0; i < n; i++) count += role[i] == wanted;
  return count;
}

static const uint8_t *make(eipnn_dataset *dataset, const char *name,
                           const eipnn_split_options *options)
{
  assert_int_equal(eipnn_dataset_make_split(dataset, name, options), EIPNN_OK);
  return eipnn_dataset_split(dataset, name);
}

static void assert_counts(const uint8_t *role, size_t n, size_t train, size_t validation,
                          size_t test, size_t pool)
{
  assert_int_equal(count_role(role, n, EIPNN_ROLE_TRAIN), train);
  assert_int_equal(count_role(role, n, EIPNN_ROLE_VALIDATION), validation);
  assert_int_equal(count_role(role, n, EIPNN_ROLE_TEST), test);
  assert_int_equal(count_role(role, n, EIPNN_ROLE_POOL), pool);
}

static void test_fractions(void **state)
{
  (void)state;
  eipnn_dataset *dataset = sample_dataset(200, 0);
  eipnn_split_options options;
  eipnn_split_options_default(&options);
  assert_counts(make(dataset, "default", &options), 200, 128, 32, 40, 0);
  options.pool = 0.8;
  assert_counts(make(dataset, "pool", &options), 200, 26, 6, 8, 160);
  options = (eipnn_split_options){.train = 1.0 / 3,
                                  .validation = 1.0 / 3,
                                  .test = 1.0 / 3,
                                  .train_count = -1,
                                  .validation_count = -1,
                                  .test_count = -1,
                                  .energy_minimum = NAN,
                                  .energy_maximum = NAN};
  assert_counts(make(dataset, "thirds", &options), 200, 66, 67, 67, 0);
  assert_int_equal(eipnn_dataset_split_count(dataset), 3);
  assert_string_equal(eipnn_dataset_split_name(dataset, 1), "pool");
  assert_null(eipnn_dataset_split_name(dataset, 3));
  assert_null(eipnn_dataset_split(dataset, "absent"));
  eipnn_dataset_free(&dataset);
}

static void test_reproducible(void **state)
{
  (void)state;
  eipnn_dataset *dataset = sample_dataset(200, 0);
  eipnn_split_options options;
  eipnn_split_options_default(&options);
  options.pool = 0.3;
  make(dataset, "a", &options);
  make(dataset, "b", &options);
  options.seed = 43;
  make(dataset, "c", &options);
  const uint8_t *a = eipnn_dataset_split(dataset, "a");
  assert_memory_equal(a, eipnn_dataset_split(dataset, "b"), 200);
  assert_memory_not_equal(a, eipnn_dataset_split(dataset, "c"), 200);
  eipnn_dataset_free(&dataset);
}

/* Splits that differ in train_count share test and validation, and are nested. */
static void test_train_count(void **state)
{
  (void)state;
  eipnn_dataset *dataset = sample_dataset(300, 0);
  eipnn_split_options options;
  eipnn_split_options_default(&options);
  options.validation_count = 20;
  options.test_count = 50;
  options.rest_to_pool = 1;
  options.train_count = 30;
  make(dataset, "small", &options);
  options.train_count = 100;
  make(dataset, "large", &options);
  const uint8_t *small = eipnn_dataset_split(dataset, "small");
  const uint8_t *large = eipnn_dataset_split(dataset, "large");
  assert_counts(small, 300, 30, 20, 50, 200);
  assert_counts(large, 300, 100, 20, 50, 130);
  for (size_t i = 0; i < 300; i++) {
    assert_int_equal(small[i] == EIPNN_ROLE_TEST, large[i] == EIPNN_ROLE_TEST);
    assert_int_equal(small[i] == EIPNN_ROLE_VALIDATION, large[i] == EIPNN_ROLE_VALIDATION);
    if (small[i] == EIPNN_ROLE_TRAIN) assert_int_equal(large[i], EIPNN_ROLE_TRAIN);
  }
  eipnn_dataset_free(&dataset);
}

static void test_window_and_unlabelled(void **state)
{
  (void)state;
  eipnn_dataset *dataset = sample_dataset(100, 0);
  for (size_t i = 0; i < 60; i++) sample_append(dataset, i, SAMPLE_NO_ENERGY);
  eipnn_split_options options;
  eipnn_split_options_default(&options);
  options.energy_maximum = -3.0;
  const uint8_t *role = make(dataset, "window", &options);
  const eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  size_t inside = 0;
  for (size_t i = 0; i < 160; i++) {
    double energy = dft->energy[i] / sample_natoms(i < 100 ? i : i - 100);
    if (i >= 100)
      assert_int_equal(role[i], EIPNN_ROLE_POOL);
    else if (energy > -3.0)
      assert_int_equal(role[i], EIPNN_ROLE_UNUSED);
    else
      inside++;
  }
  assert_true(inside > 20 && inside < 90);
  assert_int_equal(count_role(role, 160, EIPNN_ROLE_TRAIN) +
                       count_role(role, 160, EIPNN_ROLE_VALIDATION) +
                       count_role(role, 160, EIPNN_ROLE_TEST),
                   inside);
  options.rest_to_pool = 1;
  role = make(dataset, "window", &options); /* again, under the same name */
  assert_int_equal(count_role(role, 160, EIPNN_ROLE_UNUSED), 0);
  assert_int_equal(eipnn_dataset_split_count(dataset), 1);
  eipnn_dataset_free(&dataset);
}

/* 200 configurations: groups of 1 (-1), 2, 5 and 15. */
static eipnn_dataset *grouped_dataset(void)
{
  eipnn_dataset *dataset = sample_dataset(200, 0);
  int64_t *group;
  assert_int_equal(eipnn_dataset_add_groups(dataset, &group), EIPNN_OK);
  for (int64_t i = 0; i < 200; i++) {
    int64_t k = i * 77 % 200; /* members are spread over the dataset */
    group[k] = i < 50 ? -1 : i < 100 ? 1000 + i / 2 : i < 140 ? 2000 + i / 5 : 3000 + i / 15;
  }
  return dataset;
}

static void assert_whole_groups(const eipnn_dataset *dataset, const uint8_t *role)
{
  const int64_t *group = eipnn_dataset_groups(dataset);
  for (size_t i = 0; i < 200; i++)
    for (size_t j = 0; j < i; j++)
      if (group[i] >= 0 && group[i] == group[j]) assert_int_equal(role[i], role[j]);
}

static void test_groups(void **state)
{
  (void)state;
  eipnn_dataset *dataset = grouped_dataset();
  eipnn_split_options options;
  eipnn_split_options_default(&options);
  options.by_group = 1;
  for (uint64_t seed = 0; seed < 20; seed++) {
    options.seed = seed;
    const uint8_t *role = make(dataset, "groups", &options);
    assert_counts(role, 200, 128, 32, 40, 0);
    assert_whole_groups(dataset, role);
  }
  options.pool = 0.2;
  options.rest_to_pool = 1;
  options.train_count = 20;
  options.validation_count = 7;
  options.test_count = 33;
  const uint8_t *small = make(dataset, "small", &options);
  assert_counts(small, 200, 20, 7, 33, 140);
  assert_whole_groups(dataset, small);
  options.train_count = 35;
  const uint8_t *large = make(dataset, "large", &options);
  small = eipnn_dataset_split(dataset, "small");
  assert_counts(large, 200, 35, 7, 33, 125);
  for (size_t i = 0; i < 200; i++) {
    assert_int_equal(small[i] == EIPNN_ROLE_TEST, large[i] == EIPNN_ROLE_TEST);
    assert_int_equal(small[i] == EIPNN_ROLE_VALIDATION, large[i] == EIPNN_ROLE_VALIDATION);
  }
  eipnn_dataset_free(&dataset);
}

/* Numbers that groups of ten cannot meet: nearer from above or from below. */
static void test_large_groups(void **state)
{
  (void)state;
  eipnn_dataset *dataset = sample_dataset(200, 0);
  eipnn_split_options options;
  int64_t *group;
  eipnn_split_options_default(&options);
  options.by_group = 1;
  assert_int_equal(eipnn_dataset_make_split(dataset, "none", &options), EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "eipnn dedupe"));
  assert_int_equal(eipnn_dataset_add_groups(dataset, &group), EIPNN_OK);
  for (int64_t i = 0; i < 200; i++) group[i] = i / 10;
  options.train_count = 96;
  options.validation_count = 14;
  options.test_count = 36;
  assert_counts(make(dataset, "tens", &options), 200, 100, 10, 40, 0);
  options.validation_count = 4;
  assert_int_equal(eipnn_dataset_make_split(dataset, "tens", &options), EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "4 validation"));
  eipnn_dataset_free(&dataset);
}

static void test_errors(void **state)
{
  (void)state;
  eipnn_dataset *dataset = sample_dataset(10, 0);
  eipnn_split_options good, bad;
  eipnn_split_options_default(&good);
#define REJECTED(name, change)                                                                     \
  bad = good;                                                                                      \
  change;                                                                                          \
  assert_int_equal(eipnn_dataset_make_split(dataset, name, &bad), EIPNN_ERROR_ARGUMENT);           \
  assert_int_equal(eipnn_dataset_split_count(dataset), 0)
  REJECTED("s", bad.train = -0.1);
  REJECTED("s", bad.train = NAN);
  REJECTED("s", bad.pool = 1.5);
  REJECTED("s", bad.test = 0.5);
  REJECTED("s", bad.test_count = 11);
  REJECTED("s", bad.train_count = 5; bad.validation_count = 5; bad.test_count = 1);
  assert_non_null(strstr(eipnn_last_error(), "5 train configurations, but only 4"));
  REJECTED("s", bad.energy_minimum = 1.0; bad.energy_maximum = 0.0);
  REJECTED("", bad.seed = 1);
  REJECTED("a/b", bad.seed = 1);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_fractions),   cmocka_unit_test(test_reproducible),
      cmocka_unit_test(test_train_count), cmocka_unit_test(test_window_and_unlabelled),
      cmocka_unit_test(test_groups),      cmocka_unit_test(test_large_groups),
      cmocka_unit_test(test_errors)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
