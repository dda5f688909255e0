/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_FILTER_TABLE_H
#define EIPNN_TENSOR_KOKKOS_FILTER_TABLE_H

/* Where the filter of a pair lies in a radial table, and with which weights its four coefficient
   rows are summed; as in tensor/cpu/filter_table.c. */

#include "tensor/kokkos/space.h"

namespace eipnn
{

template <class Real> struct FilterTable {
  double origin, inverse; /* inverse: of the spacing */
  double last;            /* first coefficient row of the last interval */
  int order;
  Real scale, next_scale; /* of the derivatives of orders order and order + 1 */
};

template <class Real> FilterTable<Real> filter_table(const eipnn_grid &grid, int order)
{
  double scale = 1.0;
  for (int k = 0; k < order; k++) scale /= grid.spacing;
  return {grid.origin, 1.0 / grid.spacing, double(grid.nodes - 2),
          order,       Real(scale),        Real(scale / grid.spacing)};
}

template <class Real> struct TablePosition {
  int row; /* first of the four coefficient rows */
  Real t;  /* position within the interval */
};

/* Outside the table: the end intervals. NaN: the first, and t keeps it. In double, once per pair: t
   is the small difference of two large numbers. */
template <class Real>
KOKKOS_INLINE_FUNCTION TablePosition<Real> locate(const FilterTable<Real> &table, Real distance)
{
  const double position = (double(distance) - table.origin) * table.inverse;
  double clamped = position > 0.0 ? position : 0.0;
  clamped = clamped < table.last ? clamped : table.last;
  const int row = int(clamped);
  return {row, Real(position - row)};
}

/* w = factor times the cubic B-splines on an interval of unit length or their derivatives by t. */
template <class Real> KOKKOS_INLINE_FUNCTION void weigh(int order, Real t, Real factor, Real w[4])
{
  const Real s = Real(1.0) - t;
  if (order == 0) {
    w[0] = factor * (Real(1.0 / 6.0) * s * s * s);
    w[1] = factor * (Real(2.0 / 3.0) + t * t * (Real(0.5) * t - Real(1.0)));
    w[2] = factor * (Real(2.0 / 3.0) + s * s * (Real(0.5) * s - Real(1.0)));
    w[3] = factor * (Real(1.0 / 6.0) * t * t * t);
  } else if (order == 1) {
    w[0] = factor * (Real(-0.5) * s * s);
    w[1] = factor * (t * (Real(1.5) * t - Real(2.0)));
    w[2] = factor * (s * (Real(2.0) - Real(1.5) * s));
    w[3] = factor * (Real(0.5) * t * t);
  } else if (order == 2) {
    w[0] = factor * s;
    w[1] = factor * (Real(3.0) * t - Real(2.0));
    w[2] = factor * (Real(3.0) * s - Real(2.0));
    w[3] = factor * t;
  } else { /* constants from the third derivative on; t - t keeps a NaN */
    const Real one = (t - t) + (order == 3 ? factor : Real(0.0));
    w[0] = -one;
    w[1] = Real(3.0) * one;
    w[2] = Real(-3.0) * one;
    w[3] = one;
  }
}

} // namespace eipnn

#endif
