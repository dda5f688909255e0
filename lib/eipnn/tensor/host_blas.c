/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/host_blas.h"

/* Present where the BLAS is OpenBLAS. */
extern int openblas_get_num_threads(void) __attribute__((weak));
extern void openblas_set_num_threads(int count) __attribute__((weak));

void eipnn_host_blas_one_thread(void)
{
  if (openblas_get_num_threads && openblas_set_num_threads && openblas_get_num_threads() != 1)
    openblas_set_num_threads(1);
}
