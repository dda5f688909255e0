/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_FILTER_GRADIENT_H
#define EIPNN_TENSOR_KOKKOS_FILTER_GRADIENT_H

/* Slot FILTER of the continuous-filter convolution. */

#include "tensor/kokkos/space.h"

namespace eipnn
{

/* By the coefficients of a radial table. Needs filter_scratch and filter_sorted
   (kernels.h). */
template <class Exec, class Real>
eipnn_status filter_table_gradient(const eipnn_kernel_arguments &arguments);

/* By a filter that has a row for each pair. */
template <class Exec, class Real>
eipnn_status filter_rows_gradient(const eipnn_kernel_arguments &arguments);

} // namespace eipnn

#endif
