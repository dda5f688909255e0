/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/memory.h"

#include "tensor/kokkos/guard.h"

#include <exception>
#include <vector>

namespace eipnn
{

template <class Exec> using Memory = typename Exec::memory_space;

template <class Exec> void *allocate(std::size_t bytes)
{
  try {
    return Kokkos::kokkos_malloc<Memory<Exec>>("eipnn", bytes ? bytes : 64);
  } catch (const std::exception &) {
    return nullptr;
  }
}

/* Waits for kernels that use the memory; what went wrong in one is told by the next copy. */
template <class Exec> void release(void *memory)
{
  try {
    Kokkos::fence();
    Kokkos::kokkos_free<Memory<Exec>>(memory);
  } catch (const std::exception &) {
  }
}

template <class Exec>
using Bytes = Kokkos::View<char *, Memory<Exec>, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
using HostBytes =
    Kokkos::View<const char *, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;
using HostTarget = Kokkos::View<char *, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;

template <class Exec> void copy_in(void *to, const void *from, std::size_t bytes)
{
  if (bytes)
    Kokkos::deep_copy(Bytes<Exec>(static_cast<char *>(to), bytes),
                      HostBytes(static_cast<const char *>(from), bytes));
}

template <class Exec> void copy_out(void *to, const void *from, std::size_t bytes)
{
  if (bytes)
    Kokkos::deep_copy(HostTarget(static_cast<char *>(to), bytes),
                      Bytes<Exec>(static_cast<char *>(const_cast<void *>(from)), bytes));
}

template <class Exec>
eipnn_status upload(void *to, const double *from, std::size_t count, eipnn_precision precision)
{
  return guarded("copy to the device", [&] {
    if (precision == EIPNN_PRECISION_DOUBLE) {
      copy_in<Exec>(to, from, count * sizeof *from);
    } else {
      const std::vector<float> values(from, from + count);
      copy_in<Exec>(to, values.data(), count * sizeof(float));
    }
    return EIPNN_OK;
  });
}

template <class Exec>
eipnn_status download(double *to, const void *from, std::size_t count, eipnn_precision precision)
{
  return guarded("copy from the device", [&] {
    if (precision == EIPNN_PRECISION_DOUBLE) {
      copy_out<Exec>(to, from, count * sizeof *to);
    } else {
      std::vector<float> values(count);
      copy_out<Exec>(values.data(), from, count * sizeof(float));
      for (std::size_t k = 0; k < count; k++) to[k] = double(values[k]);
    }
    return EIPNN_OK;
  });
}

#define EIPNN_MEMORY_FOR(Exec)                                                                     \
  template void *allocate<Exec>(std::size_t);                                                      \
  template void release<Exec>(void *);                                                             \
  template eipnn_status upload<Exec>(void *, const double *, std::size_t, eipnn_precision);        \
  template eipnn_status download<Exec>(double *, const void *, std::size_t, eipnn_precision);      \
  template void copy_in<Exec>(void *, const void *, std::size_t);                                  \
  template void copy_out<Exec>(void *, const void *, std::size_t);
EIPNN_MEMORY_FOR(Device)
#ifdef EIPNN_KOKKOS_GPU
EIPNN_MEMORY_FOR(Host)
#endif

} // namespace eipnn
