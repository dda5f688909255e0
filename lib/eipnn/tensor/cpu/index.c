/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/cpu/kernels.h"

#include <string.h>

eipnn_status EIPNN_CPU(gather)(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  const size_t cols = (size_t)out.cols;
  for (size_t r = 0; r < (size_t)out.rows; r++) {
    const int index = arguments->index[r];
    real *restrict to = EIPNN_CPU(row)(out, r);
    const real *restrict from = EIPNN_CPU(row)(a, index < 0 ? 0 : (size_t)index);
    if (index < 0)
      for (size_t c = 0; c < cols; c++) to[c] = (real)0.0;
    else
      for (size_t c = 0; c < cols; c++) to[c] = from[c];
  }
  return EIPNN_OK;
}

/* Adds rows first..last-1 of a, which have one index, to a row of out. */
static void add_run(eipnn_matrix a, size_t first, size_t last, size_t column, size_t width,
                    real *restrict out)
{
  double sum[EIPNN_CPU_COLUMNS];
  for (size_t c = 0; c < width; c++) sum[c] = (double)out[column + c];
  for (size_t r = first; r < last; r++) {
    const real *restrict row = EIPNN_CPU(row)(a, r) + column;
    for (size_t c = 0; c < width; c++) sum[c] += (double)row[c];
  }
  for (size_t c = 0; c < width; c++) out[column + c] = (real)sum[c];
}

eipnn_status EIPNN_CPU(scatter)(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  const size_t rows = (size_t)a.rows, cols = (size_t)a.cols;
  const int *index = arguments->index;
  memset(out.data, 0, EIPNN_CPU(count)(out) * sizeof(real));
  for (size_t first = 0, last; first < rows; first = last) {
    for (last = first + 1; last < rows && index[last] == index[first]; last++) continue;
    if (index[first] < 0) continue;
    for (size_t column = 0; column < cols; column += EIPNN_CPU_COLUMNS) {
      const size_t left = cols - column;
      add_run(a, first, last, column, left < EIPNN_CPU_COLUMNS ? left : EIPNN_CPU_COLUMNS,
              EIPNN_CPU(row)(out, (size_t)index[first]));
    }
  }
  return EIPNN_OK;
}
