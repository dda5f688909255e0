/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/adjacency.h"
#include "tensor/kokkos/kernels.h"
#include "tensor/kokkos/row_sums.h"

namespace eipnn
{

template <class Real> struct Gather {
  Real *out;
  const Real *a;
  const int *index;
  std::int64_t cols;
  template <int Width> KOKKOS_INLINE_FUNCTION void columns(std::int64_t row, std::int64_t col) const
  {
    const std::int64_t from = index[row];
    Real *KOKKOS_RESTRICT const to = out + row * cols + col;
    const Real *KOKKOS_RESTRICT const source = a + (from < 0 ? 0 : from * cols) + col;
    if (from < 0)
      for (int c = 0; c < Width; c++) to[c] = Real(0);
    else
      for (int c = 0; c < Width; c++) to[c] = source[c];
  }
};

template <class Exec, class Real> eipnn_status gather(const eipnn_kernel_arguments &arguments)
{
  const eipnn_matrix out = arguments.out;
  for_each_columns<Exec>("eipnn gather", out.rows, out.cols,
                         Gather<Real>{static_cast<Real *>(out.data),
                                      static_cast<const Real *>(arguments.input[0].data),
                                      arguments.index, out.cols});
  return EIPNN_OK;
}

/* out[row] = sum of a[p] over the pairs p of atom row: member[first[row]..], or the numbers
   first[row].. themselves where there is no list of members */
template <class Real> struct SumPairs {
  Real *out;
  const Real *a;
  const int *first, *member;
  std::int64_t cols;
  template <int Width> KOKKOS_INLINE_FUNCTION void columns(std::int64_t row, std::int64_t col) const
  {
    double sum[Width] = {};
    const int end = first[row + 1];
    for (int k = first[row]; k < end; k++) {
      const std::int64_t pair = member ? member[k] : k;
      for (int c = 0; c < Width; c++) sum[c] += double(a[pair * cols + col + c]);
    }
    for (int c = 0; c < Width; c++) out[row * cols + col + c] = Real(sum[c]);
  }
};

template <class Exec, class Real>
static eipnn_status scatter_pairs(const eipnn_kernel_arguments &arguments)
{
  const eipnn_adjacency &adjacency = *arguments.structure->adjacency;
  const bool by_i = arguments.node->p.index == EIPNN_INDEX_PAIR_I;
  const eipnn_matrix out = arguments.out;
  for_each_columns<Exec>("eipnn scatter", out.rows, out.cols,
                         SumPairs<Real>{static_cast<Real *>(out.data),
                                        static_cast<const Real *>(arguments.input[0].data),
                                        by_i ? adjacency.first_i : adjacency.first_j,
                                        by_i ? nullptr : adjacency.pair_of_j, out.cols});
  return EIPNN_OK;
}

/* Scatter to configurations or species. Each target gathers its rows, and finds them by looking at
   the index of every row in question: no atomics, no sorting, no order of the index assumed. What
   keeps that from being quadratic:
   - the rows are cut into blocks of about the square root of their number, and of many targets
     each skips the blocks whose range of targets does not hold it. The usual index ascends, so that
     a target meets its own blocks and one or two more;
   - a section of as many blocks as there are targets is summed to one number per target and column,
     and those sections are added up as the rows of a matrix are: there is work for many threads
     even for a single target, and the partial sums are fewer than the source's elements by the
     length of a block. */
struct Sections {
  std::int64_t rows, targets, cols;
  std::int64_t block_rows, blocks, sections; /* a section has `targets` blocks */
};

enum { BLOCK_ROWS = 128, MANY_TARGETS = 8 };

static Sections sections_of(std::int64_t rows, std::int64_t targets, std::int64_t cols)
{
  Sections s = {rows, targets, cols, BLOCK_ROWS, 0, 0};
  while (s.block_rows * s.block_rows < rows) s.block_rows *= 2;
  s.blocks = (rows + s.block_rows - 1) / s.block_rows;
  s.sections = (s.blocks + targets - 1) / targets;
  return s;
}

/* Numbers of partial sums, and of scratch to add them up. */
static std::size_t partial_sums(const Sections &s)
{
  if (s.sections <= 1) return 0;
  const std::int64_t width = s.targets * s.cols;
  return std::size_t(s.sections * width) +
         sum_of_rows_scratch(std::size_t(s.sections), std::size_t(width));
}

static bool is_pair_index(eipnn_index index)
{
  return index == EIPNN_INDEX_PAIR_I || index == EIPNN_INDEX_PAIR_J;
}

std::size_t scatter_scratch(const eipnn_node &node, const eipnn_extents &extents, std::size_t)
{
  const std::size_t targets = node.rows > 0 ? std::size_t(node.rows) : extents.rows[-node.rows];
  if (is_pair_index(node.p.index) || targets == 0) return 0;
  const Sections s =
      sections_of(std::int64_t(extents.input_rows), std::int64_t(targets), node.cols);
  return partial_sums(s) * sizeof(double) + 2 * std::size_t(s.blocks) * sizeof(int);
}

/* lowest[b], highest[b]: the range of targets in block b, skipped rows left out */
template <class Exec>
void find_ranges(const Sections &s, const int *index, int *lowest, int *highest)
{
  for_each<Exec>(
      "eipnn ranges", s.blocks, KOKKOS_LAMBDA(std::int64_t b) {
        const std::int64_t first = b * s.block_rows;
        const std::int64_t end = first + s.block_rows < s.rows ? first + s.block_rows : s.rows;
        int low = int(s.targets), high = -1;
        for (std::int64_t r = first; r < end; r++) {
          const int target = index[r];
          low = target >= 0 && target < low ? target : low;
          high = target > high ? target : high;
        }
        lowest[b] = low;
        highest[b] = high;
      });
}

/* [section][target][col]: the rows of a section's blocks by target */
template <class Real> struct SectionRows {
  const Real *a;
  const int *index;
  const int *lowest, *highest; /* NULL: of few targets every block is taken to hold them all */
  Sections s;

  template <int Width>
  KOKKOS_INLINE_FUNCTION void add_block(std::int64_t block, int target, std::int64_t col, int share,
                                        int shares, double *sum) const
  {
    const std::int64_t first = block * s.block_rows;
    const std::int64_t end = first + s.block_rows < s.rows ? first + s.block_rows : s.rows;
    for (std::int64_t r = first + share; r < end; r += shares)
      if (index[r] == target)
        for (int c = 0; c < Width; c++) sum[c] += double(a[r * s.cols + col + c]);
  }

  template <int Width>
  KOKKOS_INLINE_FUNCTION void add(std::int64_t item, std::int64_t col, int share, int shares,
                                  double *sum) const
  {
    const std::int64_t section = item / s.targets;
    const int target = int(item - section * s.targets);
    const std::int64_t first = section * s.targets;
    const std::int64_t end = first + s.targets < s.blocks ? first + s.targets : s.blocks;
    for (std::int64_t b = first; b < end; b++)
      if (!lowest || (lowest[b] <= target && target <= highest[b]))
        add_block<Width>(b, target, col, share, shares, sum);
  }
};

template <class Exec, class Real>
static eipnn_status scatter_rows(const eipnn_kernel_arguments &arguments)
{
  const eipnn_matrix a = arguments.input[0];
  if (count_of(arguments.out) == 0) return EIPNN_OK;
  const Sections s = sections_of(a.rows, arguments.out.rows, a.cols);
  const Real *const from = static_cast<const Real *>(a.data);
  Real *const out = static_cast<Real *>(arguments.out.data);
  double *const partial = static_cast<double *>(arguments.scratch);
  int *lowest = nullptr, *highest = nullptr;
  if (s.targets > MANY_TARGETS) {
    lowest = reinterpret_cast<int *>(partial + partial_sums(s));
    highest = lowest + s.blocks;
    find_ranges<Exec>(s, arguments.index, lowest, highest);
  }
  const char *const name = "eipnn scatter";
  const SectionRows<Real> rows = {from, arguments.index, lowest, highest, s};
  if (s.sections <= 1) {
    shared_sums<Exec>(name, s.targets, s.cols, out, rows);
    return EIPNN_OK;
  }
  const std::int64_t width = s.targets * s.cols;
  shared_sums<Exec>(name, s.sections * s.targets, s.cols, partial, rows);
  sum_of_rows<Exec>(name, static_cast<const double *>(partial), s.sections, width, out,
                    partial + s.sections * width);
  return EIPNN_OK;
}

template <class Exec, class Real> eipnn_status scatter(const eipnn_kernel_arguments &arguments)
{
  return is_pair_index(arguments.node->p.index) ? scatter_pairs<Exec, Real>(arguments)
                                                : scatter_rows<Exec, Real>(arguments);
}

EIPNN_INSTANTIATE(gather)
EIPNN_INSTANTIATE(scatter)

} // namespace eipnn
