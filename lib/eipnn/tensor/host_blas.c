/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "tensor/host_blas.h"

#include "base/error.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

/* Present where the BLAS is OpenBLAS. */
extern int openblas_get_num_threads(void) __attribute__((weak));
extern void openblas_set_num_threads(int count) __attribute__((weak));
extern void *blas_memory_alloc(int position) __attribute__((weak));
extern void blas_memory_free(void *buffer) __attribute__((weak));

/* What OpenBLAS takes, in one piece, for each product that runs at the same time, and keeps. */
static const size_t openblas_buffer = (128u << 20) + 65536;
/* Left to the rest of the program: HDF5 crashes where an allocation fails. */
static const size_t spare = 16u << 20;
static atomic_int buffers_held; /* so many were seen to fit */

/* `count` of them at once, so that they are there when threads multiply. */
static void take_buffers(int count)
{
  if (count < 1 || !blas_memory_alloc || !blas_memory_free) return;
  void *buffer = blas_memory_alloc(0);
  if (!buffer) return;
  take_buffers(count - 1);
  blas_memory_free(buffer);
}

eipnn_status eipnn_host_blas_start(int threads)
{
  const int held = atomic_load(&buffers_held);
  if (!openblas_get_num_threads || threads <= held) return EIPNN_OK;
  const size_t wanted = (size_t)(threads - held) * openblas_buffer + spare;
  /* One piece may be more than the computer's memory, which only its parts must not be. */
  void *room = mmap(NULL, wanted, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED)
    return eipnn_error(EIPNN_ERROR_MEMORY,
                       "OpenBLAS wants 128 MB of address space per thread, more than this process "
                       "may have for %d: set OPENBLAS_NUM_THREADS=1, run fewer threads, or raise "
                       "the limit of `ulimit -v`",
                       threads);
  munmap(room, wanted);
  take_buffers(threads);
  atomic_store(&buffers_held, threads);
  return EIPNN_OK;
}

void eipnn_host_blas_one_thread(void)
{
  if (openblas_get_num_threads && openblas_set_num_threads && openblas_get_num_threads() != 1)
    openblas_set_num_threads(1);
}
