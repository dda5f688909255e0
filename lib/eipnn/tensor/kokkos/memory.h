/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_MEMORY_H
#define EIPNN_TENSOR_KOKKOS_MEMORY_H

/* The memory of Exec: see the functions of the same names in tensor/backend.h. */

#include "tensor/kokkos/space.h"

namespace eipnn
{

template <class Exec> void *allocate(std::size_t bytes);
template <class Exec> void release(void *memory);
template <class Exec>
eipnn_status upload(void *to, const double *from, std::size_t count, eipnn_precision precision);
template <class Exec>
eipnn_status download(double *to, const void *from, std::size_t count, eipnn_precision precision);

/* Bytes that can still be had; 0: not known. */
template <class Exec> std::size_t free_memory();

/* Plain copies; copy_in and copy_out wait until they are done. */
template <class Exec> void copy_in(void *to, const void *from, std::size_t bytes);
template <class Exec> void copy_out(void *to, const void *from, std::size_t bytes);

} // namespace eipnn

#endif
