/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_KOKKOS_DEVICE_MEMORY_H
#define EIPNN_MODELS_KOKKOS_DEVICE_MEMORY_H

#include "models/kokkos/results.h"

namespace eipnn
{

/* What a bound calculator holds on the device beside its tensors: parts of one block. */
struct DeviceMemory {
  Report *report; /* where the block begins, whatever is laid out after it */
  Pairs pairs;
  int *config;     /* [nowned] 0, or -1: does not contribute */
  double *shift;   /* [nspecies] */
  double *scratch; /* [total_scratch] */
};

/* Parts of the block; nullptr: none yet. Returns the bytes of a block. */
std::size_t lay_out(char *block, int nowned, int npair, int nspecies, DeviceMemory *memory);

} // namespace eipnn

#endif
