/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_CPU_OPERATIONS_H
#define EIPNN_TENSOR_CPU_OPERATIONS_H

/* The operations of backend "cpu", each listed once: X(OP, name) stands for operation
   EIPNN_OP_OP with kernels eipnn_cpu_single_name and eipnn_cpu_double_name. */

#include "tensor/backend.h"

#define EIPNN_CPU_OPERATIONS(X)                                                                    \
  X(ADD, add)                                                                                      \
  X(MUL, mul)                                                                                      \
  X(AFFINE, affine)                                                                                \
  X(UNARY, unary)                                                                                  \
  X(MATMUL, matmul)                                                                                \
  X(LINEAR, linear)                                                                                \
  X(SUM_ROWS, sum_rows)                                                                            \
  X(SUM_COLS, sum_cols)                                                                            \
  X(REPEAT, repeat)                                                                                \
  X(GATHER, gather)                                                                                \
  X(SCATTER, scatter)                                                                              \
  X(HALO, halo)                                                                                    \
  X(HALO_SUM, halo_sum)                                                                            \
  X(SPLINE, spline)                                                                                \
  X(FILTER, filter)

#endif
