/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_ARENA_H
#define EIPNN_TENSOR_ARENA_H

/* Offsets of blocks whose lifetimes follow one another: no memory is touched
   here, only planned. Best fit over a list of free ranges. */

#include "base/error.h"

#include <stddef.h>

typedef struct eipnn_free_range {
  size_t offset, size;
} eipnn_free_range;

typedef struct eipnn_arena {
  eipnn_free_range *range; /* free ranges below `top`, by offset */
  size_t count, capacity;
  size_t top;              /* end of the highest block */
  size_t peak;             /* highest top ever: the memory needed */
} eipnn_arena;

void eipnn_arena_clear(eipnn_arena *arena); /* keeps its list's memory */
/* size is rounded up to 64 bytes; a block of size 0 has offset 0. */
eipnn_status eipnn_arena_take(eipnn_arena *arena, size_t size, size_t *offset);
eipnn_status eipnn_arena_give(eipnn_arena *arena, size_t offset, size_t size);
void eipnn_arena_free(eipnn_arena *arena);

#endif
