/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/dealer.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Chosen labels are shuffled apart from those of the dataset. */
static const uint64_t chosen_seed = UINT64_C(0x9e3779b97f4a7c15);

static eipnn_status create(eipnn_dealer *dealer, size_t count, size_t first_chosen, size_t batch,
                           int mixed, uint64_t seed)
{
  const int separate = !mixed && first_chosen < count;
  dealer->first_chosen = first_chosen;
  EIPNN_TRY(
      eipnn_sampler_create(&dealer->sampler[0], separate ? first_chosen : count, batch, seed));
  dealer->nsamplers = 1;
  if (separate) {
    EIPNN_TRY(
        eipnn_sampler_create(&dealer->sampler[1], count - first_chosen, batch, seed ^ chosen_seed));
    dealer->nsamplers = 2;
  }
  dealer->slots = eipnn_calloc(eipnn_dealer_batch(dealer), sizeof *dealer->slots);
  if (dealer->slots) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for batches of %zu", batch);
}

eipnn_status eipnn_dealer_create(eipnn_dealer *dealer, size_t count, size_t first_chosen,
                                 size_t batch, int mixed, uint64_t seed)
{
  memset(dealer, 0, sizeof *dealer);
  const eipnn_status status = create(dealer, count, first_chosen, batch, mixed, seed);
  if (status != EIPNN_OK) eipnn_dealer_free(dealer);
  return status;
}

void eipnn_dealer_free(eipnn_dealer *dealer)
{
  for (int k = 0; k < EIPNN_DEALER_SAMPLERS; k++) eipnn_sampler_free(&dealer->sampler[k]);
  free(dealer->slots);
  memset(dealer, 0, sizeof *dealer);
}

size_t eipnn_dealer_steps_per_epoch(const eipnn_dealer *dealer)
{
  return eipnn_sampler_steps_per_epoch(&dealer->sampler[0]);
}

int64_t eipnn_dealer_epoch(const eipnn_dealer *dealer)
{
  return dealer->sampler[0].state.epoch;
}

size_t eipnn_dealer_batch(const eipnn_dealer *dealer)
{
  return dealer->sampler[0].batch + dealer->sampler[1].batch;
}

/* Takes a sampler's next slots of one kind, in their order; returns how many. */
static size_t take(eipnn_dealer *dealer, const size_t *slots, size_t size, int chosen, size_t *to)
{
  size_t taken = 0;
  for (size_t k = 0; k < size; k++)
    if ((slots[k] >= dealer->first_chosen) == chosen) to[taken++] = slots[k];
  return taken;
}

eipnn_deal eipnn_dealer_next(eipnn_dealer *dealer)
{
  size_t size;
  const size_t *slots = eipnn_sampler_next(&dealer->sampler[0], &size);
  eipnn_deal deal = {.slots = dealer->slots};
  deal.size = take(dealer, slots, size, 0, dealer->slots);
  deal.nchosen = take(dealer, slots, size, 1, dealer->slots + deal.size);
  deal.size += deal.nchosen;
  if (dealer->nsamplers == 1) return deal;
  slots = eipnn_sampler_next(&dealer->sampler[1], &deal.nchosen);
  for (size_t k = 0; k < deal.nchosen; k++)
    dealer->slots[deal.size++] = dealer->first_chosen + slots[k];
  return deal;
}

eipnn_dealer_state eipnn_dealer_state_of(const eipnn_dealer *dealer)
{
  eipnn_dealer_state state;
  for (int k = 0; k < EIPNN_DEALER_SAMPLERS; k++) state.sampler[k] = dealer->sampler[k].state;
  return state;
}

eipnn_status eipnn_dealer_restore(eipnn_dealer *dealer, const eipnn_dealer_state *state)
{
  for (int k = 0; k < dealer->nsamplers; k++)
    EIPNN_TRY(eipnn_sampler_restore(&dealer->sampler[k], &state->sampler[k]));
  return EIPNN_OK;
}
