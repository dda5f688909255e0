/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_HALO_H
#define EIPNN_HALO_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Exchange of node features with the other ranks of the host. rows are
   [ncols] elements of element_size bytes (4 or 8); rows 0..nlocal-1 are owned,
   the following, up to the highest in use, are ghosts. Both return 0 on success. Every rank
   makes the same calls in the same order, ranks without atoms included. */
typedef struct eipnn_halo {
  void *context;
  int (*forward)(void *context, void *rows, int ncols, size_t element_size); /* owner -> ghosts */
  int (*reverse)(void *context, void *rows, int ncols, size_t element_size); /* ghosts summed into owner */
  int on_device; /* 1: the functions take rows in the memory of the backend's device, where kernels
                    may still be at work on them: they queue their own on the same stream (Kokkos'
                    default instance) or fence first; 0: in host memory, complete; a backend on a
                    device copies them there and back */
} eipnn_halo;

#ifdef __cplusplus
}
#endif
#endif
