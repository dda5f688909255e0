/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/ref/kernels.h"

#include <math.h>

static int broadcast_column(eipnn_matrix b, int column)
{
  return b.cols == 1 ? 0 : column;
}

eipnn_status eipnn_ref_add(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0], b = arguments->input[1];
  for (int r = 0; r < out.rows; r++)
    for (int c = 0; c < out.cols; c++)
      eipnn_ref_row(out, r)[c] =
          eipnn_ref_row(a, r)[c] + eipnn_ref_broadcast_row(b, r)[broadcast_column(b, c)];
  return EIPNN_OK;
}

eipnn_status eipnn_ref_mul(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0], b = arguments->input[1];
  for (int r = 0; r < out.rows; r++)
    for (int c = 0; c < out.cols; c++)
      eipnn_ref_row(out, r)[c] =
          eipnn_ref_row(a, r)[c] * eipnn_ref_broadcast_row(b, r)[broadcast_column(b, c)];
  return EIPNN_OK;
}

eipnn_status eipnn_ref_affine(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  const double alpha = arguments->node->p.affine.alpha, beta = arguments->node->p.affine.beta;
  for (int r = 0; r < out.rows; r++)
    for (int c = 0; c < out.cols; c++)
      eipnn_ref_row(out, r)[c] = alpha * eipnn_ref_row(a, r)[c] + beta;
  return EIPNN_OK;
}

/* The exponential of a positive number never occurs: nothing overflows. */
static double shifted_softplus(double x)
{
  const double ln2 = 0.69314718055994530942;
  if (x > 0.0) return x + log1p(exp(-x)) - ln2;
  return log1p(exp(x)) - ln2;
}

static double sigmoid(double x)
{
  if (x > 0.0) return 1.0 / (1.0 + exp(-x));
  return exp(x) / (1.0 + exp(x));
}

static double evaluate(eipnn_function function, double x)
{
  switch (function) {
    case EIPNN_FUNCTION_SSP: return shifted_softplus(x);
    case EIPNN_FUNCTION_SIGMOID: return sigmoid(x);
    case EIPNN_FUNCTION_EXP: return exp(x);
    case EIPNN_FUNCTION_SIN: return sin(x);
    case EIPNN_FUNCTION_COS: return cos(x);
    case EIPNN_FUNCTION_SQRT: return sqrt(x);
    case EIPNN_FUNCTION_RECIPROCAL: return 1.0 / x;
    case EIPNN_FUNCTION_COUNT: break;
  }
  return NAN;
}

eipnn_status eipnn_ref_unary(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0], bias = arguments->input[1];
  for (int r = 0; r < out.rows; r++)
    for (int c = 0; c < out.cols; c++) {
      const double x = eipnn_ref_row(a, r)[c] + (bias.data ? eipnn_ref_row(bias, 0)[c] : 0.0);
      eipnn_ref_row(out, r)[c] = evaluate(arguments->node->p.function, x);
    }
  return EIPNN_OK;
}
