/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/ref/kernels.h"

void eipnn_ref_clear(eipnn_matrix matrix)
{
  for (int r = 0; r < matrix.rows; r++)
    for (int c = 0; c < matrix.cols; c++) eipnn_ref_row(matrix, r)[c] = 0.0;
}

eipnn_status eipnn_ref_sum_rows(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  eipnn_ref_clear(out);
  for (int r = 0; r < a.rows; r++)
    for (int c = 0; c < a.cols; c++) eipnn_ref_row(out, 0)[c] += eipnn_ref_row(a, r)[c];
  return EIPNN_OK;
}

eipnn_status eipnn_ref_sum_cols(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  eipnn_ref_clear(out);
  for (int r = 0; r < a.rows; r++)
    for (int c = 0; c < a.cols; c++) eipnn_ref_row(out, r)[0] += eipnn_ref_row(a, r)[c];
  return EIPNN_OK;
}

eipnn_status eipnn_ref_repeat(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  for (int r = 0; r < out.rows; r++)
    for (int c = 0; c < out.cols; c++)
      eipnn_ref_row(out, r)[c] = eipnn_ref_broadcast_row(a, r)[a.cols == 1 ? 0 : c];
  return EIPNN_OK;
}
