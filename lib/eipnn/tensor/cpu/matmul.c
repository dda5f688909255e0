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

eipnn_status EIPNN_CPU(linear)(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, bias = arguments->input[2];
  if (out.rows == 0) return EIPNN_OK;
  for (size_t r = 0; r < (size_t)out.rows; r++)
    memcpy(EIPNN_CPU(row)(out, r), bias.data, (size_t)out.cols * sizeof(real));
  multiply(arguments->input[0], 0, arguments->input[1], 0, (real)1.0, out);
  return EIPNN_OK;
}
