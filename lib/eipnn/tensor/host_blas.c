/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "tensor/host_blas.h"

#include "base/error.h"

#include <stddef.h>
#include <sys/mman.h>

/* Present where the BLAS is OpenBLAS. */
extern int openblas_get_num_threads(void) __attribute__((weak));
extern void openblas_set_num_threads(int count) __attribute__((weak));

/* What OpenBLAS takes at its first product on x86, in one piece. */
static const size_t openblas_buffer = (128u << 20) + 65536;

eipnn_status eipnn_host_blas_start(void)
{
  if (!openblas_get_num_threads) return EIPNN_OK;
  void *room =
      mmap(NULL, openblas_buffer, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room != MAP_FAILED) {
    munmap(room, openblas_buffer);
    return EIPNN_OK;
  }
  return eipnn_error(EIPNN_ERROR_MEMORY,
                     "OpenBLAS wants 128 MB of address space per thread, more than this process "
                     "may have: set OPENBLAS_NUM_THREADS=1, or raise the limit of `ulimit -v`");
}

void eipnn_host_blas_one_thread(void)
{
  if (openblas_get_num_threads && openblas_set_num_threads && openblas_get_num_threads() != 1)
    openblas_set_num_threads(1);
}
