/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/cpu/kernels.h"

/* Columns first..first+width-1 of a, summed over rows. */
static void sum_columns(eipnn_matrix a, size_t first, size_t width, real *restrict out)
{
  double sum[EIPNN_CPU_COLUMNS];
  for (size_t c = 0; c < width; c++) sum[c] = 0.0;
  for (size_t r = 0; r < (size_t)a.rows; r++) {
    const real *restrict row = EIPNN_CPU(row)(a, r) + first;
    for (size_t c = 0; c < width; c++) sum[c] += (double)row[c];
  }
  for (size_t c = 0; c < width; c++) out[first + c] = (real)sum[c];
}

eipnn_status EIPNN_CPU(sum_rows)(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix a = arguments->input[0];
  const size_t cols = (size_t)a.cols;
  for (size_t first = 0; first < cols; first += EIPNN_CPU_COLUMNS) {
    const size_t left = cols - first;
    sum_columns(a, first, left < EIPNN_CPU_COLUMNS ? left : EIPNN_CPU_COLUMNS, arguments->out.data);
  }
  return EIPNN_OK;
}

eipnn_status EIPNN_CPU(sum_cols)(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix a = arguments->input[0];
  real *restrict out = arguments->out.data;
  for (size_t r = 0; r < (size_t)a.rows; r++) {
    const real *restrict row = EIPNN_CPU(row)(a, r);
    real sum = (real)0.0;
#pragma omp simd reduction(+ : sum)
    for (size_t c = 0; c < (size_t)a.cols; c++) sum += row[c];
    out[r] = sum;
  }
  return EIPNN_OK;
}

eipnn_status EIPNN_CPU(repeat)(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  for (size_t r = 0; r < (size_t)out.rows; r++) {
    real *restrict to = EIPNN_CPU(row)(out, r);
    const real *restrict from = EIPNN_CPU(row)(a, a.rows == 1 ? 0 : r);
    if (a.cols == 1)
      for (size_t c = 0; c < (size_t)out.cols; c++) to[c] = *from;
    else
      for (size_t c = 0; c < (size_t)out.cols; c++) to[c] = from[c];
  }
  return EIPNN_OK;
}
