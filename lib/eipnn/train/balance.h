/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_BALANCE_H
#define EIPNN_TRAIN_BALANCE_H

/* A batch's configurations in an order in which the ranks, who take every n-th, have equally
   much to do. */

#include "models/batch.h"
#include "train/dealer.h"

typedef struct eipnn_balance_entry {
  size_t slot, work;
} eipnn_balance_entry;

typedef struct eipnn_balance {
  size_t *slots;              /* [capacity] of the last deal */
  eipnn_balance_entry *entry; /* [capacity] */
} eipnn_balance;

/* capacity: configurations of the largest deal. */
eipnn_status eipnn_balance_create(eipnn_balance *balance, size_t capacity);
void eipnn_balance_free(eipnn_balance *balance);

/* Reorders a deal for nranks ranks: place p is rank p % nranks's. Chosen labels stay last. The
   order depends on the deal and nranks alone. deal->slots is balance's until the next call. */
void eipnn_balance_deal(eipnn_balance *balance, const eipnn_config_graph *graph, size_t nranks,
                        eipnn_deal *deal);

#endif
