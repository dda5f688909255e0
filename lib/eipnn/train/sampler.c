/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/sampler.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Separates the shuffles from other uses of the same seed. */
enum { SAMPLER_STREAM = 7001 };

/* Every epoch starts from the sorted order, so that the random state alone
   decides it. */
static void shuffle_epoch(eipnn_sampler *sampler)
{
  sampler->random = sampler->state.random;
  for (size_t k = 0; k < sampler->count; k++) sampler->order[k] = k;
  eipnn_random_shuffle(&sampler->random, sampler->order, sampler->count);
}

eipnn_status eipnn_sampler_create(eipnn_sampler *sampler, size_t count, size_t batch, uint64_t seed)
{
  memset(sampler, 0, sizeof *sampler);
  if (count == 0 || batch == 0)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "batches of %zu from %zu configurations: both must be positive", batch,
                       count);
  sampler->order = eipnn_calloc(count, sizeof *sampler->order);
  if (!sampler->order)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the order of %zu configurations", count);
  sampler->count = count;
  sampler->batch = batch < count ? batch : count;
  eipnn_random_seed(&sampler->state.random, seed, SAMPLER_STREAM);
  shuffle_epoch(sampler);
  return EIPNN_OK;
}

void eipnn_sampler_free(eipnn_sampler *sampler)
{
  free(sampler->order);
  memset(sampler, 0, sizeof *sampler);
}

size_t eipnn_sampler_steps_per_epoch(const eipnn_sampler *sampler)
{
  return sampler->count / sampler->batch;
}

const size_t *eipnn_sampler_next(eipnn_sampler *sampler, size_t *size)
{
  if (sampler->state.cursor + sampler->batch > sampler->count) {
    sampler->state.random = sampler->random;
    sampler->state.epoch++;
    sampler->state.cursor = 0;
    shuffle_epoch(sampler);
  }
  const size_t *indices = sampler->order + sampler->state.cursor;
  sampler->state.cursor += sampler->batch;
  *size = sampler->batch;
  return indices;
}

eipnn_status eipnn_sampler_restore(eipnn_sampler *sampler, const eipnn_sampler_state *state)
{
  if (state->epoch < 0 || state->cursor > sampler->count || state->cursor % sampler->batch)
    return eipnn_error(
        EIPNN_ERROR_FORMAT,
        "data cursor %llu of epoch %lld does not belong to %zu configurations in batches of %zu",
        (unsigned long long)state->cursor, (long long)state->epoch, sampler->count, sampler->batch);
  sampler->state = *state;
  shuffle_epoch(sampler);
  return EIPNN_OK;
}
