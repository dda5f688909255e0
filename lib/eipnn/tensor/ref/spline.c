/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Natural cubic spline through n equidistant nodes, in cubic B-splines. With
   coefficient c[k+1] centred on node k, the value at node k is
   (c[k] + 4 c[k+1] + c[k+2])/6 and the second derivative is proportional to
   c[k] - 2 c[k+1] + c[k+2]. That vanishes at both ends, so c[1] = y[0],
   c[n] = y[n-1], c[0] = 2 c[1] - c[2], c[n+1] = 2 c[n] - c[n-1], and what is left
   is a symmetric tridiagonal system (1 4 1) of n - 2 unknowns (de Boor, A
   Practical Guide to Splines). */
#include "tensor/ref/kernels.h"

/* Solves (1 4 1) z = z in place: n values, `stride` apart. The reciprocal
   pivots 1/(4 - previous) reach their limit 2 - sqrt(3) within PIVOTS rows. */
enum { PIVOTS = 32 };

static void solve(double *z, int n, int stride)
{
  double reciprocal[PIVOTS];
  reciprocal[0] = 0.25;
  for (int k = 1; k < PIVOTS; k++) reciprocal[k] = 1.0 / (4.0 - reciprocal[k - 1]);
  z[0] *= reciprocal[0];
  for (int k = 1; k < n; k++)
    z[k * stride] = (z[k * stride] - z[(k - 1) * stride]) * reciprocal[k < PIVOTS ? k : PIVOTS - 1];
  for (int k = n - 2; k >= 0; k--)
    z[k * stride] -= reciprocal[k < PIVOTS ? k : PIVOTS - 1] * z[(k + 1) * stride];
}

/* y: [n] node values to c: [n + 2] coefficients, both `stride` apart. */
static void interpolate(double *c, const double *y, int n, int stride)
{
  c[stride] = y[0];
  c[n * stride] = y[(n - 1) * stride];
  for (int k = 1; k < n - 1; k++) c[(k + 1) * stride] = 6.0 * y[k * stride];
  c[2 * stride] -= c[stride];
  c[(n - 1) * stride] -= c[n * stride];
  solve(c + 2 * stride, n - 2, stride);
  c[0] = 2.0 * c[stride] - c[2 * stride];
  c[(n + 1) * stride] = 2.0 * c[n * stride] - c[(n - 1) * stride];
}

/* The steps of interpolate, transposed, in reverse order. */
static void interpolate_adjoint(double *y, const double *c, int n, int stride)
{
  for (int k = 0; k < n; k++) y[k * stride] = c[(k + 1) * stride];
  y[0] += 2.0 * c[0];
  y[stride] -= c[0];
  y[(n - 1) * stride] += 2.0 * c[(n + 1) * stride];
  y[(n - 2) * stride] -= c[(n + 1) * stride];
  solve(y + stride, n - 2, stride);
  y[0] -= y[stride];
  y[(n - 1) * stride] -= y[(n - 2) * stride];
  for (int k = 1; k < n - 1; k++) y[k * stride] *= 6.0;
}

eipnn_status eipnn_ref_spline(const eipnn_kernel_arguments *arguments)
{
  const eipnn_matrix out = arguments->out, a = arguments->input[0];
  for (int column = 0; column < out.cols; column++) {
    double *to = eipnn_ref_row(out, 0) + column;
    const double *from = eipnn_ref_row(a, 0) + column;
    if (arguments->node->p.spline.transposed)
      interpolate_adjoint(to, from, out.rows, out.cols);
    else
      interpolate(to, from, a.rows, out.cols);
  }
  return EIPNN_OK;
}
