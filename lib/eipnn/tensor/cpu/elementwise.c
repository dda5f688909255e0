/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/cpu/functions.h"
#include "tensor/cpu/kernels.h"

#include <tgmath.h>

static inline real combine(int multiply, real a, real b)
{
  return multiply ? a * b : a + b;
}

/* n elements of a with n elements of b, or with the one it has. */
static inline void combine_span(int multiply, real *restrict out, const real *restrict a,
                                const real *restrict b, int one, size_t n)
{
  if (one)
    for (size_t k = 0; k < n; k++) out[k] = combine(multiply, a[k], *b);
  else
    for (size_t k = 0; k < n; k++) out[k] = combine(multiply, a[k], b[k]);
}

static inline void broadcast(int multiply, const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0], b = arguments->input[1];
  const int one_row = b.rows == 1, one_column = b.cols == 1;
  const size_t cols = (size_t)out.cols;
  if ((b.rows == a.rows && b.cols == a.cols) || (one_row && one_column)) {
    combine_span(multiply, out.data, a.data, b.data, one_row && one_column, EIPNN_CPU(count)(out));
    return;
  }
  for (size_t r = 0; r < (size_t)out.rows; r++)
    combine_span(multiply, EIPNN_CPU(row)(out, r), EIPNN_CPU(row)(a, r),
                 EIPNN_CPU(row)(b, one_row ? 0 : r), one_column, cols);
}

eipnn_status EIPNN_CPU(add)(const eipnn_kernel_arguments *arguments)
{
  broadcast(0, arguments);
  return EIPNN_OK;
}

eipnn_status EIPNN_CPU(mul)(const eipnn_kernel_arguments *arguments)
{
  broadcast(1, arguments);
  return EIPNN_OK;
}

eipnn_status EIPNN_CPU(affine)(const eipnn_kernel_arguments *arguments)
{
  real *restrict out = arguments->out.data;
  const real *restrict a = arguments->input[0].data;
  const real alpha = (real)arguments->node->p.affine.alpha;
  const real beta = (real)arguments->node->p.affine.beta;
  const size_t n = EIPNN_CPU(count)(arguments->out);
  for (size_t k = 0; k < n; k++) out[k] = alpha * a[k] + beta;
  return EIPNN_OK;
}

static void apply(eipnn_function function, const real *restrict a, size_t n, real *restrict out)
{
  switch (function) {
    case EIPNN_FUNCTION_SSP:
      for (size_t k = 0; k < n; k++) out[k] = EIPNN_CPU(ssp)(a[k]);
      break;
    case EIPNN_FUNCTION_SIGMOID:
      for (size_t k = 0; k < n; k++) out[k] = EIPNN_CPU(sigmoid)(a[k]);
      break;
    case EIPNN_FUNCTION_EXP:
      for (size_t k = 0; k < n; k++) out[k] = EIPNN_CPU(exp)(a[k]);
      break;
    case EIPNN_FUNCTION_SIN:
      for (size_t k = 0; k < n; k++) out[k] = sin(a[k]);
      break;
    case EIPNN_FUNCTION_COS:
      for (size_t k = 0; k < n; k++) out[k] = cos(a[k]);
      break;
    case EIPNN_FUNCTION_SQRT:
      for (size_t k = 0; k < n; k++) out[k] = sqrt(a[k]);
      break;
    case EIPNN_FUNCTION_RECIPROCAL:
      for (size_t k = 0; k < n; k++) out[k] = (real)1.0 / a[k];
      break;
    case EIPNN_FUNCTION_COUNT: break;
  }
}

/* Rows of a and the bias are added in pieces. */
static void apply_biased(eipnn_function function, const real *a, const real *bias, size_t n,
                         real *out)
{
  real sum[EIPNN_CPU_COLUMNS];
  for (size_t first = 0; first < n; first += EIPNN_CPU_COLUMNS) {
    const size_t width = n - first < EIPNN_CPU_COLUMNS ? n - first : EIPNN_CPU_COLUMNS;
    combine_span(0, sum, a + first, bias + first, 0, width);
    apply(function, sum, width, out + first);
  }
}

eipnn_status EIPNN_CPU(unary)(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  const eipnn_function function = arguments->node->p.function;
  const real *bias = arguments->input[1].data;
  if (!bias) apply(function, a.data, EIPNN_CPU(count)(out), out.data);
  for (size_t r = 0; bias && r < (size_t)out.rows; r++)
    apply_biased(function, EIPNN_CPU(row)(a, r), bias, (size_t)out.cols, EIPNN_CPU(row)(out, r));
  return EIPNN_OK;
}
