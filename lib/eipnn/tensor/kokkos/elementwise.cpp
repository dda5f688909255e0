/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/kernels.h"

namespace eipnn
{

/* out = f(a, b) element by element, b repeated where it has one row or column. */
template <class Exec, class Real, class Function>
static eipnn_status combine(const char *name, const eipnn_kernel_arguments &arguments,
                            const Function &f)
{
  const Matrix<Real> out = matrix_of<Real>(arguments.out), a = matrix_of<Real>(arguments.input[0]),
                     b = matrix_of<Real>(arguments.input[1]);
  const std::int64_t cols = arguments.out.cols;
  for_each<Exec>(
      name, count_of(arguments.out), KOKKOS_LAMBDA(std::int64_t k) {
        const std::int64_t row = k / cols, col = k - row * cols;
        out.data[k] = f(a.data[k], b(row, col));
      });
  return EIPNN_OK;
}

struct Sum {
  template <class Real> KOKKOS_INLINE_FUNCTION Real operator()(Real a, Real b) const
  {
    return a + b;
  }
};

struct Product {
  template <class Real> KOKKOS_INLINE_FUNCTION Real operator()(Real a, Real b) const
  {
    return a * b;
  }
};

template <class Exec, class Real> eipnn_status add(const eipnn_kernel_arguments &arguments)
{
  return combine<Exec, Real>("eipnn add", arguments, Sum());
}

template <class Exec, class Real> eipnn_status mul(const eipnn_kernel_arguments &arguments)
{
  return combine<Exec, Real>("eipnn mul", arguments, Product());
}

EIPNN_INSTANTIATE(add)
EIPNN_INSTANTIATE(mul)

} // namespace eipnn
