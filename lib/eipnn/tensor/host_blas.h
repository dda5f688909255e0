/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_HOST_BLAS_H
#define EIPNN_TENSOR_HOST_BLAS_H

#include <eipnn/status.h>

/* Before products that so many threads compute at the same time. EIPNN_ERROR_MEMORY where OpenBLAS
   could not have the memory of them: it would try for ever. */
eipnn_status eipnn_host_blas_start(int threads);

/* OpenBLAS calls from now on run on the calling thread alone: threads of the BLAS would compete
   with other ranks and with the threads of Kokkos. Other BLAS libraries are left as they are. */
void eipnn_host_blas_one_thread(void);

#endif
