/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/ref/kernels.h"

static void copy_rows(eipnn_matrix to, eipnn_matrix from, int rows)
{
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < to.cols; c++) eipnn_ref_row(to, r)[c] = eipnn_ref_row(from, r)[c];
}

eipnn_status eipnn_ref_halo(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  const eipnn_halo *halo = arguments->halo;
  copy_rows(out, a, a.rows);
  if (halo && halo->forward(halo->context, out.data, out.cols, sizeof(double)))
    return eipnn_error(EIPNN_ERROR_CALLBACK, "the host failed to send %d features to ghost atoms",
                       out.cols);
  return EIPNN_OK;
}

eipnn_status eipnn_ref_halo_sum(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  const eipnn_matrix sum = {out.data == a.data ? a.data : arguments->scratch, a.rows, a.cols};
  const eipnn_halo *halo = arguments->halo;
  copy_rows(sum, a, a.rows);
  if (halo && halo->reverse(halo->context, sum.data, sum.cols, sizeof(double)))
    return eipnn_error(EIPNN_ERROR_CALLBACK,
                       "the host failed to sum %d features of ghost atoms into their owners",
                       out.cols);
  copy_rows(out, sum, out.rows);
  return EIPNN_OK;
}
