/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/balance.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Work of an atom, in that of a pair: measured for SchNet (dense layers against convolutions). */
enum { WORK_PER_ATOM = 50 };

eipnn_status eipnn_balance_create(eipnn_balance *balance, size_t capacity)
{
  balance->slots = eipnn_calloc(capacity, sizeof *balance->slots);
  balance->entry = eipnn_calloc(capacity, sizeof *balance->entry);
  if (balance->slots && balance->entry) return EIPNN_OK;
  eipnn_balance_free(balance);
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for batches of %zu", capacity);
}

void eipnn_balance_free(eipnn_balance *balance)
{
  free(balance->slots);
  free(balance->entry);
  memset(balance, 0, sizeof *balance);
}

/* Most work first; equals in the order of their slots. */
static int compare(const void *a, const void *b)
{
  const eipnn_balance_entry *x = a, *y = b;
  if (x->work != y->work) return x->work < y->work ? 1 : -1;
  return x->slot < y->slot ? -1 : x->slot > y->slot;
}

/* Fills places begin ... end-1, from the most work to the least; every second round of the ranks
   runs backwards, so that no rank always has the larger share. */
static void fill(eipnn_balance *balance, const eipnn_config_graph *graph, size_t nranks,
                 const size_t *slots, size_t begin, size_t end)
{
  for (size_t p = begin; p < end; p++) {
    const eipnn_config_graph *g = &graph[slots[p]];
    balance->entry[p] = (eipnn_balance_entry){
        .slot = slots[p], .work = WORK_PER_ATOM * (size_t)g->natom + (size_t)g->npair};
  }
  qsort(balance->entry + begin, end - begin, sizeof *balance->entry, compare);
  for (size_t p = begin; p < end; p++) {
    const size_t round = p / nranks, after = (round + 1) * nranks;
    const size_t first = round * nranks > begin ? round * nranks : begin;
    const size_t last = after < end ? after - 1 : end - 1;
    balance->slots[round % 2 ? first + last - p : p] = balance->entry[p].slot;
  }
}

void eipnn_balance_deal(eipnn_balance *balance, const eipnn_config_graph *graph, size_t nranks,
                        eipnn_deal *deal)
{
  if (nranks < 2) return;
  const size_t nlabelled = deal->size - deal->nchosen;
  fill(balance, graph, nranks, deal->slots, 0, nlabelled);
  fill(balance, graph, nranks, deal->slots, nlabelled, deal->size);
  deal->slots = balance->slots;
}
