/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/cpu/filter_table.h"

/* In double: t is the small difference of two large numbers. */
void EIPNN_CPU(filter_locate)(const eipnn_grid *grid, const real *distance, size_t count,
                              filter_table_block *block)
{
  const double origin = grid->origin, inverse = 1.0 / grid->spacing, last = grid->nodes - 2;
  for (size_t p = 0; p < count; p++) {
    const double position = ((double)distance[p] - origin) * inverse;
    double clamped = position > 0.0 ? position : 0.0; /* NaN becomes 0 */
    clamped = clamped < last ? clamped : last;
    block->row[p] = (int)clamped;
    block->t[p] = (real)(position - block->row[p]);
  }
}

/* Cubic B-splines on an interval of unit length and their derivatives by t. */
static inline void basis(int order, real t, real b[4])
{
  const real s = (real)1.0 - t, sixth = (real)(1.0 / 6.0);
  switch (order) {
    case 0:
      b[0] = sixth * s * s * s;
      b[1] = (real)(2.0 / 3.0) + t * t * ((real)0.5 * t - (real)1.0);
      b[2] = (real)(2.0 / 3.0) + s * s * ((real)0.5 * s - (real)1.0);
      b[3] = sixth * t * t * t;
      break;
    case 1:
      b[0] = (real)-0.5 * s * s;
      b[1] = t * ((real)1.5 * t - (real)2.0);
      b[2] = s * ((real)2.0 - (real)1.5 * s);
      b[3] = (real)0.5 * t * t;
      break;
    case 2:
      b[0] = s;
      b[1] = (real)3.0 * t - (real)2.0;
      b[2] = (real)3.0 * s - (real)2.0;
      b[3] = t;
      break;
    default: /* constants from the third derivative on; t - t keeps a NaN */
      b[0] = (t - t) - (real)(order == 3);
      b[1] = (t - t) + (real)(3 * (order == 3));
      b[2] = (t - t) - (real)(3 * (order == 3));
      b[3] = (t - t) + (real)(order == 3);
      break;
  }
}

/* order is a constant in each call: one loop without branches for each. */
static inline void weigh(int order, real scale, const real *factor, size_t count, const real *t,
                         filter_table_weights *weights)
{
#pragma omp simd
  for (size_t p = 0; p < count; p++) {
    real b[4];
    basis(order, t[p], b);
    const real f = factor ? scale * factor[p] : scale;
    weights->row[0][p] = f * b[0];
    weights->row[1][p] = f * b[1];
    weights->row[2][p] = f * b[2];
    weights->row[3][p] = f * b[3];
  }
}

void EIPNN_CPU(filter_weigh)(const eipnn_grid *grid, int order, const real *factor, size_t count,
                             const filter_table_block *block, filter_table_weights *weights)
{
  double scale = 1.0;
  for (int k = 0; k < order; k++) scale /= grid->spacing;
  switch (order) {
    case 0: weigh(0, (real)scale, factor, count, block->t, weights); break;
    case 1: weigh(1, (real)scale, factor, count, block->t, weights); break;
    case 2: weigh(2, (real)scale, factor, count, block->t, weights); break;
    case 3: weigh(3, (real)scale, factor, count, block->t, weights); break;
    default: weigh(4, (real)0.0, factor, count, block->t, weights); break;
  }
}
