/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_REF_KERNELS_H
#define EIPNN_TENSOR_REF_KERNELS_H

/* Kernels of backend "ref": the operations of tensor/graph.h written as they
   are defined, in double. Everything faster is tested against these. */

#include "tensor/backend.h"
#include "tensor/kernel_list.h"

#include <stddef.h>

static inline double *eipnn_ref_row(eipnn_matrix matrix, int row)
{
  return (double *)matrix.data + (size_t)row * (size_t)matrix.cols;
}

/* Row of an operand that has as many rows as the result, or one. */
static inline const double *eipnn_ref_broadcast_row(eipnn_matrix matrix, int row)
{
  return eipnn_ref_row(matrix, matrix.rows == 1 ? 0 : row);
}

void eipnn_ref_clear(eipnn_matrix matrix);

#define EIPNN_REF_DECLARE(OP, name)                                                                \
  eipnn_status eipnn_ref_##name(const eipnn_kernel_arguments *arguments);
EIPNN_KERNEL_LIST(EIPNN_REF_DECLARE)

#endif
