/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/cpu/kernels.h"

#include <string.h>

static void copy(void *to, const void *from, size_t count)
{
  if (count && to != from) memcpy(to, from, count * sizeof(real));
}

eipnn_status EIPNN_CPU(halo)(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  const eipnn_halo *halo = arguments->halo;
  copy(out.data, a.data, EIPNN_CPU(count)(a));
  if (halo && halo->forward(halo->context, out.data, out.cols, sizeof(real)))
    return eipnn_error(EIPNN_ERROR_CALLBACK, "the host failed to send %d features to ghost atoms",
                       out.cols);
  return EIPNN_OK;
}

/* The host sums in place: in the operand where out shares its memory, else in scratch of the same
   shape. */
eipnn_status EIPNN_CPU(halo_sum)(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  const eipnn_halo *halo = arguments->halo;
  if (!halo) {
    copy(out.data, a.data, EIPNN_CPU(count)(out));
    return EIPNN_OK;
  }
  void *rows = out.data == a.data ? a.data : arguments->scratch;
  copy(rows, a.data, EIPNN_CPU(count)(a));
  if (halo->reverse(halo->context, rows, a.cols, sizeof(real)))
    return eipnn_error(EIPNN_ERROR_CALLBACK,
                       "the host failed to sum %d features of ghost atoms into their owners",
                       a.cols);
  copy(out.data, rows, EIPNN_CPU(count)(out));
  return EIPNN_OK;
}
