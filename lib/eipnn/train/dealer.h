/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_DEALER_H
#define EIPNN_TRAIN_DEALER_H

/* Which training configurations each optimiser step learns from, where some have labels of the
   dataset and others labels that augmentation chose. */

#include "train/sampler.h"

/* What one step learns from, over all ranks: labels of the dataset first, chosen ones after. */
typedef struct eipnn_deal {
  const size_t *slots;
  size_t size;
  size_t nchosen; /* the last ones of them */
} eipnn_deal;

enum { EIPNN_DEALER_SAMPLERS = 2 };

/* Where a dealer stands; the second is zero where there is one sampler. */
typedef struct eipnn_dealer_state {
  eipnn_sampler_state sampler[EIPNN_DEALER_SAMPLERS];
} eipnn_dealer_state;

typedef struct eipnn_dealer {
  int nsamplers;
  eipnn_sampler sampler[EIPNN_DEALER_SAMPLERS];
  size_t first_chosen; /* slots from here on have chosen labels */
  size_t *slots;       /* of the current deal */
} eipnn_dealer;

/* Slots 0 ... first_chosen-1 have labels of the dataset, first_chosen ... count-1 chosen ones.
   mixed 0: `batch` of each kind per step, from a sampler each; 1, or no chosen labels: `batch`
   from all shuffled together. */
eipnn_status eipnn_dealer_create(eipnn_dealer *dealer, size_t count, size_t first_chosen,
                                 size_t batch, int mixed, uint64_t seed);
void eipnn_dealer_free(eipnn_dealer *dealer);

/* An epoch is once through the labels of the dataset, or, mixed, through all. */
size_t eipnn_dealer_steps_per_epoch(const eipnn_dealer *dealer);
int64_t eipnn_dealer_epoch(const eipnn_dealer *dealer);
size_t eipnn_dealer_batch(const eipnn_dealer *dealer); /* configurations per step */

/* The next deal, valid until the next call. */
eipnn_deal eipnn_dealer_next(eipnn_dealer *dealer);

eipnn_dealer_state eipnn_dealer_state_of(const eipnn_dealer *dealer);
/* Continues from a saved state: the same deals follow. */
eipnn_status eipnn_dealer_restore(eipnn_dealer *dealer, const eipnn_dealer_state *state);

#endif
