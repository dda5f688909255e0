/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device_memory.h"

#include "tensor/kokkos/memory.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

using eipnn::Device;

static std::atomic<long> allocations, news, copies;

/* nvcc takes these for device code; Kokkos 4 takes host memory for every launch by itself. */
#if !defined(__CUDACC__) && KOKKOS_VERSION < 40000
void *operator new(std::size_t bytes)
{
  news++;
  if (void *memory = std::malloc(bytes ? bytes : 1)) return memory;
  throw std::bad_alloc();
}

void *operator new(std::size_t bytes, const std::nothrow_t &) noexcept
{
  news++;
  return std::malloc(bytes ? bytes : 1);
}

void operator delete(void *memory) noexcept
{
  std::free(memory);
}

void operator delete(void *memory, std::size_t) noexcept
{
  std::free(memory);
}
#endif

static void count_allocation(Kokkos_Profiling_SpaceHandle, const char *, const void *,
                             std::uint64_t)
{
  allocations++;
}

static void count_copy(Kokkos_Profiling_SpaceHandle, const char *, const void *,
                       Kokkos_Profiling_SpaceHandle, const char *, const void *, std::uint64_t)
{
  copies++;
}

void *device_copy(const void *host, size_t bytes)
{
  const eipnn_backend *backend;
  if (eipnn_backend_find("kokkos", &backend) != EIPNN_OK) std::abort();
  void *device = eipnn::allocate<Device>(bytes);
  const std::vector<char> zeros(host ? 0 : bytes);
  device_write(device, host ? host : zeros.data(), bytes);
  return device;
}

void device_write(void *device, const void *host, size_t bytes)
{
  eipnn::copy_in<Device>(device, host, bytes);
}

void device_read(void *host, const void *device, size_t bytes)
{
  eipnn::copy_out<Device>(host, device, bytes);
}

void device_free(void *device)
{
  if (device) eipnn::release<Device>(device);
}

void device_count_start(void)
{
  Kokkos::Tools::Experimental::set_allocate_data_callback(count_allocation);
  Kokkos::Tools::Experimental::set_begin_deep_copy_callback(count_copy);
  allocations = news = copies = 0;
}

device_counts device_count_stop(void)
{
  const device_counts counts = {allocations, news, copies};
  Kokkos::Tools::Experimental::set_allocate_data_callback(nullptr);
  Kokkos::Tools::Experimental::set_begin_deep_copy_callback(nullptr);
  return counts;
}
