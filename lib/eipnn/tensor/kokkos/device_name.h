/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_DEVICE_NAME_H
#define EIPNN_TENSOR_KOKKOS_DEVICE_NAME_H

#include "tensor/kokkos/space.h"

namespace eipnn
{

/* eipnn_backend_device (backend.h) of the backend on Exec. */
template <class Exec> void device_name(char *text, std::size_t size);

} // namespace eipnn

#endif
