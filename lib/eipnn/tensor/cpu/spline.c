/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Natural cubic spline coefficients; equations: tensor/ref/spline.c. Here all
   columns of a row are solved for at once. */
#include "tensor/cpu/kernels.h"

/* to = a + alpha b over a row; to may be a or b. */
static void combine_rows(real *to, const real *a, real alpha, const real *b, size_t cols)
{
#pragma omp simd
  for (size_t c = 0; c < cols; c++) to[c] = a[c] + alpha * b[c];
}

static void scale_row(real *row, real factor, size_t cols)
{
  for (size_t c = 0; c < cols; c++) row[c] *= factor;
}

/* Solves (1 4 1) z = z in place, z[n][cols]. The reciprocal pivots reach their
   limit 2 - sqrt(3) within PIVOTS rows. */
enum { PIVOTS = 32 };

static void solve(real *z, size_t n, size_t cols)
{
  double reciprocal[PIVOTS];
  reciprocal[0] = 0.25;
  for (int k = 1; k < PIVOTS; k++) reciprocal[k] = 1.0 / (4.0 - reciprocal[k - 1]);
  scale_row(z, (real)reciprocal[0], cols);
  for (size_t k = 1; k < n; k++) {
    combine_rows(z + k * cols, z + k * cols, (real)-1.0, z + (k - 1) * cols, cols);
    scale_row(z + k * cols, (real)reciprocal[k < PIVOTS ? k : PIVOTS - 1], cols);
  }
  for (size_t k = n - 1; k-- > 0;)
    combine_rows(z + k * cols, z + k * cols, (real)-reciprocal[k < PIVOTS ? k : PIVOTS - 1],
                 z + (k + 1) * cols, cols);
}

/* y[n][cols] to c[n + 2][cols] */
static void interpolate(real *c, const real *y, size_t n, size_t cols)
{
  for (size_t k = 0; k < n * cols; k++) c[cols + k] = y[k];
  for (size_t k = 2 * cols; k < n * cols; k++) c[k] *= (real)6.0;
  real *first = c + cols, *last = c + n * cols;
  combine_rows(first + cols, first + cols, (real)-1.0, first, cols);
  combine_rows(last - cols, last - cols, (real)-1.0, last, cols);
  solve(first + cols, n - 2, cols);
  combine_rows(first - cols, first + cols, (real)-2.0, first, cols);
  combine_rows(last + cols, last - cols, (real)-2.0, last, cols);
  scale_row(first - cols, (real)-1.0, cols);
  scale_row(last + cols, (real)-1.0, cols);
}

/* c[n + 2][cols] to y[n][cols]: the steps of interpolate, transposed, backwards. */
static void interpolate_adjoint(real *y, const real *c, size_t n, size_t cols)
{
  for (size_t k = 0; k < n * cols; k++) y[k] = c[cols + k];
  const real *before = c, *after = c + (n + 1) * cols;
  real *first = y, *last = y + (n - 1) * cols;
  combine_rows(first, first, (real)2.0, before, cols);
  combine_rows(first + cols, first + cols, (real)-1.0, before, cols);
  combine_rows(last, last, (real)2.0, after, cols);
  combine_rows(last - cols, last - cols, (real)-1.0, after, cols);
  solve(first + cols, n - 2, cols);
  combine_rows(first, first, (real)-1.0, first + cols, cols);
  combine_rows(last, last, (real)-1.0, last - cols, cols);
  for (size_t k = cols; k < (n - 1) * cols; k++) y[k] *= (real)6.0;
}

eipnn_status EIPNN_CPU(spline)(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  if (arguments->node->p.spline.transposed)
    interpolate_adjoint(out.data, a.data, (size_t)out.rows, (size_t)out.cols);
  else
    interpolate(out.data, a.data, (size_t)a.rows, (size_t)out.cols);
  return EIPNN_OK;
}
