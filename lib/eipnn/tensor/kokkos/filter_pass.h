/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_FILTER_PASS_H
#define EIPNN_TENSOR_KOKKOS_FILTER_PASS_H

/* What the passes of the continuous-filter convolution over pairs have in common: operands, blocks
   of columns, teams. */

#include "tensor/kokkos/filter_table.h"

namespace eipnn
{

/* Operands of a FILTER node; NULL where absent. */
template <class Real> struct FilterOperands {
  const Real *filter, *distance, *x, *u, *s;
  const int *pair_i, *pair_j, *npair_used;
  int natom, npair, cols;
  FilterTable<Real> table;
};

template <class Real> FilterOperands<Real> filter_operands(const eipnn_kernel_arguments &a)
{
  const eipnn_matrix *input = a.input;
  FilterOperands<Real> f;
  f.filter = static_cast<const Real *>(input[EIPNN_FILTER_FILTER].data);
  f.distance = static_cast<const Real *>(input[EIPNN_FILTER_DISTANCE].data);
  f.x = static_cast<const Real *>(input[EIPNN_FILTER_X].data);
  f.u = static_cast<const Real *>(input[EIPNN_FILTER_U].data);
  f.s = static_cast<const Real *>(input[EIPNN_FILTER_S].data);
  f.pair_i = a.structure->pair_i;
  f.pair_j = a.structure->pair_j;
  f.npair_used = a.structure->npair_used;
  f.natom = a.structure->natom;
  f.npair = a.structure->npair;
  f.cols = input[f.u ? EIPNN_FILTER_U : EIPNN_FILTER_X].cols;
  f.table = FilterTable<Real>{};
  if (a.node->p.filter.table)
    f.table = filter_table<Real>(a.node->p.filter.grid, a.node->p.filter.order);
  return f;
}

/* A pair's filter is the sum of w[m] times row first + m of `filter`: four rows of a table, or its
   own row. */
template <bool Table, class Real>
KOKKOS_INLINE_FUNCTION int weigh_pair(const FilterOperands<Real> &f, int pair, Real w[4])
{
  const Real factor = f.s ? f.s[pair] : Real(1.0);
  if (!Table) {
    w[0] = factor;
    return pair;
  }
  const TablePosition<Real> at = locate(f.table, f.distance[pair]);
  weigh(f.table.order, at.t, f.table.scale * factor, w);
  return at.row;
}

/* W neighbouring elements of a row. A GPU's lane loads them at once; on a host they stay in memory,
   so that loops over them become vector instructions. */
template <class Real, int W> struct alignas(sizeof(Real) * W) LoadedColumns {
  Real element[W];
  KOKKOS_INLINE_FUNCTION Real operator[](int c) const
  {
    return element[c];
  }
};
template <class Real> struct ColumnsInPlace {
  const Real *element;
  KOKKOS_INLINE_FUNCTION Real operator[](int c) const
  {
    return element[c];
  }
};
template <class Exec, class Real, int W>
using Columns =
    std::conditional_t<computes_on_host<Exec>, ColumnsInPlace<Real>, LoadedColumns<Real, W>>;

template <class Real, int W>
KOKKOS_INLINE_FUNCTION void load(const Real *from, LoadedColumns<Real, W> &columns)
{
  columns = *reinterpret_cast<const LoadedColumns<Real, W> *>(from);
}
template <class Real>
KOKKOS_INLINE_FUNCTION void load(const Real *from, ColumnsInPlace<Real> &columns)
{
  columns.element = from;
}

/* Sums of W columns. */
template <class Real, int W> struct Sums {
  Real element[W];
  KOKKOS_INLINE_FUNCTION void clear()
  {
    for (int c = 0; c < W; c++) element[c] = Real(0.0);
  }
};

/* The sum of W elements by halves: the same order on every machine, and vector instructions.
   Overwrites them. */
template <int W, class Real>
KOKKOS_INLINE_FUNCTION std::enable_if_t<W == 1, Real> sum_of(Real *element)
{
  return element[0];
}
template <int W, class Real>
KOKKOS_INLINE_FUNCTION std::enable_if_t<(W > 1), Real> sum_of(Real *element)
{
  for (int c = 0; c < W / 2; c++) element[c] += element[c + W / 2];
  return sum_of<W / 2>(element);
}

template <class Exec, class Real, int W>
KOKKOS_INLINE_FUNCTION void load_sums(const Real *from, Sums<Real, W> &sums)
{
  Columns<Exec, Real, W> columns;
  load(from, columns);
  for (int c = 0; c < W; c++) sums.element[c] = columns[c];
}

template <class Exec, class Real, int W>
KOKKOS_INLINE_FUNCTION std::enable_if_t<computes_on_host<Exec>>
store_sums(const Sums<Real, W> &sums, Real *to)
{
  for (int c = 0; c < W; c++) to[c] = sums.element[c];
}
template <class Exec, class Real, int W>
KOKKOS_INLINE_FUNCTION std::enable_if_t<!computes_on_host<Exec>>
store_sums(const Sums<Real, W> &sums, Real *to)
{
  LoadedColumns<Real, W> columns;
  for (int c = 0; c < W; c++) columns.element[c] = sums.element[c];
  *reinterpret_cast<LoadedColumns<Real, W> *>(to) = columns;
}

/* Columns per block: a GPU's lane loads 16 bytes, a host core several vectors. */
template <class Exec, class Real>
constexpr int wide_block = (computes_on_host<Exec> ? 256 : 16) / int(sizeof(Real));

/* Calls call(integral_constant<int, W>) for the widest block that the columns divide into and that
   the operands are aligned for, or for single columns. */
template <class Exec, class Real, class Call>
void with_block(const FilterOperands<Real> &f, const void *out, const Call &call)
{
  constexpr int wide = wide_block<Exec, Real>;
  const void *const used[] = {f.filter, f.x, f.u, out};
  bool fits = f.cols % wide == 0;
  if (!computes_on_host<Exec>)
    for (const void *p : used)
      fits = fits && reinterpret_cast<std::uintptr_t>(p) % (wide * sizeof(Real)) == 0;
  if (fits)
    call(std::integral_constant<int, wide>());
  else
    call(std::integral_constant<int, 1>());
}

/* Threads of a team, and lanes of a thread for `blocks` blocks of columns. */
template <class Exec> constexpr int warp_lanes = has_lanes<Exec> ? 32 : 1;

template <class Exec> int lanes_for(int blocks)
{
  int lanes = 1;
  while (lanes < warp_lanes<Exec> && lanes < blocks) lanes *= 2;
  return lanes;
}

/* So few that what the threads of a team describe fits a GPU's 48 KB of shared memory. */
template <class Exec> int threads_for(int lanes)
{
  return !has_lanes<Exec> ? 1 : lanes > 16 ? 256 / lanes : 16;
}

} // namespace eipnn

#endif
