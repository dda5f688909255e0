/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/ref/kernels.h"

eipnn_status eipnn_ref_gather(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  eipnn_ref_clear(out);
  for (int r = 0; r < out.rows; r++) {
    int from = arguments->index[r];
    if (from < 0) continue;
    for (int c = 0; c < out.cols; c++) eipnn_ref_row(out, r)[c] = eipnn_ref_row(a, from)[c];
  }
  return EIPNN_OK;
}

eipnn_status eipnn_ref_scatter(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  eipnn_ref_clear(out);
  for (int r = 0; r < a.rows; r++) {
    int to = arguments->index[r];
    if (to < 0) continue;
    for (int c = 0; c < out.cols; c++) eipnn_ref_row(out, to)[c] += eipnn_ref_row(a, r)[c];
  }
  return EIPNN_OK;
}
