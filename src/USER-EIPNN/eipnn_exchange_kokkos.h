/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_EXCHANGE_KOKKOS_H
#define LMP_EIPNN_EXCHANGE_KOKKOS_H

/* Rows of features or results between the memory of DeviceType and LAMMPS' communication buffers.
   Rows are chosen by LAMMPS' index of an atom. */

#include "eipnn_row_block.h"
#include "eipnn_views_kokkos.h"

namespace LAMMPS_NS
{

template <class DeviceType> class EIPNNExchangeKokkos
{
public:
  using Ints = EIPNNInts<DeviceType>;
  using Doubles = EIPNNDoubles<DeviceType>;

  /* By LAMMPS' index: the row of an atom (of its owner for an image), and the row it receives as a
     ghost; -1: none. */
  void set_rows(const Ints &source, const Ints &ghost)
  {
    source_row_ = source;
    ghost_row_ = ghost;
  }
  /* By LAMMPS' index, 0 .. nturns-1: atoms of one turn have rows of their own. */
  void set_turns(const Ints &turn, int nturns)
  {
    turn_ = turn;
    nturns_ = nturns;
  }

  /* list and buffer in the memory of DeviceType. What has no row sends zero and ignores what it
     receives. Work is queued, not waited for. */
  int gather_listed(const EIPNNRowBlock &block, int n, const int *list, double *buffer) const;
  void store_range(const EIPNNRowBlock &block, int n, int first, const double *buffer) const;
  int gather_range(const EIPNNRowBlock &block, int n, int first, double *buffer) const;
  void add_listed(const EIPNNRowBlock &block, int n, const int *list, const double *buffer) const;

  /* For LAMMPS' communication through host memory: the same list or buffer where DeviceType can
     reach it. Valid until the next call. */
  const int *device_list(int n, const int *list);
  double *device_buffer(size_t n, double *buffer);                  // to be filled
  const double *device_copy(size_t n, double *buffer);              // as filled by the host
  void return_buffer(size_t n, const double *from, double *buffer); // waits, then to the host

private:
  Ints source_row_, ghost_row_, turn_, list_;
  int nturns_ = 1;
  Doubles buffer_;
};

} // namespace LAMMPS_NS

#endif
