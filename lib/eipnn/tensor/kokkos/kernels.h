/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_KERNELS_H
#define EIPNN_TENSOR_KOKKOS_KERNELS_H

/* Kernels of the Kokkos backend. Results do not depend on the order in which threads run: sums are
   gathered, never added atomically. */

#include "tensor/kokkos/space.h"

extern "C" {
#include "tensor/kernel_list.h"
}

namespace eipnn
{

#define EIPNN_KOKKOS_DECLARE(OP, name)                                                             \
  template <class Exec, class Real> eipnn_status name(const eipnn_kernel_arguments &arguments);
EIPNN_KERNEL_LIST(EIPNN_KOKKOS_DECLARE)
#undef EIPNN_KOKKOS_DECLARE

/* Bytes of scratch of the kernels that need any. */
std::size_t scatter_scratch(const eipnn_node &node, const eipnn_extents &extents, std::size_t real);
std::size_t sum_rows_scratch(const eipnn_node &node, const eipnn_extents &extents,
                             std::size_t real);
std::size_t halo_sum_scratch(const eipnn_node &node, const eipnn_extents &extents,
                             std::size_t real);
std::size_t filter_scratch(const eipnn_node &node, const eipnn_extents &extents, std::size_t real);

/* Bytes of the order of pairs that slot FILTER of tables wants. */
std::size_t filter_sorted(const eipnn_node &node, const eipnn_extents &extents);

} // namespace eipnn

#endif
