/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_GEMM_H
#define EIPNN_TENSOR_KOKKOS_GEMM_H

/* Dense matrix products through the BLAS of the device, or of the host. */

#include "tensor/kokkos/space.h"

namespace eipnn
{

/* C = op(A) op(B) + beta C; C [rows][cols], op(A) [rows][inner], op(B) [inner][cols], all row major
   without padding, in the memory of Exec. op: transpose where ta, tb. None of the extents is 0. */
template <class Real> struct MatrixProduct {
  bool ta, tb;
  int rows, cols, inner;
  const Real *a, *b;
  Real beta;
  Real *c;
};

/* Queued after the kernels of Exec so far. On the host the result does not depend on the number of
   threads. */
template <class Exec, class Real> eipnn_status gemm(const MatrixProduct<Real> &product);

} // namespace eipnn

#endif
