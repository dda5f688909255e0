/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/gemm.h"
#include "tensor/kokkos/kernels.h"

namespace eipnn
{

template <class Exec, class Real>
static eipnn_status multiply(eipnn_matrix a, bool ta, eipnn_matrix b, bool tb, Real beta,
                             eipnn_matrix out)
{
  return gemm<Exec>(Product<Real>{
      ta, tb, out.rows, out.cols, ta ? a.rows : a.cols, static_cast<const Real *>(a.data),
      static_cast<const Real *>(b.data), beta, static_cast<Real *>(out.data)});
}

template <class Exec, class Real> eipnn_status matmul(const eipnn_kernel_arguments &arguments)
{
  const eipnn_matrix out = arguments.out, a = arguments.input[0], b = arguments.input[1];
  const bool ta = arguments.node->p.matmul.ta, tb = arguments.node->p.matmul.tb;
  if (out.rows == 0) return EIPNN_OK;
  if ((ta ? a.rows : a.cols) > 0) return multiply<Exec>(a, ta, b, tb, Real(0), out);
  Real *const c = static_cast<Real *>(out.data);
  for_each<Exec>(
      "eipnn matmul", count_of(out), KOKKOS_LAMBDA(std::int64_t k) { c[k] = Real(0); });
  return EIPNN_OK;
}

template <class Exec, class Real> eipnn_status linear(const eipnn_kernel_arguments &arguments)
{
  const eipnn_matrix out = arguments.out;
  if (out.rows == 0) return EIPNN_OK;
  Real *const c = static_cast<Real *>(out.data);
  const Real *const bias = static_cast<const Real *>(arguments.input[2].data);
  const int cols = out.cols;
  for_each<Exec>(
      "eipnn linear", count_of(out), KOKKOS_LAMBDA(std::int64_t k) { c[k] = bias[k % cols]; });
  return multiply<Exec>(arguments.input[0], false, arguments.input[1], false, Real(1), out);
}

EIPNN_INSTANTIATE(matmul)
EIPNN_INSTANTIATE(linear)

} // namespace eipnn
