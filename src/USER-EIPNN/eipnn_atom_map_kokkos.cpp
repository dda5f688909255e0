/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eipnn_atom_map_kokkos.h"

#include <algorithm>
#include <climits>

namespace LAMMPS_NS
{
namespace EIPNNAtomMapKernels
{

/* How long the list of each atom is; only atoms in ilist have one. */
template <class DeviceType, class List>
void list_lengths(int inum, int nlocal, const List &ilist, const List &numneigh,
                  const EIPNNInts<DeviceType> &count)
{
  Kokkos::parallel_for(
      "eipnn:count", EIPNNRange<DeviceType>(0, inum), KOKKOS_LAMBDA(const std::int64_t k) {
        const int i = ilist(k);
        if (i < nlocal) count(i) = numneigh(i);
      });
}

/* Numbers the atoms of [begin, end) that want(i) in their order, from `first` on. */
template <class DeviceType, class Want>
int number_rows(int begin, int end, int first, const Want &want, const EIPNNInts<DeviceType> &row,
                const EIPNNInts<DeviceType> &atom)
{
  int total = 0;
  Kokkos::parallel_scan(
      "eipnn:number", EIPNNRange<DeviceType>(begin, end),
      KOKKOS_LAMBDA(const std::int64_t i, int &sum, const bool last) {
        const bool wanted = want((int)i);
        if (last) row(i) = wanted ? first + sum : -1;
        if (last && wanted) atom(first + sum) = (int)i;
        if (wanted) sum++;
      },
      total);
  return total;
}

template <class DeviceType, class Types> struct WantOwned {
  Types type;
  EIPNNInts<DeviceType> known;
  KOKKOS_INLINE_FUNCTION bool operator()(int i) const
  {
    return known(type(i)) != 0;
  }
};

template <class DeviceType, class Types> struct WantForeign {
  Types type;
  EIPNNInts<DeviceType> known;
  EIPNNDoubles<DeviceType> place;
  int me;
  KOKKOS_INLINE_FUNCTION bool operator()(int i) const
  {
    return known(type(i)) != 0 && (int)place(2 * i) != me;
  }
};

/* Ghosts: those of other ranks receive their rows, images take that of their owner. */
template <class DeviceType, class Types>
void share_rows(int nlocal, int natom, int me, const Types &type,
                const EIPNNInts<DeviceType> &known, const EIPNNDoubles<DeviceType> &place,
                const EIPNNInts<DeviceType> &row, const EIPNNInts<DeviceType> &ghost_row)
{
  Kokkos::parallel_for(
      "eipnn:share", EIPNNRange<DeviceType>(0, natom), KOKKOS_LAMBDA(const std::int64_t i) {
        const bool mine = i < nlocal || (int)place(2 * i) == me;
        ghost_row(i) = mine ? -1 : row(i);
        if (i >= nlocal && mine && known(type(i))) row(i) = row((int)place(2 * i + 1));
      });
}

/* Images of own atoms wait for a turn (-1); all others have theirs. Returns how many wait. */
template <class DeviceType>
int start_turns(int nlocal, int natom, const EIPNNRowsKokkos<DeviceType> &rows,
                const EIPNNInts<DeviceType> &turn)
{
  const EIPNNInts<DeviceType> row = rows.row, ghost_row = rows.ghost_row;
  int waiting = 0;
  Kokkos::parallel_reduce(
      "eipnn:start_turns", EIPNNRange<DeviceType>(0, natom),
      KOKKOS_LAMBDA(const std::int64_t i, int &sum) {
        const bool waits = i >= nlocal && row(i) >= 0 && ghost_row(i) < 0;
        turn(i) = waits ? -1 : 0;
        if (waits) sum++;
      },
      waiting);
  return waiting;
}

/* Of the images of an atom that wait, the first in LAMMPS' order gets this turn. Returns how many
   wait on. */
template <class DeviceType>
int give_turn(int nlocal, int natom, int now, const EIPNNInts<DeviceType> &row,
              const EIPNNInts<DeviceType> &next, const EIPNNInts<DeviceType> &turn)
{
  const EIPNNRange<DeviceType> images(nlocal, natom);
  int waiting = 0;
  eipnn_fill(next, INT_MAX);
  Kokkos::parallel_for(
      "eipnn:next_image", images, KOKKOS_LAMBDA(const std::int64_t i) {
        if (turn(i) < 0) Kokkos::atomic_fetch_min(&next(row(i)), (int)i);
      });
  Kokkos::parallel_reduce(
      "eipnn:give_turn", images,
      KOKKOS_LAMBDA(const std::int64_t i, int &sum) {
        if (turn(i) >= 0) return;
        if (next(row(i)) == i)
          turn(i) = now;
        else
          sum++;
      },
      waiting);
  return waiting;
}

} // namespace EIPNNAtomMapKernels

using namespace EIPNNAtomMapKernels;

template <class DeviceType> void EIPNNAtomMapKokkos<DeviceType>::reserve(int nlocal, int natom)
{
  nlocal_ = nlocal;
  natom_ = natom;
  eipnn_reserve(count_, natom, "eipnn:count");
  eipnn_reserve(turn_, natom, "eipnn:turn");
  eipnn_reserve(next_, nlocal, "eipnn:next");
  eipnn_reserve(rows_.row, natom, "eipnn:row");
  eipnn_reserve(rows_.ghost_row, natom, "eipnn:ghost_row");
  eipnn_reserve(rows_.atom, natom, "eipnn:atom");
}

template <class DeviceType> void EIPNNAtomMapKokkos<DeviceType>::build(const Source &source)
{
  count_neighbors(source);
  order_atoms(source);
}

template <class DeviceType>
void EIPNNAtomMapKokkos<DeviceType>::count_neighbors(const Source &source)
{
  neighbor_ = source.neighbors.data();
  neighbor_stride_[0] = (ptrdiff_t)source.neighbors.stride(0);
  neighbor_stride_[1] = (ptrdiff_t)source.neighbors.stride(1);
  eipnn_fill(count_, 0);
  list_lengths<DeviceType>(source.inum, source.nlocal, source.ilist, source.numneigh, count_);
}

/* Owned atoms keep LAMMPS' order, which it sorts in space from time to time. */
template <class DeviceType> void EIPNNAtomMapKokkos<DeviceType>::order_atoms(const Source &source)
{
  using Types = typename ArrayTypes<DeviceType>::t_int_1d;
  const WantOwned<DeviceType, Types> owned{source.type, source.known};
  const WantForeign<DeviceType, Types> foreign{source.type, source.known, source.place, source.me};
  rows_.nowned = rows_.nlist =
      number_rows<DeviceType>(0, source.nlocal, 0, owned, rows_.row, rows_.atom);
  rows_.nrow = rows_.nowned + number_rows<DeviceType>(source.nlocal, source.natom, rows_.nowned,
                                                      foreign, rows_.row, rows_.atom);
  share_rows<DeviceType>(source.nlocal, source.natom, source.me, source.type, source.known,
                         source.place, rows_.row, rows_.ghost_row);
}

template <class DeviceType> void EIPNNAtomMapKokkos<DeviceType>::take_turns()
{
  int waiting = start_turns<DeviceType>(nlocal_, natom_, rows_, turn_);
  for (nturns_ = 1; waiting > 0; nturns_++)
    waiting = give_turn<DeviceType>(nlocal_, natom_, nturns_, rows_.row, next_, turn_);
}

template <class DeviceType>
eipnn_device_atoms
EIPNNAtomMapKokkos<DeviceType>::describe(const EIPNNRowsKokkos<DeviceType> &rows) const
{
  eipnn_device_atoms atoms = {};
  atoms.natom = natom_;
  atoms.nowned = rows.nowned;
  atoms.nrow = rows.nrow;
  atoms.nlist = rows.nlist;
  atoms.contributes = rows.contributes.data();
  atoms.center = rows.atom.data();
  atoms.row = rows.row.data();
  atoms.count = count_.data();
  atoms.neighbor = neighbor_;
  std::copy(neighbor_stride_, neighbor_stride_ + 2, atoms.neighbor_stride);
  atoms.neighbor_mask = NEIGHMASK;
  return atoms;
}

template <class DeviceType> double EIPNNAtomMapKokkos<DeviceType>::bytes() const
{
  return eipnn_bytes(count_) + eipnn_bytes(turn_) + eipnn_bytes(next_) + eipnn_bytes(rows_.row) +
         eipnn_bytes(rows_.ghost_row) + eipnn_bytes(rows_.atom);
}

template class EIPNNAtomMapKokkos<LMPDeviceType>;
#ifdef LMP_KOKKOS_GPU
template class EIPNNAtomMapKokkos<LMPHostType>;
#endif

} // namespace LAMMPS_NS
