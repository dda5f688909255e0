/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/random.h"
#include "train/balance.h"
#include "train/test_support.h"

enum { COUNT = 40, BATCH = 24 };

/* Configurations of 1 to 96 atoms, as in mixed data sets. */
static void fill_graphs(eipnn_config_graph *graph)
{
  eipnn_random random;
  eipnn_random_seed(&random, 7, 0);
  for (int k = 0; k < COUNT; k++) {
    const double u = eipnn_random_uniform(&random);
    graph[k] = (eipnn_config_graph){.natom = 1 + (int)(95 * u * u * u)};
    graph[k].npair = 14 * graph[k].natom;
  }
}

static eipnn_deal some_deal(size_t *slots, size_t nchosen)
{
  for (size_t p = 0; p < BATCH; p++) slots[p] = (p * 7 + 3) % COUNT;
  return (eipnn_deal){.slots = slots, .size = BATCH, .nchosen = nchosen};
}

static void shares_are_even(void **state)
{
  (void)state;
  eipnn_config_graph graph[COUNT];
  eipnn_balance balance = {0};
  size_t slots[BATCH];
  fill_graphs(graph);
  assert_ok(eipnn_balance_create(&balance, BATCH));
  for (size_t nranks = 2; nranks <= 4; nranks++) {
    int atoms[4] = {0}, most = 0, least = 100000;
    eipnn_deal deal = some_deal(slots, 0);
    eipnn_balance_deal(&balance, graph, nranks, &deal);
    for (size_t p = 0; p < BATCH; p++) atoms[p % nranks] += graph[deal.slots[p]].natom;
    for (size_t r = 0; r < nranks; r++) {
      most = atoms[r] > most ? atoms[r] : most;
      least = atoms[r] < least ? atoms[r] : least;
    }
    assert_true(most - least < 30); /* dealt as they come: 35, 217 and 126 */
  }
  eipnn_balance_free(&balance);
}

static void nothing_is_lost_and_chosen_labels_stay_last(void **state)
{
  (void)state;
  eipnn_config_graph graph[COUNT];
  eipnn_balance balance = {0};
  size_t slots[BATCH];
  fill_graphs(graph);
  assert_ok(eipnn_balance_create(&balance, BATCH));
  for (size_t nranks = 1; nranks <= 50; nranks += 7) {
    int seen[COUNT] = {0};
    eipnn_deal deal = some_deal(slots, 11);
    eipnn_balance_deal(&balance, graph, nranks, &deal);
    assert_int_equal(deal.size, BATCH);
    assert_int_equal(deal.nchosen, 11);
    for (size_t p = 0; p < BATCH; p++) seen[deal.slots[p]] += p < BATCH - 11 ? 1 : 2;
    for (size_t p = 0; p < BATCH; p++) assert_int_equal(seen[slots[p]], p < BATCH - 11 ? 1 : 2);
  }
  eipnn_balance_free(&balance);
}

static void the_order_does_not_depend_on_that_of_the_deal(void **state)
{
  (void)state;
  eipnn_config_graph graph[COUNT];
  eipnn_balance balance = {0};
  size_t slots[BATCH], backwards[BATCH], first[BATCH];
  fill_graphs(graph);
  assert_ok(eipnn_balance_create(&balance, BATCH));
  eipnn_deal deal = some_deal(slots, 0);
  for (size_t p = 0; p < BATCH; p++) backwards[p] = slots[BATCH - 1 - p];
  eipnn_balance_deal(&balance, graph, 3, &deal);
  memcpy(first, deal.slots, sizeof first);
  deal.slots = backwards;
  eipnn_balance_deal(&balance, graph, 3, &deal);
  assert_memory_equal(first, deal.slots, sizeof first);
  eipnn_balance_free(&balance);
}

static void one_rank_keeps_the_deal(void **state)
{
  (void)state;
  size_t slots[BATCH];
  eipnn_config_graph graph[COUNT];
  eipnn_balance balance = {0};
  fill_graphs(graph);
  assert_ok(eipnn_balance_create(&balance, BATCH));
  eipnn_deal deal = some_deal(slots, 5);
  eipnn_balance_deal(&balance, graph, 1, &deal);
  assert_ptr_equal(deal.slots, slots);
  eipnn_balance_free(&balance);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(shares_are_even),
      cmocka_unit_test(nothing_is_lost_and_chosen_labels_stay_last),
      cmocka_unit_test(the_order_does_not_depend_on_that_of_the_deal),
      cmocka_unit_test(one_rank_keeps_the_deal),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
