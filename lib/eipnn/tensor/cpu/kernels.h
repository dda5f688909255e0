/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_CPU_KERNELS_H
#define EIPNN_TENSOR_CPU_KERNELS_H

/* Kernels of backend "cpu". Meaning of each operation: tensor/graph.h; plain
   versions: tensor/ref. Sums over rows accumulate in double, whatever real is. */

#include "tensor/backend.h"
#include "tensor/cpu/real.h"
#include "tensor/kernel_list.h"

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

#define EIPNN_CPU_DECLARE(OP, name)                                                                \
  eipnn_status EIPNN_CPU(name)(const eipnn_kernel_arguments *arguments);
EIPNN_KERNEL_LIST(EIPNN_CPU_DECLARE)

#endif
