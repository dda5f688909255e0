/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_CHUNKS_KOKKOS_H
#define LMP_EIPNN_CHUNKS_KOKKOS_H

/* Energies in parts, for devices whose memory does not hold the features of all atoms at once. A
   chunk is a range of the owned atoms of every rank. Its energies depend on the atoms that are at
   most as many hops from neighbour to neighbour away as the network reaches; these are its rows,
   and those at least one hop nearer need their neighbour lists. Energies, forces and virials of the
   chunks add up to the exact result. */

#include "eipnn_atom_map_kokkos.h"

#include <functional>
#include <vector>

namespace LAMMPS_NS
{

template <class DeviceType> class EIPNNChunksKokkos
{
public:
  using Ints = EIPNNInts<DeviceType>;
  using Rows = EIPNNRowsKokkos<DeviceType>;
  using Map = EIPNNAtomMapKokkos<DeviceType>;
  /* Sums marks [nrow of the map] of ghosts into their owners and sends these back; every rank
     calls it. */
  using Spread = std::function<void(double *marks)>;

  struct Source {
    const Map *map;
    const double *x; // component k of atom a at x[a*x_stride[0] + k*x_stride[1]]
    ptrdiff_t x_stride[2];
    double cutoff; // neighbours farther apart do not count
    int hops;
  };
  /* Memory of build, before all ranks start on it. Throws what Kokkos does where it is short. */
  void reserve(const Map &map);
  /* The same number of chunks on every rank. false: memory is short on this rank; it has served
     the others all the same. */
  bool build(const Source &source, int nchunks, const Spread &spread);

  int size() const
  {
    return (int)chunks_.size();
  }
  /* Rows of chunk c, valid until the next call. */
  const Rows &select(const Map &map, int c);
  int nrow_max() const;
  double bytes() const;

private:
  struct Chunk {
    int begin, end; // owned rows of the map whose energies count
    int nowned, nrow, nlist;
    Ints whole_row; // [nrow]
  };
  std::vector<Chunk> chunks_;
  Rows selected_;
  Ints level_, chunk_row_, order_; // [nrow of the map]
  EIPNNDoubles<DeviceType> marks_; // [nrow of the map]

  void find_levels(const Source &source, const Chunk &chunk, const Spread &spread);
  void collect_rows(const Source &source, Chunk &chunk);
  void reserve_selected(const Map &map);
};

} // namespace LAMMPS_NS

#endif
