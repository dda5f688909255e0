/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_HOST_BLAS_H
#define EIPNN_TENSOR_HOST_BLAS_H

/* OpenBLAS calls from now on run on the calling thread alone: threads of the BLAS would compete
   with other ranks and with the threads of Kokkos. Other BLAS libraries are left as they are. */
void eipnn_host_blas_one_thread(void);

#endif
