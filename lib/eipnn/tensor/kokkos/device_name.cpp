/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/device_name.h"

#include "tensor/kokkos/gpu.h"

#include <cstdio>

namespace eipnn
{

/* As its vendor writes it, where Kokkos does otherwise. */
static const char *gpu_model()
{
#ifdef KOKKOS_ENABLE_CUDA
  return "CUDA";
#else
  return Device::name();
#endif
}

template <class Exec> void device_name(char *text, std::size_t size)
{
  if (!std::is_same<Exec, Host>::value) {
    std::snprintf(text, size, "%s, %s", gpu_model(), gpu_name().c_str());
    return;
  }
  const int threads = Exec().concurrency();
  std::snprintf(text, size, "%s, %d thread%s", Exec::name(), threads, threads == 1 ? "" : "s");
}

template void device_name<Device>(char *, std::size_t);
#ifdef EIPNN_KOKKOS_GPU
template void device_name<Host>(char *, std::size_t);
#endif

} // namespace eipnn
