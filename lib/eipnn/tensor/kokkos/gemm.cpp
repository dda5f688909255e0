/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/gemm.h"

extern "C" {
#include "tensor/host_blas.h"
}

#include <cblas.h>

#include <algorithm>

namespace eipnn
{

static CBLAS_TRANSPOSE transpose(bool t)
{
  return t ? CblasTrans : CblasNoTrans;
}

/* Columns of a matrix that is stored as [rows][cols], or transposed. */
static int stored_cols(bool transposed, int rows, int cols)
{
  return transposed ? rows : cols;
}

static void call_gemm(const MatrixProduct<float> &p, int lda, int ldb)
{
  cblas_sgemm(CblasRowMajor, transpose(p.ta), transpose(p.tb), p.rows, p.cols, p.inner, 1.0f, p.a,
              lda, p.b, ldb, p.beta, p.c, p.cols);
}

static void call_gemm(const MatrixProduct<double> &p, int lda, int ldb)
{
  cblas_dgemm(CblasRowMajor, transpose(p.ta), transpose(p.tb), p.rows, p.cols, p.inner, 1.0, p.a,
              lda, p.b, ldb, p.beta, p.c, p.cols);
}

/* c = op(A) b + beta c; A is stored with rows of lda elements. */
static void call_gemv(const MatrixProduct<float> &p, int lda)
{
  cblas_sgemv(CblasRowMajor, transpose(p.ta), p.ta ? p.inner : p.rows, p.ta ? p.rows : p.inner,
              1.0f, p.a, lda, p.b, 1, p.beta, p.c, 1);
}

static void call_gemv(const MatrixProduct<double> &p, int lda)
{
  cblas_dgemv(CblasRowMajor, transpose(p.ta), p.ta ? p.inner : p.rows, p.ta ? p.rows : p.inner, 1.0,
              p.a, lda, p.b, 1, p.beta, p.c, 1);
}

/* Rows per call of the BLAS. A function of the shapes alone, so that results are the same bits for
   any number of threads. Smaller blocks cost: the BLAS rearranges B once per block. */
static int block_rows(int rows, int cols, int inner)
{
  const double enough = 2e6; /* multiplications that are worth waking threads up for */
  if (double(rows) * cols * inner < enough) return rows;
  const int quarter = (rows / 4 + 15) / 16 * 16;
  return std::min(std::max(quarter, 64), 256);
}

template <class Real> static void multiply_block(MatrixProduct<Real> p, int first, int count)
{
  const int lda = stored_cols(p.ta, p.rows, p.inner), ldb = stored_cols(p.tb, p.inner, p.cols);
  p.a += std::size_t(first) * (p.ta ? 1 : std::size_t(lda));
  p.c += std::size_t(first) * std::size_t(p.cols);
  p.rows = count;
  if (p.cols > 1) return call_gemm(p, lda, ldb);
  if (p.beta == Real(0)) std::fill_n(p.c, count, Real(0)); /* some gemv scale what they overwrite */
  call_gemv(p, lda);
}

/* The transposed product: a single row becomes a single column. */
template <class Real> static MatrixProduct<Real> transposed(const MatrixProduct<Real> &p)
{
  return {!p.tb, !p.ta, p.cols, p.rows, p.inner, p.b, p.a, p.beta, p.c};
}

template <class Real> static eipnn_status gemm_on_host(MatrixProduct<Real> p)
{
  eipnn_host_blas_one_thread();
  if (p.rows == 1) p = transposed(p);
  const int block = block_rows(p.rows, p.cols, p.inner);
  Kokkos::parallel_for("eipnn gemm", Kokkos::RangePolicy<Host>(0, (p.rows + block - 1) / block),
                       [=](int k) {
                         const int first = k * block;
                         multiply_block(p, first, std::min(block, p.rows - first));
                       });
  return EIPNN_OK;
}

template <> eipnn_status gemm<Host>(const MatrixProduct<float> &product)
{
  return gemm_on_host(product);
}

template <> eipnn_status gemm<Host>(const MatrixProduct<double> &product)
{
  return gemm_on_host(product);
}

} // namespace eipnn
