/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory of the Kokkos backend as a device has it, on a machine without one: pages that only
   kernels and the copies of tensor/kokkos/memory.h may touch. Whoever else does dies of SIGSEGV.
   Stands in for tensor/kokkos/memory.cpp; the rest of the backend is compiled beside it with
   EIPNN_KOKKOS_SEPARATE_MEMORY, which takes the code paths of a device. */
#include "tensor/kokkos/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>

namespace eipnn
{

class Pages
{
public:
  void *take(std::size_t bytes)
  {
    const std::size_t page = std::size_t(sysconf(_SC_PAGESIZE));
    const std::size_t size = (bytes / page + 1) * page;
    void *memory = mmap(nullptr, size, protection(), MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    size_[memory] = size;
    return memory;
  }

  void give_back(void *memory)
  {
    const auto found = size_.find(memory);
    if (found == size_.end()) std::abort(); /* not of this memory, or twice */
    munmap(memory, found->second);
    size_.erase(found);
  }

  /* Kernels and copies may nest. */
  void open()
  {
    if (opened_++ == 0) protect();
  }

  void close()
  {
    if (--opened_ == 0) protect();
  }

private:
  int protection() const
  {
    return opened_ ? PROT_READ | PROT_WRITE : PROT_NONE;
  }

  /* Blocks that lie side by side at once: a call of the kernel each would take most of a test. */
  void protect() const
  {
    for (auto block = size_.begin(); block != size_.end();) {
      char *const first = static_cast<char *>(block->first);
      char *end = first;
      for (; block != size_.end() && block->first == end; ++block) end += block->second;
      if (mprotect(first, std::size_t(end - first), protection())) std::abort();
    }
  }

  std::map<void *, std::size_t> size_;
  int opened_ = 0;
};

static Pages &pages()
{
  static Pages all;
  return all;
}

static void begin_kernel(const char *, const std::uint32_t, std::uint64_t *)
{
  pages().open();
}

static void end_kernel(std::uint64_t)
{
  pages().close();
}

static void watch_kernels()
{
  using namespace Kokkos::Tools::Experimental;
  set_begin_parallel_for_callback(begin_kernel);
  set_begin_parallel_reduce_callback(begin_kernel);
  set_begin_parallel_scan_callback(begin_kernel);
  set_end_parallel_for_callback(end_kernel);
  set_end_parallel_reduce_callback(end_kernel);
  set_end_parallel_scan_callback(end_kernel);
}

template <class Exec> void *allocate(std::size_t bytes)
{
  watch_kernels();
  return pages().take(bytes);
}

template <class Exec> void release(void *memory)
{
  pages().give_back(memory);
}

static void copy(void *to, const void *from, std::size_t bytes)
{
  pages().open();
  if (bytes) std::memcpy(to, from, bytes);
  pages().close();
}

template <class Exec> void copy_in(void *to, const void *from, std::size_t bytes)
{
  copy(to, from, bytes);
}

template <class Exec> void copy_out(void *to, const void *from, std::size_t bytes)
{
  copy(to, from, bytes);
}

template <class Exec>
eipnn_status upload(void *to, const double *from, std::size_t count, eipnn_precision precision)
{
  pages().open();
  for (std::size_t k = 0; k < count; k++)
    if (precision == EIPNN_PRECISION_DOUBLE)
      static_cast<double *>(to)[k] = from[k];
    else
      static_cast<float *>(to)[k] = float(from[k]);
  pages().close();
  return EIPNN_OK;
}

template <class Exec>
eipnn_status download(double *to, const void *from, std::size_t count, eipnn_precision precision)
{
  pages().open();
  for (std::size_t k = 0; k < count; k++)
    to[k] = precision == EIPNN_PRECISION_DOUBLE ? static_cast<const double *>(from)[k]
                                                : double(static_cast<const float *>(from)[k]);
  pages().close();
  return EIPNN_OK;
}

template void *allocate<Device>(std::size_t);
template void release<Device>(void *);
template eipnn_status upload<Device>(void *, const double *, std::size_t, eipnn_precision);
template eipnn_status download<Device>(double *, const void *, std::size_t, eipnn_precision);
template void copy_in<Device>(void *, const void *, std::size_t);
template void copy_out<Device>(void *, const void *, std::size_t);

} // namespace eipnn
