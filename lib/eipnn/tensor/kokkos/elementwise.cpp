/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/columns.h"
#include "tensor/kokkos/functions.h"
#include "tensor/kokkos/kernels.h"

#include <math.h>

namespace eipnn
{

/* out = f(a, b), b repeated where it has one row or one column */
template <class Real, class Function> struct Combine {
  Real *out;
  const Real *a;
  Matrix<const Real> b;
  std::int64_t cols;
  Function f;
  template <int Width> KOKKOS_INLINE_FUNCTION void columns(std::int64_t row, std::int64_t col) const
  {
    const Real *const x = a + row * cols + col, *const y = b.data + row * b.row_stride;
    Real value[Width];
    if (b.col_stride == 0)
      for (int c = 0; c < Width; c++) value[c] = f(x[c], *y);
    else
      for (int c = 0; c < Width; c++) value[c] = f(x[c], y[col + c]);
    for (int c = 0; c < Width; c++) out[row * cols + col + c] = value[c];
  }
};

/* Operands of one shape are one long row. */
template <class Exec, class Real, class Function>
static eipnn_status combine(const char *name, const eipnn_kernel_arguments &arguments,
                            const Function &f)
{
  const eipnn_matrix a = arguments.input[0], b = arguments.input[1];
  const bool same = b.rows == a.rows && b.cols == a.cols;
  const std::int64_t rows = same ? 1 : a.rows, cols = same ? count_of(a) : a.cols;
  Matrix<const Real> other = matrix_of<const Real>(b);
  if (same) other = {other.data, 0, 1};
  for_each_columns<Exec>(name, rows, cols,
                         Combine<Real, Function>{static_cast<Real *>(arguments.out.data),
                                                 static_cast<const Real *>(a.data), other, cols,
                                                 f});
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

/* out = f(a), or f(a + bias) */
template <class Real, class Function> struct Apply {
  Real *out;
  const Real *a, *bias; /* bias: a row, NULL: none */
  std::int64_t cols;
  Function f;
  template <int Width> KOKKOS_INLINE_FUNCTION void columns(std::int64_t row, std::int64_t col) const
  {
    const Real *const x = a + row * cols + col;
    Real value[Width];
    if (bias)
      for (int c = 0; c < Width; c++) value[c] = f(x[c] + bias[col + c]);
    else
      for (int c = 0; c < Width; c++) value[c] = f(x[c]);
    for (int c = 0; c < Width; c++) out[row * cols + col + c] = value[c];
  }
};

/* Without bias all elements are one long row. */
template <class Exec, class Real, class Function>
static eipnn_status apply(const char *name, const eipnn_kernel_arguments &arguments,
                          const Function &f)
{
  const eipnn_matrix out = arguments.out;
  const Real *const bias = static_cast<const Real *>(arguments.input[1].data);
  const std::int64_t rows = bias ? out.rows : 1, cols = bias ? out.cols : count_of(out);
  for_each_columns<Exec>(name, rows, cols,
                         Apply<Real, Function>{static_cast<Real *>(out.data),
                                               static_cast<const Real *>(arguments.input[0].data),
                                               bias, cols, f});
  return EIPNN_OK;
}

template <class Real> struct Affine {
  Real alpha, beta;
  KOKKOS_INLINE_FUNCTION Real operator()(Real x) const
  {
    return alpha * x + beta;
  }
};

template <class Exec, class Real> eipnn_status affine(const eipnn_kernel_arguments &arguments)
{
  const Affine<Real> f = {Real(arguments.node->p.affine.alpha),
                          Real(arguments.node->p.affine.beta)};
  return apply<Exec, Real>("eipnn affine", arguments, f);
}

#define EIPNN_FUNCTOR(Name, expression)                                                            \
  struct Name {                                                                                    \
    template <class Real> KOKKOS_INLINE_FUNCTION Real operator()(Real x) const                     \
    {                                                                                              \
      return expression;                                                                           \
    }                                                                                              \
  };
EIPNN_FUNCTOR(ShiftedSoftplus, shifted_softplus(x))
EIPNN_FUNCTOR(Logistic, logistic(x))
EIPNN_FUNCTOR(Exponential, exponential(x))
EIPNN_FUNCTOR(Sine, sin(x))
EIPNN_FUNCTOR(Cosine, cos(x))
EIPNN_FUNCTOR(SquareRoot, sqrt(x))
EIPNN_FUNCTOR(Reciprocal, Real(1.0) / x)
#undef EIPNN_FUNCTOR

template <class Exec, class Real> eipnn_status unary(const eipnn_kernel_arguments &arguments)
{
  switch (arguments.node->p.function) {
    case EIPNN_FUNCTION_SSP: return apply<Exec, Real>("eipnn ssp", arguments, ShiftedSoftplus());
    case EIPNN_FUNCTION_SIGMOID: return apply<Exec, Real>("eipnn sigmoid", arguments, Logistic());
    case EIPNN_FUNCTION_EXP: return apply<Exec, Real>("eipnn exp", arguments, Exponential());
    case EIPNN_FUNCTION_SIN: return apply<Exec, Real>("eipnn sin", arguments, Sine());
    case EIPNN_FUNCTION_COS: return apply<Exec, Real>("eipnn cos", arguments, Cosine());
    case EIPNN_FUNCTION_SQRT: return apply<Exec, Real>("eipnn sqrt", arguments, SquareRoot());
    case EIPNN_FUNCTION_RECIPROCAL:
      return apply<Exec, Real>("eipnn recip", arguments, Reciprocal());
    case EIPNN_FUNCTION_COUNT: break;
  }
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "unary function %d is unknown",
                     int(arguments.node->p.function));
}

EIPNN_INSTANTIATE(add)
EIPNN_INSTANTIATE(mul)
EIPNN_INSTANTIATE(affine)
EIPNN_INSTANTIATE(unary)

} // namespace eipnn
