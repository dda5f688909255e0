/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/gpu.h"
#include "tensor/kokkos/memory.h"

#include <cstdio>

namespace eipnn
{

/* MemAvailable counts what the kernel can take back from its file cache; Linux alone has it. */
static std::size_t free_host_memory()
{
  std::FILE *file = std::fopen("/proc/meminfo", "r");
  if (!file) return 0;
  unsigned long long kilobytes = 0;
  char line[128];
  while (std::fgets(line, sizeof line, file))
    if (std::sscanf(line, "MemAvailable: %llu", &kilobytes) == 1) break;
  std::fclose(file);
  return std::size_t(kilobytes) * 1024;
}

template <class Exec> std::size_t free_memory()
{
  return computes_on_host<Exec> ? free_host_memory() : free_gpu_memory();
}

template std::size_t free_memory<Device>();
#ifdef EIPNN_KOKKOS_GPU
template std::size_t free_memory<Host>();
#endif

} // namespace eipnn
