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
  int node;
  double sign, first, last;
};

KOKKOS_INLINE_FUNCTION Image image_of(int j, int M)
{
  if (0 <= j && j <= M) return {j, 1.0, 0.0, 0.0};
  const int before = j / (2 * M) - (j < 0 && j % (2 * M) != 0), place = j - before * 2 * M;
  if (place <= M) return {place, 1.0, -2.0 * before, 2.0 * before};
  return {2 * M - place, -1.0, -2.0 * before, 2.0 * before + 2.0};
}

/* sum[k] += weight * row[k] */
template <int Width, class Real>
KOKKOS_INLINE_FUNCTION void add_row(double weight, const Real *row, double *sum)
{
  for (int k = 0; k < Width; k++) sum[k] += weight * double(row[k]);
}

/* sum[k] += weight * (before[k] + after[k]) */
template <int Width, class Real>
KOKKOS_INLINE_FUNCTION void add_rows(double weight, const Real *before, const Real *after,
                                     double *sum)
{
  for (int k = 0; k < Width; k++) sum[k] += weight * (double(before[k]) + double(after[k]));
}

/* y[M + 1][cols] to c[M + 3][cols] */
template <class Real> struct Interpolate {
  Real *c;
  const Real *y;
  int M;
  std::int64_t cols;

  /* Adds the two places at distance m of node; end[0] and end[1]: weights of y[0] and y[M]. */
  template <int Width>
  KOKKOS_INLINE_FUNCTION void add_images(int node, int m, double weight, std::int64_t col,
                                         double *sum, double *end) const
  {
    for (int side = -1; side <= 1; side += 2) {
      const Image image = image_of(node + side * m, M);
      add_row<Width>(weight * image.sign, y + image.node * cols + col, sum);
      end[0] += weight * image.first;
      end[1] += weight * image.last;
    }
  }

  template <int Width> KOKKOS_INLINE_FUNCTION void columns(std::int64_t row, std::int64_t col) const
  {
    const int node = int(row) - 1, inside = node < M - node ? node : M - node;
    double sum[Width] = {}, end[2] = {}, weight = sqrt3;
    add_images<Width>(node, 0, 0.5 * weight, col, sum, end);
    for (int m = 1; m <= reach<Real>; m++) {
      weight *= sqrt3 - 2.0;
      if (m <= inside)
        add_rows<Width>(weight, y + (node - m) * cols + col, y + (node + m) * cols + col, sum);
      else
        add_images<Width>(node, m, weight, col, sum, end);
    }
    add_row<Width>(end[0], y + col, sum);
    add_row<Width>(end[1], y + M * cols + col, sum);
    for (int k = 0; k < Width; k++) c[row * cols + col + k] = Real(sum[k]);
  }
};

/* c[M + 3][cols] to y[M + 1][cols] */
template <class Real> struct InterpolateAdjoint {
  Real *y;
  const Real *c;
  int M;
  std::int64_t cols;

  KOKKOS_INLINE_FUNCTION const Real *seed(int node, std::int64_t col) const
  {
    return c + (node + 1) * cols + col;
  }

  /* Folded seeds of the inner nodes, continued by reflection about zero. */
  template <int Width>
  KOKKOS_INLINE_FUNCTION void add(int j, double weight, std::int64_t col, double *sum) const
  {
    const Image image = image_of(j, M);
    if (image.node == 0 || image.node == M) return;
    weight *= image.sign;
    add_row<Width>(weight, seed(image.node, col), sum);
    if (image.node == 1) add_row<Width>(-weight, seed(-1, col), sum);
    if (image.node == M - 1) add_row<Width>(-weight, seed(M + 1, col), sum);
  }

  template <int Width>
  KOKKOS_INLINE_FUNCTION void add_end(int node, int outer, std::int64_t col, double *sum) const
  {
    add_row<Width>(1.0, seed(node, col), sum);
    add_row<Width>(2.0, seed(outer, col), sum);
  }

  template <int Width> KOKKOS_INLINE_FUNCTION void columns(std::int64_t row, std::int64_t col) const
  {
    const int j = int(row), inside = j < M - j ? j : M - j;
    const bool inner = inside > 0;
    double sum[Width] = {}, weight = inner ? sqrt3 : 1.0;
    if (inner) add<Width>(j, weight, col, sum);
    if (j == 0) add_end<Width>(0, -1, col, sum);
    if (j == M) add_end<Width>(M, M + 1, col, sum);
    for (int m = 1; m <= reach<Real>; m++) {
      weight *= sqrt3 - 2.0;
      if (m < inside - 1) {
        add_rows<Width>(weight, seed(j - m, col), seed(j + m, col), sum);
        continue;
      }
      if (j > 0) add<Width>(j - m, weight, col, sum);
      if (j < M) add<Width>(j + m, weight, col, sum);
    }
    for (int k = 0; k < Width; k++) y[row * cols + col + k] = Real(sum[k]);
  }
};

template <class Exec, class Real> eipnn_status spline(const eipnn_kernel_arguments &arguments)
{
  const eipnn_matrix out = arguments.out, a = arguments.input[0];
  Real *const to = static_cast<Real *>(out.data);
  const Real *const from = static_cast<const Real *>(a.data);
  if (arguments.node->p.spline.transposed)
    for_each_columns<Exec>("eipnn spline", out.rows, out.cols,
                           InterpolateAdjoint<Real>{to, from, out.rows - 1, out.cols});
  else
    for_each_columns<Exec>("eipnn spline", out.rows, out.cols,
                           Interpolate<Real>{to, from, a.rows - 1, out.cols});
  return EIPNN_OK;
}

EIPNN_INSTANTIATE(spline)

} // namespace eipnn
