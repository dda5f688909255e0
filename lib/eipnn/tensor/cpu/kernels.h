/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_CPU_KERNELS_H
#define EIPNN_TENSOR_CPU_KERNELS_H

/* Kernels of backend "cpu". Meaning of each operation: tensor/graph.h; plain
   versions: tensor/ref. Sums over rows accumulate in double, whatever real is. */

#include "tensor/backend.h"
#include "tensor/cpu/real.h"

/* A tensor's columns are worked on in pieces of at most this many, so that local
   sums fit the stack. */
enum { EIPNN_CPU_COLUMNS = 512 };

static inline real *EIPNN_CPU(row)(eipnn_matrix matrix, size_t row)
{
  return (real *)matrix.data + row * (size_t)matrix.cols;
}

static inline size_t EIPNN_CPU(count)(eipnn_matrix matrix)
{
  return (size_t)matrix.rows * (size_t)matrix.cols;
}

eipnn_status EIPNN_CPU(add)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(mul)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(affine)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(unary)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(matmul)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(linear)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(sum_rows)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(sum_cols)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(repeat)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(gather)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(scatter)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(halo)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(halo_sum)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(spline)(const eipnn_kernel_arguments *arguments);
eipnn_status EIPNN_CPU(filter)(const eipnn_kernel_arguments *arguments);

/* By operation; NULL for leaves. */
extern const eipnn_kernel EIPNN_CPU(kernel)[EIPNN_OP_COUNT];

#endif
