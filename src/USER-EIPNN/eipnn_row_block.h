/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_ROW_BLOCK_H
#define LMP_EIPNN_ROW_BLOCK_H

#include <cstddef>

namespace LAMMPS_NS
{

/* What one exchange with the other ranks moves: a block of the columns of a matrix. In LAMMPS'
   buffers of doubles an atom takes stride() of them. */
struct EIPNNRowBlock {
  char *rows;
  size_t row_bytes, offset, bytes; // of a row; of the block in it
  bool is_float;
  size_t stride() const
  {
    return (bytes + sizeof(double) - 1) / sizeof(double);
  }
};

} // namespace LAMMPS_NS

#endif
