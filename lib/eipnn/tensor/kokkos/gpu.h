/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_GPU_H
#define EIPNN_TENSOR_KOKKOS_GPU_H

/* What Kokkos does not tell of a GPU: whether it can be used at all, and its free memory. */

#include "tensor/kokkos/space.h"

#include <string>

namespace eipnn
{

/* The device this process will use: processes of a node are spread over its devices. Kokkos would
   abort where there is none or where it cannot run this build's kernels: an error here. *device is
   -1 where there is nothing to choose: builds without a GPU, or a user who chose by KOKKOS_...
   variables of the environment. */
eipnn_status find_gpu(int *device);

/* Whether the device that a host program has chosen can run this build's kernels. */
eipnn_status check_gpu();

/* The vendor's name of the device in use, "GPU" where it has none. */
std::string gpu_name();

/* Bytes, of the device in use; 0: unknown. */
std::size_t free_gpu_memory();

} // namespace eipnn

#endif
