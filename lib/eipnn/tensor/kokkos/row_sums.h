/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_ROW_SUMS_H
#define EIPNN_TENSOR_KOKKOS_ROW_SUMS_H

/* The sum of all rows of a matrix, in double: blocks of rows at once, then blocks of their sums,
   and so on. Blocks do not depend on the number of threads, hence neither does the result. */

#include "tensor/kokkos/shared_sums.h"

namespace eipnn
{

enum { ROWS_PER_SUM = 128 };

/* [rows][cols] to the sums of `height` rows each */
template <class From> struct BlockRows {
  const From *a;
  std::int64_t rows, cols, height;
  template <int Width>
  KOKKOS_INLINE_FUNCTION void add(std::int64_t block, std::int64_t col, int share, int shares,
                                  double *sum) const
  {
    const std::int64_t first = block * height, end = first + height < rows ? first + height : rows;
    for (std::int64_t r = first + share; r < end; r += shares)
      for (int c = 0; c < Width; c++) sum[c] += double(a[r * cols + col + c]);
  }
};

/* Numbers of scratch that sum_of_rows wants. */
inline std::size_t sum_of_rows_scratch(std::size_t rows, std::size_t cols)
{
  std::size_t numbers = 0;
  while (rows > 2 * ROWS_PER_SUM) {
    rows = (rows + ROWS_PER_SUM - 1) / ROWS_PER_SUM;
    numbers += rows * cols;
  }
  return numbers;
}

/* out[cols] = sum of a[rows][cols] */
template <class Exec, class From, class To>
void sum_of_rows(const char *name, const From *a, std::int64_t rows, std::int64_t cols, To *out,
                 double *scratch)
{
  if (rows <= 2 * ROWS_PER_SUM)
    return shared_sums<Exec>(name, 1, cols, out, BlockRows<From>{a, rows, cols, rows});
  const std::int64_t blocks = (rows + ROWS_PER_SUM - 1) / ROWS_PER_SUM;
  shared_sums<Exec>(name, blocks, cols, scratch, BlockRows<From>{a, rows, cols, ROWS_PER_SUM});
  sum_of_rows<Exec>(name, static_cast<const double *>(scratch), blocks, cols, out,
                    scratch + blocks * cols);
}

} // namespace eipnn

#endif
