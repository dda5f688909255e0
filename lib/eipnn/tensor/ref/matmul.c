/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/ref/kernels.h"

/* Element (r, c) of a matrix, or of its transpose. */
static double element(eipnn_matrix a, int transposed, int r, int c)
{
  return transposed ? eipnn_ref_row(a, c)[r] : eipnn_ref_row(a, r)[c];
}

eipnn_status eipnn_ref_matmul(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0], b = arguments->input[1];
  const int ta = arguments->node->p.matmul.ta, tb = arguments->node->p.matmul.tb;
  const int inner = ta ? a.rows : a.cols;
  for (int r = 0; r < out.rows; r++)
    for (int c = 0; c < out.cols; c++) {
      double sum = 0.0;
      for (int k = 0; k < inner; k++) sum += element(a, ta, r, k) * element(b, tb, k, c);
      eipnn_ref_row(out, r)[c] = sum;
    }
  return EIPNN_OK;
}

eipnn_status eipnn_ref_linear(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  const eipnn_matrix weight = arguments->input[1], bias = arguments->input[2];
  const eipnn_matrix residual = arguments->input[3];
  for (int r = 0; r < out.rows; r++)
    for (int c = 0; c < out.cols; c++) {
      double sum = eipnn_ref_row(bias, 0)[c];
      if (residual.data) sum += eipnn_ref_row(residual, r)[c];
      for (int k = 0; k < a.cols; k++) sum += eipnn_ref_row(a, r)[k] * eipnn_ref_row(weight, k)[c];
      eipnn_ref_row(out, r)[c] = sum;
    }
  return EIPNN_OK;
}
