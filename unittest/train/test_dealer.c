/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/dealer.h"
#include "train/test_support.h"

static void separate_batches_deal_both_kinds(void **state)
{
  (void)state;
  eipnn_dealer dealer;
  assert_ok(eipnn_dealer_create(&dealer, 20, 8, 3, 0, 42));
  assert_int_equal(eipnn_dealer_steps_per_epoch(&dealer), 2);
  assert_int_equal(eipnn_dealer_batch(&dealer), 6);
  int seen[20] = {0};
  for (int step = 0; step < 4; step++) {
    const eipnn_deal deal = eipnn_dealer_next(&dealer);
    assert_int_equal(deal.size, 6);
    assert_int_equal(deal.nchosen, 3);
    for (size_t k = 0; k < 6; k++) {
      assert_int_equal(deal.slots[k] >= 8, k >= 3);
      seen[deal.slots[k]]++;
    }
  }
  assert_int_equal(eipnn_dealer_epoch(&dealer), 1);
  for (int slot = 8; slot < 20; slot++) assert_int_equal(seen[slot], 1);
  eipnn_dealer_free(&dealer);
}

static void mixed_batches_deal_all_together(void **state)
{
  (void)state;
  eipnn_dealer dealer;
  assert_ok(eipnn_dealer_create(&dealer, 20, 8, 5, 1, 3));
  assert_int_equal(eipnn_dealer_steps_per_epoch(&dealer), 4);
  int seen[20] = {0};
  size_t chosen[4];
  for (int step = 0; step < 4; step++) {
    const eipnn_deal deal = eipnn_dealer_next(&dealer);
    assert_int_equal(deal.size, 5);
    chosen[step] = deal.nchosen;
    for (size_t k = 0; k < 5; k++) {
      assert_int_equal(deal.slots[k] >= 8, k >= 5 - deal.nchosen); /* of the dataset first */
      seen[deal.slots[k]]++;
    }
  }
  for (int slot = 0; slot < 20; slot++) assert_int_equal(seen[slot], 1);
  assert_int_equal(chosen[0] + chosen[1] + chosen[2] + chosen[3], 12);
  assert_true(chosen[0] != chosen[1] || chosen[0] != chosen[2] || chosen[0] != chosen[3]);
  eipnn_dealer_free(&dealer);
}

/* Without chosen labels the batches are a sampler's own. */
static void nothing_chosen(void **state)
{
  (void)state;
  eipnn_dealer dealer;
  eipnn_sampler sampler;
  assert_ok(eipnn_dealer_create(&dealer, 11, 11, 4, 0, 9));
  assert_ok(eipnn_sampler_create(&sampler, 11, 4, 9));
  for (int step = 0; step < 7; step++) {
    size_t size;
    const size_t *slots = eipnn_sampler_next(&sampler, &size);
    const eipnn_deal deal = eipnn_dealer_next(&dealer);
    assert_int_equal(deal.nchosen, 0);
    assert_int_equal(deal.size, size);
    assert_memory_equal(deal.slots, slots, size * sizeof *slots);
  }
  eipnn_sampler_free(&sampler);
  eipnn_dealer_free(&dealer);
}

static void a_saved_state_continues(void **state)
{
  (void)state;
  eipnn_dealer dealer, restored;
  assert_ok(eipnn_dealer_create(&dealer, 17, 7, 3, 0, 42));
  assert_ok(eipnn_dealer_create(&restored, 17, 7, 3, 0, 1));
  for (int step = 0; step < 5; step++) eipnn_dealer_next(&dealer);
  const eipnn_dealer_state saved = eipnn_dealer_state_of(&dealer);
  assert_ok(eipnn_dealer_restore(&restored, &saved));
  for (int step = 0; step < 8; step++) {
    const eipnn_deal a = eipnn_dealer_next(&dealer), b = eipnn_dealer_next(&restored);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.slots, b.slots, a.size * sizeof *a.slots);
  }
  eipnn_dealer_state wrong = saved;
  wrong.sampler[1].cursor = 1000;
  assert_fails(eipnn_dealer_restore(&restored, &wrong), EIPNN_ERROR_FORMAT, "cursor");
  eipnn_dealer_free(&dealer);
  eipnn_dealer_free(&restored);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(separate_batches_deal_both_kinds),
      cmocka_unit_test(mixed_batches_deal_all_together),
      cmocka_unit_test(nothing_chosen),
      cmocka_unit_test(a_saved_state_continues),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
