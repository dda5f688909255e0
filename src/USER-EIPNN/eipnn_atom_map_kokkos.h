/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_ATOM_MAP_KOKKOS_H
#define LMP_EIPNN_ATOM_MAP_KOKKOS_H

/* Which atoms of this rank the network sees, in which order, in the memory of DeviceType. LAMMPS'
   own arrays of positions and neighbours are used as they are. Rows of the network:
     owned    atoms of this rank,
     foreign  ghosts of other ranks: their features come through the exchange.
   Ghosts that are periodic images of owned atoms share the row of their owner. Atoms of types
   without an element have none. Valid from one reneighbouring to the next. */

#include "eipnn_views_kokkos.h"

#include <eipnn/device.h>

namespace LAMMPS_NS
{

/* The rows of one evaluation: of all atoms, or of those that a part of the energy depends on. */
template <class DeviceType> struct EIPNNRowsKokkos {
  using Ints = EIPNNInts<DeviceType>;
  int nowned = 0, nrow = 0;
  int nlist = 0;    // rows with a neighbour list, the first ones
  Ints row;         // [natom] by LAMMPS' index: of an image that of its owner; -1: none
  Ints ghost_row;   // [natom] row that is received from another rank; -1: none
  Ints atom;        // [nrow] LAMMPS' index
  Ints whole_row;   // [nrow] row among all atoms; empty: the same
  Ints contributes; // [nowned] 0: its energy does not count; empty: all count
};

template <class DeviceType> class EIPNNAtomMapKokkos
{
public:
  using Ints = EIPNNInts<DeviceType>;

  /* LAMMPS' atoms and full neighbour list as of a reneighbouring. */
  struct Source {
    int nlocal, natom, me;
    typename ArrayTypes<DeviceType>::t_int_1d type;
    Ints known;                     // by type, 0: not part of the network
    EIPNNDoubles<DeviceType> place; // [natom][2] rank and local index of the owner
    int inum;
    typename ArrayTypes<DeviceType>::t_int_1d ilist, numneigh;
    typename ArrayTypes<DeviceType>::t_neighbors_2d neighbors;
  };
  void reserve(int nlocal, int natom);
  void build(const Source &source);
  /* After build: numbers the atoms that share a row. Waits for the device. */
  void take_turns();

  const EIPNNRowsKokkos<DeviceType> &rows() const
  {
    return rows_;
  }
  /* [natom] 0 for an atom, 1, 2, ... for the images that share its row; all are below nturns(). */
  const Ints &turn() const
  {
    return turn_;
  }
  int nturns() const
  {
    return nturns_;
  }
  int natom() const
  {
    return natom_;
  }
  double bytes() const;

  /* The lists and the given rows as the library wants them, but for species and positions. */
  eipnn_device_atoms describe(const EIPNNRowsKokkos<DeviceType> &rows) const;

private:
  int nlocal_ = 0, natom_ = 0, nturns_ = 1;
  EIPNNRowsKokkos<DeviceType> rows_;
  Ints count_; // [natom] length of an atom's neighbour list, 0 without one
  Ints turn_;
  Ints next_; // [nlocal] by row: the image that is numbered next
  /* LAMMPS' neighbour lists: a View would keep them while LAMMPS makes longer ones, which gives the
     old ones back first. */
  const int *neighbor_ = nullptr;
  ptrdiff_t neighbor_stride_[2] = {0, 0};

  void count_neighbors(const Source &source);
  void order_atoms(const Source &source);
};

} // namespace LAMMPS_NS

#endif
