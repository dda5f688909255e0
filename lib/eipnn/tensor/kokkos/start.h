/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_START_H
#define EIPNN_TENSOR_KOKKOS_START_H

#include "tensor/kokkos/space.h"

namespace eipnn
{

/* Initialises Kokkos, unless the host program (LAMMPS) has; then it is finalised at exit. An error
   where no device can run this build's kernels. */
eipnn_status start_kokkos();

} // namespace eipnn

#endif
