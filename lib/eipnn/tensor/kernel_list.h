/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KERNEL_LIST_H
#define EIPNN_TENSOR_KERNEL_LIST_H

/* The operations that need a kernel, each listed once for all backends: X(OP, name) stands for
   operation EIPNN_OP_OP, whose kernels are called after the backend and name. */
#define EIPNN_KERNEL_LIST(X)                                                                       \
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
