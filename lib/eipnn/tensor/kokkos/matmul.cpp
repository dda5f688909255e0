/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/columns.h"
#include "tensor/kokkos/gemm.h"
#include "tensor/kokkos/kernels.h"

namespace eipnn
{

template <class Exec, class Real>
static eipnn_status multiply(eipnn_matrix a, bool ta, eipnn_matrix b, bool tb, Real beta,
                             eipnn_matrix out)
{
  return gemm<Exec>(MatrixProduct<Real>{
      ta, tb, out.rows, out.cols, ta ? a.rows : a.cols, static_cast<const Real *>(a.data),
      static_cast<const Real *>(b.data), beta, static_cast<Real *>(out.data)});
}

/* Every row of out becomes the same, plus that of a residual; NULL: zeros. */
template <class Real> struct FillRows {
  Real *out;
  const Real *row, *residual;
  std::int64_t cols;
  template <int Width> KOKKOS_INLINE_FUNCTION void columns(std::int64_t r, std::int64_t col) const
  {
    const std::int64_t first = r * cols + col;
    Real *KOKKOS_RESTRICT const to = out + first;
    if (residual)
      for (int c = 0; c < Width; c++) to[c] = row[col + c] + residual[first + c];
    else
      for (int c = 0; c < Width; c++) to[c] = row ? row[col + c] : Real(0);
  }
};

template <class Exec, class Real>
static void fill_rows(const char *name, eipnn_matrix out, const void *row, const void *residual)
{
  for_each_columns<Exec>(name, out.rows, out.cols,
                         FillRows<Real>{static_cast<Real *>(out.data),
                                        static_cast<const Real *>(row),
                                        static_cast<const Real *>(residual), out.cols});
}

template <class Exec, class Real> eipnn_status matmul(const eipnn_kernel_arguments &arguments)
{
  const eipnn_matrix out = arguments.out, a = arguments.input[0], b = arguments.input[1];
  const bool ta = arguments.node->p.matmul.ta, tb = arguments.node->p.matmul.tb;
  if (out.rows == 0) return EIPNN_OK;
  if ((ta ? a.rows : a.cols) > 0) return multiply<Exec>(a, ta, b, tb, Real(0), out);
  fill_rows<Exec, Real>("eipnn matmul", out, nullptr, nullptr);
  return EIPNN_OK;
}

template <class Exec, class Real> eipnn_status linear(const eipnn_kernel_arguments &arguments)
{
  const eipnn_matrix out = arguments.out;
  if (out.rows == 0) return EIPNN_OK;
  fill_rows<Exec, Real>("eipnn linear", out, arguments.input[2].data, arguments.input[3].data);
  return multiply<Exec>(arguments.input[0], false, arguments.input[1], false, Real(1), out);
}

EIPNN_INSTANTIATE(matmul)
EIPNN_INSTANTIATE(linear)

} // namespace eipnn
