/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_PLAN_H
#define EIPNN_TENSOR_PLAN_H

/* What of a graph is run, when, and where each tensor lies: lifetimes and
   offsets, no memory. Constants and kept frozen tensors have offsets in the constant
   block, frozen temporaries in a block of their own, everything else in the
   arena. */

#include "tensor/arena.h"
#include "tensor/backend.h"

/* One tensor of the graph. Flags are 0 or 1. */
typedef struct eipnn_planned {
  char needed;          /* an output depends on it */
  char output;          /* read by the caller: lives for ever */
  char frozen;          /* depends on weights alone (and weights are frozen) */
  char kept;            /* constant leaf, or frozen and read by the rest of the graph */
  char in_arena;        /* lies in the arena, unless placed; computed in every run */
  char placed;          /* the executor has memory for it: set between create and bind */
  char covered;         /* computed by its partner's kernel */
  eipnn_tensor memory;  /* the tensor in whose memory it lies: itself, or what a halo exchange is
                           done in place of */
  int room;             /* rows of that memory, of tensors that have their own */
  int last_use;         /* last node that reads it, or another tensor in its memory */
  eipnn_tensor partner; /* SLOT_S node computed together with this SLOT_X node, or none */
  size_t offset;        /* bytes */
  size_t scratch;       /* offset of the kernel's scratch block */
  eipnn_tensor sorter;  /* the first node that wants the same order of pairs, or none */
  int last_sorted;      /* of a sorter: the last one */
  size_t sorted;        /* of a sorter: offset of that order */
} eipnn_planned;

typedef struct eipnn_plan {
  int size;              /* nodes of the graph */
  eipnn_planned *tensor; /* [size] */
  const eipnn_backend *backend;
  size_t real; /* bytes per element */
  size_t kept_bytes, frozen_bytes, arena_bytes;
  eipnn_extents extents;
  int bound;
  eipnn_arena arena;
} eipnn_plan;

eipnn_status eipnn_plan_create(eipnn_plan *plan, const eipnn_graph *graph, int noutputs,
                               const eipnn_tensor *outputs, int frozen,
                               const eipnn_backend *backend, eipnn_precision precision);
/* New extents: offsets in the arena are laid out again if they changed. */
eipnn_status eipnn_plan_bind(eipnn_plan *plan, const eipnn_graph *graph,
                             const eipnn_structure *structure);
void eipnn_plan_free(eipnn_plan *plan);

/* Rows of a tensor under the bound extents. */
size_t eipnn_plan_rows(const eipnn_plan *plan, int rows);

#endif
