/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_REF_KERNELS_H
#define EIPNN_TENSOR_REF_KERNELS_H

/* Kernels of backend "ref": the operations of tensor/graph.h written as they
   are defined, in double. Everything faster is tested against these. */

#include "tensor/backend.h"

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

eipnn_status eipnn_ref_add(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_mul(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_affine(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_unary(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_matmul(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_linear(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_sum_rows(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_sum_cols(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_repeat(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_gather(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_scatter(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_halo(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_halo_sum(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_spline(const eipnn_kernel_arguments *arguments);
eipnn_status eipnn_ref_filter(const eipnn_kernel_arguments *arguments);

#endif
