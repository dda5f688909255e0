/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_SAMPLER_H
#define EIPNN_TRAIN_SAMPLER_H

#include "base/error.h"
#include "base/random.h"

/* Where a sampler stands: all that a checkpoint must keep. */
typedef struct eipnn_sampler_state {
  eipnn_random random; /* before this epoch's shuffle */
  int64_t epoch;
  uint64_t cursor; /* examples of this epoch already given out */
} eipnn_sampler_state;

/* Batches of a shuffled set, epoch after epoch. The last, incomplete batch of
   an epoch is dropped, unless the whole set is smaller than a batch. */
typedef struct eipnn_sampler {
  size_t count, batch;
  size_t *order;
  eipnn_random random; /* after this epoch's shuffle */
  eipnn_sampler_state state;
} eipnn_sampler;

eipnn_status eipnn_sampler_create(eipnn_sampler *sampler, size_t count, size_t batch,
                                  uint64_t seed);
void eipnn_sampler_free(eipnn_sampler *sampler);
size_t eipnn_sampler_steps_per_epoch(const eipnn_sampler *sampler);

/* The next batch: *size indices below count, valid until the next call. */
const size_t *eipnn_sampler_next(eipnn_sampler *sampler, size_t *size);

/* Continues from a saved state: the same batches follow. An error where the
   state cannot belong to a set of this size. */
eipnn_status eipnn_sampler_restore(eipnn_sampler *sampler, const eipnn_sampler_state *state);

#endif
