/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiled, with the kernels in question, with EIPNN_KOKKOS_LANES: their Device is lanes::Space,
   whose memory is the host's. */
#include "tensor/kokkos/guard.h"
#include "tensor/kokkos/kernels.h"

extern "C" {
#include "lanes_backend.h"
}

namespace eipnn
{

using Kernel = eipnn_status (*)(const eipnn_kernel_arguments &);

template <Kernel Single, Kernel Double>
static eipnn_status run(const eipnn_kernel_arguments *arguments)
{
  return guarded("lanes", [&] {
    return arguments->precision == EIPNN_PRECISION_DOUBLE ? Double(*arguments) : Single(*arguments);
  });
}

static eipnn_backend make_backend()
{
  eipnn_backend b = *eipnn_backend_kokkos_host();
  b.name = "lanes";
  b.kernel[EIPNN_OP_FILTER] = run<filter<Device, float>, filter<Device, double>>;
  b.kernel[EIPNN_OP_GATHER] = run<gather<Device, float>, gather<Device, double>>;
  b.kernel[EIPNN_OP_SCATTER] = run<scatter<Device, float>, scatter<Device, double>>;
  b.kernel[EIPNN_OP_SUM_ROWS] = run<sum_rows<Device, float>, sum_rows<Device, double>>;
  return b;
}

} // namespace eipnn

extern "C" const eipnn_backend *lanes_backend(void)
{
  static const eipnn_backend backend = eipnn::make_backend();
  return &backend;
}

extern "C" void lanes_set_order(int first, int backwards)
{
  lanes::fibers().set_order(first, backwards);
}
