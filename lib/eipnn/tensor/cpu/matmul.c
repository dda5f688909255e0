/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/cpu/kernels.h"

#include <cblas.h>
#include <string.h>

#ifdef EIPNN_CPU_SINGLE
#define GEMM cblas_sgemm
#else
#define GEMM cblas_dgemm
#endif

/* out = op(a) op(b) + beta out */
static void multiply(eipnn_matrix a, int ta, eipnn_matrix b, int tb, real beta, eipnn_matrix out)
{
  const int inner = ta ? a.rows : a.cols;
  GEMM(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, out.rows,
       out.cols, inner, (real)1.0, a.data, a.cols, b.data, b.cols, beta, out.data, out.cols);
}

eipnn_status EIPNN_CPU(matmul)(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0], b = arguments->input[1];
  const int ta = arguments->node->p.matmul.ta, tb = arguments->node->p.matmul.tb;
  if (out.rows == 0) return EIPNN_OK;
  if ((ta ? a.rows : a.cols) == 0)
    memset(out.data, 0, EIPNN_CPU(count)(out) * sizeof(real));
  else
    multiply(a, ta, b, tb, (real)0.0, out);
  return EIPNN_OK;
}

static void add_rows(const real *restrict a, const real *restrict b, size_t n, real *restrict sum)
{
  for (size_t k = 0; k < n; k++) sum[k] = a[k] + b[k];
}

eipnn_status EIPNN_CPU(linear)(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, residual = arguments->input[3];
  const real *bias = arguments->input[2].data;
  const size_t cols = (size_t)out.cols;
  if (out.rows == 0) return EIPNN_OK;
  for (size_t r = 0; r < (size_t)out.rows; r++) {
    real *restrict to = EIPNN_CPU(row)(out, r);
    if (residual.data)
      add_rows(bias, EIPNN_CPU(row)(residual, r), cols, to);
    else
      memcpy(to, bias, cols * sizeof(real));
  }
  multiply(arguments->input[0], 0, arguments->input[1], 0, (real)1.0, out);
  return EIPNN_OK;
}
