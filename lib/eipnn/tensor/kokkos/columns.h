/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_COLUMNS_H
#define EIPNN_TENSOR_KOKKOS_COLUMNS_H

/* Loops over the elements of a matrix. Neighbouring threads of a GPU take neighbouring columns of
   a row; a thread of the host takes a long piece of a row, in steps of a few columns that the
   compiler turns into vector instructions. */

#include "tensor/kokkos/space.h"

namespace eipnn
{

/* Calls kernel.template columns<Width>(row, column), which stands for columns column ..
   column + Width - 1, so that each element of [rows][cols] is met once. */
template <class Exec, class Kernel>
std::enable_if_t<computes_on_host<Exec>> for_each_columns(const char *name, std::int64_t rows,
                                                          std::int64_t cols, const Kernel &kernel)
{
  constexpr int width = 32;
  constexpr std::int64_t length = 4096;
  const std::int64_t pieces = (cols + length - 1) / length;
  for_each<Exec>(
      name, rows * pieces, KOKKOS_LAMBDA(std::int64_t k) {
        const std::int64_t row = rows == 1 ? 0 : k / pieces; /* a division saved */
        std::int64_t column = (k - row * pieces) * length;
        const std::int64_t end = column + length < cols ? column + length : cols;
        for (; column + width <= end; column += width) kernel.template columns<width>(row, column);
        for (; column < end; column++) kernel.template columns<1>(row, column);
      });
}

/* A GPU's thread takes one element: a loop over its columns, even of one turn, costs more than
   what it computes. */
template <class Exec, class Kernel>
std::enable_if_t<!computes_on_host<Exec>> for_each_columns(const char *name, std::int64_t rows,
                                                           std::int64_t cols, const Kernel &kernel)
{
  for_each<Exec>(
      name, rows * cols, KOKKOS_LAMBDA(std::int64_t k) {
        const std::int64_t row = rows == 1 ? 0 : k / cols;
        kernel.template columns<1>(row, k - row * cols);
      });
}

} // namespace eipnn

#endif
