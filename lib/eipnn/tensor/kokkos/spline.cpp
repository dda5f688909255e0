/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Natural cubic spline coefficients as sums over windows, one thread per coefficient.

   Equations: tensor/ref/spline.c. Through infinitely many nodes y the coefficients solve
   (c[k-1] + 4 c[k] + c[k+1])/6 = y[k], whose solution is
     c[k] = sqrt(3) sum_m z^|m| y[k+m],   z = sqrt(3) - 2,
   the bounded solution of that recurrence for one node of value 1 (Unser, Aldroubi, Eden, IEEE
   Trans. Signal Process. 41, 821 (1993)). |z| = 0.27: terms beyond the reach of a window are
   less than the rounding of the result.

   Nodes 0..M with natural ends are the infinite case with y continued by odd reflection about its
   end values, y[-j] = 2 y[0] - y[j], y[M+j] = 2 y[M] - y[M-j], again and again: then so is c, hence
   c[0] = y[0] and c[-1] - 2 c[0] + c[1] = 0. No end is special, and short splines, whose window
   reaches over both, are exact as well.

   The adjoint. Coefficients -1 and M+1 are combinations of their neighbours, so their seeds are
   first folded: s[0] += 2 s[-1], s[1] -= s[-1], likewise at M. For 0 < j < M the weights of y[j]
   over all its images are those of a window over the seeds continued by odd reflection about
   zero, f[-k] = -f[k], f[M+k] = -f[M-k], f[0] = f[M] = 0. What remains of the end values, c[k] =
   y[0] z^k and its images, gives y[0] the sum s[0] + sum_{m>0} z^m f[m], and y[M] its mirror
   image. */
#include "tensor/kokkos/columns.h"
#include "tensor/kokkos/kernels.h"

namespace eipnn
{

constexpr double sqrt3 = 1.73205080756887729353;

/* |z|^29 = 3e-17, |z|^14 = 1e-8 */
template <class Real> constexpr int reach = sizeof(Real) == sizeof(double) ? 29 : 14;

/* Place j of a sequence continued by odd reflection about its nodes 0 and M, periods of 2M long:
   value[j] = sign value[node] + first value[0] + last value[M]. */
struct Image {
  std::int64_t node;
  double sign, first, last;
};

KOKKOS_INLINE_FUNCTION Image image_of(std::int64_t j, std::int64_t M)
{
  const std::int64_t period = 2 * M;
  std::int64_t before = j / period;
  if (before * period > j) before--;
  const std::int64_t place = j - before * period;
  const double shift = 2.0 * double(before);
  if (place <= M) return {place, 1.0, -shift, shift};
  return {period - place, -1.0, -shift, shift + 2.0};
}

/* y[M + 1][cols] to c[M + 3][cols] */
template <class Real> struct Interpolate {
  Real *c;
  const Real *y;
  std::int64_t M, cols;

  template <int Width>
  KOKKOS_INLINE_FUNCTION void add(std::int64_t j, double weight, std::int64_t col,
                                  double *sum) const
  {
    if (0 <= j && j <= M) {
      for (int k = 0; k < Width; k++) sum[k] += weight * double(y[j * cols + col + k]);
      return;
    }
    const Image image = image_of(j, M);
    const Real *const value = y + image.node * cols + col, *const last = y + M * cols + col;
    for (int k = 0; k < Width; k++)
      sum[k] += weight * (image.sign * double(value[k]) + image.first * double(y[col + k]) +
                          image.last * double(last[k]));
  }

  template <int Width> KOKKOS_INLINE_FUNCTION void columns(std::int64_t row, std::int64_t col) const
  {
    const std::int64_t node = row - 1;
    double sum[Width] = {}, weight = sqrt3;
    add<Width>(node, weight, col, sum);
    for (int m = 1; m <= reach<Real>; m++) {
      weight *= sqrt3 - 2.0;
      add<Width>(node - m, weight, col, sum);
      add<Width>(node + m, weight, col, sum);
    }
    for (int k = 0; k < Width; k++) c[row * cols + col + k] = Real(sum[k]);
  }
};

/* c[M + 3][cols] to y[M + 1][cols] */
template <class Real> struct InterpolateAdjoint {
  Real *y;
  const Real *c;
  std::int64_t M, cols;

  /* Of the folded seeds: inner ones here, those of the ends in add_end. */
  template <int Width>
  KOKKOS_INLINE_FUNCTION void add(std::int64_t j, double weight, std::int64_t col,
                                  double *sum) const
  {
    const Image image = image_of(j, M);
    if (image.node == 0 || image.node == M) return;
    const Real *const seed = c + col;
    for (int k = 0; k < Width; k++) {
      double value = double(seed[(image.node + 1) * cols + k]);
      if (image.node == 1) value -= double(seed[k]);
      if (image.node == M - 1) value -= double(seed[(M + 2) * cols + k]);
      sum[k] += weight * image.sign * value;
    }
  }

  template <int Width>
  KOKKOS_INLINE_FUNCTION void add_end(std::int64_t own, std::int64_t outer, std::int64_t col,
                                      double *sum) const
  {
    for (int k = 0; k < Width; k++)
      sum[k] += double(c[own * cols + col + k]) + 2.0 * double(c[outer * cols + col + k]);
  }

  template <int Width> KOKKOS_INLINE_FUNCTION void columns(std::int64_t j, std::int64_t col) const
  {
    const bool inner = 0 < j && j < M;
    double sum[Width] = {}, weight = inner ? sqrt3 : 1.0;
    if (inner) add<Width>(j, weight, col, sum);
    if (j == 0) add_end<Width>(1, 0, col, sum);
    if (j == M) add_end<Width>(M + 1, M + 2, col, sum);
    for (int m = 1; m <= reach<Real>; m++) {
      weight *= sqrt3 - 2.0;
      if (j > 0) add<Width>(j - m, weight, col, sum);
      if (j < M) add<Width>(j + m, weight, col, sum);
    }
    for (int k = 0; k < Width; k++) y[j * cols + col + k] = Real(sum[k]);
  }
};

template <class Exec, class Real> eipnn_status spline(const eipnn_kernel_arguments &arguments)
{
  const eipnn_matrix out = arguments.out, a = arguments.input[0];
  Real *const to = static_cast<Real *>(out.data);
  const Real *const from = static_cast<const Real *>(a.data);
  if (arguments.node->p.spline.transposed)
    for_each_columns<Exec>("eipnn spline adjoint", out.rows, out.cols,
                           InterpolateAdjoint<Real>{to, from, out.rows - 1, out.cols});
  else
    for_each_columns<Exec>("eipnn spline", out.rows, out.cols,
                           Interpolate<Real>{to, from, a.rows - 1, out.cols});
  return EIPNN_OK;
}

EIPNN_INSTANTIATE(spline)

} // namespace eipnn
