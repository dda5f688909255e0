/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_STRUCTURE_H
#define EIPNN_TENSOR_KOKKOS_STRUCTURE_H

/* Integer maps and adjacency of one executor's structure in the memory of Exec. */

#include "tensor/kokkos/space.h"

namespace eipnn
{

/* See bind_structure and release_maps of tensor/backend.h. */
template <class Exec>
eipnn_status bind_structure(void **maps, const eipnn_structure *given, eipnn_structure *bound);
template <class Exec> void release_maps(void *maps);

/* Bytes held for a structure whose arrays lie in the memory of Exec already. */
std::size_t structure_bytes(int natom, int nall, int npair);

} // namespace eipnn

#endif
