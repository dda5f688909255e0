/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/sampler.h"
#include "train/test_support.h"

/* Draws one epoch of ten configurations in batches of three. */
static void draw_epoch(eipnn_sampler *sampler, int seen[10], size_t order[9])
{
  for (int b = 0, n = 0; b < 3; b++) {
    size_t size;
    const size_t *batch = eipnn_sampler_next(sampler, &size);
    assert_int_equal(size, 3);
    for (size_t k = 0; k < size; k++) {
      assert_true(batch[k] < 10);
      seen[batch[k]]++;
      order[n++] = batch[k];
    }
  }
}

static void an_epoch_shows_each_once_and_drops_the_rest(void **state)
{
  (void)state;
  eipnn_sampler sampler;
  assert_ok(eipnn_sampler_create(&sampler, 10, 3, 42));
  assert_int_equal(eipnn_sampler_steps_per_epoch(&sampler), 3);
  size_t first[9], second[9];
  int seen[10] = {0}, total = 0;
  draw_epoch(&sampler, seen, first);
  for (int k = 0; k < 10; k++) {
    assert_true(seen[k] <= 1);
    total += seen[k];
  }
  assert_int_equal(total, 9);
  draw_epoch(&sampler, seen, second);
  assert_int_equal(sampler.state.epoch, 1);
  assert_memory_not_equal(first, second, sizeof first);
  eipnn_sampler_free(&sampler);
}

static void a_small_set_is_one_batch(void **state)
{
  (void)state;
  eipnn_sampler sampler;
  assert_ok(eipnn_sampler_create(&sampler, 5, 32, 1));
  for (int epoch = 0; epoch < 4; epoch++) {
    size_t size;
    int seen[5] = {0};
    const size_t *batch = eipnn_sampler_next(&sampler, &size);
    assert_int_equal(size, 5);
    for (size_t k = 0; k < size; k++) seen[batch[k]]++;
    for (int k = 0; k < 5; k++) assert_int_equal(seen[k], 1);
    assert_int_equal(sampler.state.epoch, epoch);
  }
  eipnn_sampler_free(&sampler);
}

static void a_restored_sampler_continues(void **state)
{
  (void)state;
  for (int stop = 0; stop < 12; stop++) {
    eipnn_sampler one, two;
    size_t size;
    assert_ok(eipnn_sampler_create(&one, 17, 4, 9));
    assert_ok(eipnn_sampler_create(&two, 17, 4, 10));
    for (int k = 0; k < stop; k++) eipnn_sampler_next(&one, &size);
    const eipnn_sampler_state saved = one.state;
    assert_ok(eipnn_sampler_restore(&two, &saved));
    for (int k = 0; k < 20; k++) {
      const size_t *a = eipnn_sampler_next(&one, &size);
      const size_t *b = eipnn_sampler_next(&two, &size);
      assert_memory_equal(a, b, size * sizeof *a);
    }
    eipnn_sampler_free(&one);
    eipnn_sampler_free(&two);
  }
}

static void bad_sizes_and_states_are_errors(void **state)
{
  (void)state;
  eipnn_sampler sampler;
  assert_fails(eipnn_sampler_create(&sampler, 0, 4, 1), EIPNN_ERROR_ARGUMENT, "positive");
  assert_fails(eipnn_sampler_create(&sampler, 4, 0, 1), EIPNN_ERROR_ARGUMENT, "positive");
  assert_ok(eipnn_sampler_create(&sampler, 10, 3, 1));
  eipnn_sampler_state bad = sampler.state;
  bad.cursor = 12;
  assert_fails(eipnn_sampler_restore(&sampler, &bad), EIPNN_ERROR_FORMAT, "cursor");
  bad.cursor = 4;
  assert_fails(eipnn_sampler_restore(&sampler, &bad), EIPNN_ERROR_FORMAT, "cursor");
  eipnn_sampler_free(&sampler);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_epoch_shows_each_once_and_drops_the_rest),
      cmocka_unit_test(a_small_set_is_one_batch),
      cmocka_unit_test(a_restored_sampler_continues),
      cmocka_unit_test(bad_sizes_and_states_are_errors),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
