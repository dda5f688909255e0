/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/kernels.h"
#include "tensor/kokkos/row_sums.h"

namespace eipnn
{

std::size_t sum_rows_scratch(const eipnn_node &node, const eipnn_extents &extents, std::size_t)
{
  return sum_of_rows_scratch(extents.input_rows, std::size_t(node.cols)) * sizeof(double);
}

template <class Exec, class Real> eipnn_status sum_rows(const eipnn_kernel_arguments &arguments)
{
  const eipnn_matrix a = arguments.input[0];
  sum_of_rows<Exec>("eipnn sum_rows", static_cast<const Real *>(a.data), a.rows, a.cols,
                    static_cast<Real *>(arguments.out.data),
                    static_cast<double *>(arguments.scratch));
  return EIPNN_OK;
}

/* A row's sum in a few interleaved parts, which a host's vector instructions add at once. */
template <class Real> KOKKOS_INLINE_FUNCTION double sum_of_row(const Real *row, std::int64_t cols)
{
  constexpr int parts = 8;
  double part[parts] = {};
  std::int64_t c = 0;
  for (; c + parts <= cols; c += parts)
    for (int k = 0; k < parts; k++) part[k] += double(row[c + k]);
  double sum = 0.0;
  for (; c < cols; c++) sum += double(row[c]);
  for (int k = 0; k < parts; k++) sum += part[k];
  return sum;
}

template <class Exec, class Real> eipnn_status sum_cols(const eipnn_kernel_arguments &arguments)
{
  Real *const out = static_cast<Real *>(arguments.out.data);
  const Real *const a = static_cast<const Real *>(arguments.input[0].data);
  const std::int64_t cols = arguments.input[0].cols;
  for_each<Exec>(
      "eipnn sum_cols", arguments.out.rows,
      KOKKOS_LAMBDA(std::int64_t row) { out[row] = Real(sum_of_row(a + row * cols, cols)); });
  return EIPNN_OK;
}

template <class Real> struct Repeat {
  Real *out;
  Matrix<const Real> a;
  std::int64_t cols;
  template <int Width> KOKKOS_INLINE_FUNCTION void columns(std::int64_t row, std::int64_t col) const
  {
    Real *KOKKOS_RESTRICT const to = out + row * cols + col;
    const Real *KOKKOS_RESTRICT const from = a.data + row * a.row_stride + col * a.col_stride;
    if (a.col_stride == 0)
      for (int c = 0; c < Width; c++) to[c] = *from;
    else
      for (int c = 0; c < Width; c++) to[c] = from[c];
  }
};

template <class Exec, class Real> eipnn_status repeat(const eipnn_kernel_arguments &arguments)
{
  const eipnn_matrix out = arguments.out;
  for_each_columns<Exec>("eipnn repeat", out.rows, out.cols,
                         Repeat<Real>{static_cast<Real *>(out.data),
                                      matrix_of<const Real>(arguments.input[0]), out.cols});
  return EIPNN_OK;
}

EIPNN_INSTANTIATE(sum_rows)
EIPNN_INSTANTIATE(sum_cols)
EIPNN_INSTANTIATE(repeat)

} // namespace eipnn
