/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_CPU_FILTER_TABLE_H
#define EIPNN_TENSOR_CPU_FILTER_TABLE_H

/* Where the filters of a block of pairs lie in a radial table, and with which
   weights their rows are summed: worked out for many pairs at once. */

#include "tensor/cpu/kernels.h"

enum { EIPNN_CPU_PAIRS = 64 };

typedef struct filter_table_block {
  int row[EIPNN_CPU_PAIRS]; /* first of the four coefficient rows */
  real t[EIPNN_CPU_PAIRS];  /* position within the interval */
} filter_table_block;

typedef struct filter_table_weights {
  real row[4][EIPNN_CPU_PAIRS];
} filter_table_weights;

/* Rows and positions of `count` distances. Outside the table: the end intervals. */
void EIPNN_CPU(filter_locate)(const eipnn_grid *grid, const real *distance, size_t count,
                              filter_table_block *block);

/* Weights of the four rows in the order-th derivative, times factor: [count] or NULL for 1. */
void EIPNN_CPU(filter_weigh)(const eipnn_grid *grid, int order, const real *factor, size_t count,
                             const filter_table_block *block, filter_table_weights *weights);

#endif
