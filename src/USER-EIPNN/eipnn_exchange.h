/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_EXCHANGE_H
#define LMP_EIPNN_EXCHANGE_H

/* Rows of features or results between host memory and LAMMPS' communication buffers; on a device:
   eipnn_exchange_kokkos.h. Rows are chosen by LAMMPS' index of an atom. */

#include "eipnn_row_block.h"

#include <vector>

namespace LAMMPS_NS
{

class EIPNNExchange
{
public:
  /* By LAMMPS' index: the row of an atom (of its owner for an image), and the row it receives as a
     ghost; -1: none. Both must outlive the exchanges. */
  void set_rows(const std::vector<int> &source, const std::vector<int> &ghost)
  {
    source_row_ = &source;
    ghost_row_ = &ghost;
  }

  /* What has no row sends zero and ignores what it receives. The gathering ones return how many
     numbers of the buffer they have filled. */
  int gather_listed(const EIPNNRowBlock &block, int n, const int *list, double *buffer) const;
  void store_range(const EIPNNRowBlock &block, int n, int first, const double *buffer) const;
  int gather_range(const EIPNNRowBlock &block, int n, int first, double *buffer) const;
  void add_listed(const EIPNNRowBlock &block, int n, const int *list, const double *buffer) const;

private:
  const std::vector<int> *source_row_ = nullptr, *ghost_row_ = nullptr;
};

} // namespace LAMMPS_NS

#endif
