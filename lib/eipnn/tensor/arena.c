/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/arena.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64

static size_t round_up(size_t size)
{
  return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

void eipnn_arena_clear(eipnn_arena *arena)
{
  arena->count = 0;
  arena->top = 0;
  arena->peak = 0;
}

void eipnn_arena_free(eipnn_arena *arena)
{
  free(arena->range);
  memset(arena, 0, sizeof *arena);
}

static void remove_range(eipnn_arena *arena, size_t k)
{
  memmove(&arena->range[k], &arena->range[k + 1], (arena->count - k - 1) * sizeof *arena->range);
  arena->count--;
}

eipnn_status eipnn_arena_take(eipnn_arena *arena, size_t size, size_t *offset)
{
  *offset = 0;
  if (size == 0) return EIPNN_OK;
  size = round_up(size);
  size_t best = arena->count;
  for (size_t k = 0; k < arena->count; k++)
    if (arena->range[k].size >= size &&
        (best == arena->count || arena->range[k].size < arena->range[best].size))
      best = k;
  if (best < arena->count) {
    *offset = arena->range[best].offset;
    arena->range[best].offset += size;
    arena->range[best].size -= size;
    if (arena->range[best].size == 0) remove_range(arena, best);
    return EIPNN_OK;
  }
  *offset = arena->top;
  arena->top += size;
  if (arena->top > arena->peak) arena->peak = arena->top;
  return EIPNN_OK;
}

/* Joins range k with its right neighbour if they touch. */
static void join_right(eipnn_arena *arena, size_t k)
{
  if (k + 1 >= arena->count) return;
  eipnn_free_range *a = &arena->range[k];
  if (a->offset + a->size != a[1].offset) return;
  a->size += a[1].size;
  remove_range(arena, k + 1);
}

eipnn_status eipnn_arena_give(eipnn_arena *arena, size_t offset, size_t size)
{
  if (size == 0) return EIPNN_OK;
  EIPNN_TRY(eipnn_grow((void **)&arena->range, &arena->capacity, arena->count + 1,
                       sizeof *arena->range));
  size_t k = 0;
  while (k < arena->count && arena->range[k].offset < offset) k++;
  memmove(&arena->range[k + 1], &arena->range[k], (arena->count - k) * sizeof *arena->range);
  arena->range[k] = (eipnn_free_range){offset, round_up(size)};
  arena->count++;
  join_right(arena, k);
  if (k > 0) join_right(arena, k - 1);
  /* A free range at the top goes back to the unused space above. */
  eipnn_free_range *last = &arena->range[arena->count - 1];
  if (last->offset + last->size == arena->top) {
    arena->top = last->offset;
    arena->count--;
  }
  return EIPNN_OK;
}
