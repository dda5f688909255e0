/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eipnn_chunks_kokkos.h"

#include <algorithm>

namespace LAMMPS_NS
{
namespace EIPNNChunkKernels
{

/* Hops from the rows [begin, end): 0 there, `far` elsewhere. */
template <class DeviceType>
void start_levels(int nrow, int begin, int end, int far, const EIPNNInts<DeviceType> &level)
{
  Kokkos::parallel_for(
      "eipnn:start_levels", EIPNNRange<DeviceType>(0, nrow),
      KOKKOS_LAMBDA(const std::int64_t r) { level(r) = r >= begin && r < end ? 0 : far; });
}

/* Marks the neighbours of the rows at `level`. */
template <class DeviceType>
void mark_neighbors(const eipnn_device_atoms &atoms, double cutoff_squared, int at,
                    const EIPNNInts<DeviceType> &level, const EIPNNDoubles<DeviceType> &marks)
{
  Kokkos::parallel_for(
      "eipnn:mark", EIPNNRange<DeviceType>(0, atoms.nlist), KOKKOS_LAMBDA(const std::int64_t r) {
        if (level(r) != at) return;
        const int i = atoms.center[r];
        const double *xi = atoms.position + i * atoms.position_stride[0];
        for (int m = 0; m < atoms.count[i]; m++) {
          const int j =
              atoms.neighbor[i * atoms.neighbor_stride[0] + m * atoms.neighbor_stride[1]] &
              atoms.neighbor_mask;
          const double *xj = atoms.position + j * atoms.position_stride[0];
          double distance_squared = 0.0;
          for (int k = 0; k < 3; k++) {
            const double d = xj[k * atoms.position_stride[1]] - xi[k * atoms.position_stride[1]];
            distance_squared += d * d;
          }
          /* Threads that meet here store the same. */
          if (atoms.row[j] >= 0 && distance_squared < cutoff_squared) marks(atoms.row[j]) = 1.0;
        }
      });
}

template <class DeviceType>
void raise_levels(int nrow, int to, const EIPNNDoubles<DeviceType> &marks,
                  const EIPNNInts<DeviceType> &level)
{
  Kokkos::parallel_for(
      "eipnn:raise", EIPNNRange<DeviceType>(0, nrow), KOKKOS_LAMBDA(const std::int64_t r) {
        if (marks(r) > 0.0 && level(r) > to) level(r) = to;
      });
}

/* Appends the rows of [begin, end) with low <= level <= high to order[first...]. */
template <class DeviceType>
int append_rows(int begin, int end, int low, int high, int first,
                const EIPNNInts<DeviceType> &level, const EIPNNInts<DeviceType> &order)
{
  int total = 0;
  Kokkos::parallel_scan(
      "eipnn:append", EIPNNRange<DeviceType>(begin, end),
      KOKKOS_LAMBDA(const std::int64_t r, int &sum, const bool last) {
        const bool wanted = level(r) >= low && level(r) <= high;
        if (last && wanted) order(first + sum) = (int)r;
        if (wanted) sum++;
      },
      total);
  return total;
}

/* By row of the chunk: atom and whether its energy counts; by row of the map: row of the chunk. */
template <class DeviceType>
void number_chunk(int nrow, int nowned, int begin, int end, const EIPNNInts<DeviceType> &map_atom,
                  const EIPNNRowsKokkos<DeviceType> &rows, const EIPNNInts<DeviceType> &chunk_row)
{
  const EIPNNInts<DeviceType> whole = rows.whole_row, atom = rows.atom,
                              contributes = rows.contributes;
  Kokkos::parallel_for(
      "eipnn:number_chunk", EIPNNRange<DeviceType>(0, nrow), KOKKOS_LAMBDA(const std::int64_t r) {
        const int w = whole(r);
        atom(r) = map_atom(w);
        chunk_row(w) = (int)r;
        if (r < nowned) contributes(r) = w >= begin && w < end;
      });
}

/* By LAMMPS' index: row of the chunk instead of the map. */
template <class DeviceType>
void translate(int natom, const EIPNNInts<DeviceType> &from, const EIPNNInts<DeviceType> &chunk_row,
               const EIPNNInts<DeviceType> &to)
{
  Kokkos::parallel_for(
      "eipnn:translate", EIPNNRange<DeviceType>(0, natom),
      KOKKOS_LAMBDA(const std::int64_t i) { to(i) = from(i) < 0 ? -1 : chunk_row(from(i)); });
}

} // namespace EIPNNChunkKernels

using namespace EIPNNChunkKernels;

template <class DeviceType> void EIPNNChunksKokkos<DeviceType>::reserve(const Map &map)
{
  const size_t nrow = map.rows().nrow;
  eipnn_reserve(level_, nrow, "eipnn:level");
  eipnn_reserve(order_, nrow, "eipnn:order");
  eipnn_reserve(chunk_row_, nrow, "eipnn:chunk_row");
  eipnn_reserve(marks_, nrow, "eipnn:marks");
}

template <class DeviceType>
bool EIPNNChunksKokkos<DeviceType>::build(const Source &source, int nchunks, const Spread &spread)
{
  chunks_.clear();
  const Rows &whole = source.map->rows();
  for (std::int64_t c = 0; c < nchunks; c++)
    chunks_.push_back({(int)(c * whole.nowned / nchunks), (int)((c + 1) * whole.nowned / nchunks),
                       whole.nowned, whole.nrow, whole.nlist, Ints()});
  if (nchunks == 1) return true;
  bool good = true;
  for (Chunk &chunk : chunks_) {
    find_levels(source, chunk, spread);
    good = good && eipnn_had_memory([&] { collect_rows(source, chunk); });
  }
  return good && eipnn_had_memory([&] { reserve_selected(*source.map); });
}

/* How many hops each row is away from the chunk, over all ranks. */
template <class DeviceType>
void EIPNNChunksKokkos<DeviceType>::find_levels(const Source &source, const Chunk &chunk,
                                                const Spread &spread)
{
  const Rows &whole = source.map->rows();
  eipnn_device_atoms atoms = source.map->describe(whole);
  atoms.position = source.x;
  std::copy(source.x_stride, source.x_stride + 2, atoms.position_stride);
  start_levels<DeviceType>(whole.nrow, chunk.begin, chunk.end, source.hops + 1, level_);
  for (int hop = 0; hop < source.hops; hop++) {
    eipnn_fill(marks_, 0.0);
    mark_neighbors<DeviceType>(atoms, source.cutoff * source.cutoff, hop, level_, marks_);
    spread(marks_.data());
    raise_levels<DeviceType>(whole.nrow, hop + 1, marks_, level_);
  }
}

/* Owned rows with a neighbour list, owned ones without, ghosts. */
template <class DeviceType>
void EIPNNChunksKokkos<DeviceType>::collect_rows(const Source &source, Chunk &chunk)
{
  const Rows &whole = source.map->rows();
  const int hops = source.hops;
  chunk.nlist = append_rows<DeviceType>(0, whole.nowned, 0, hops - 1, 0, level_, order_);
  chunk.nowned = chunk.nlist +
                 append_rows<DeviceType>(0, whole.nowned, hops, hops, chunk.nlist, level_, order_);
  chunk.nrow = chunk.nowned + append_rows<DeviceType>(whole.nowned, whole.nrow, 0, hops,
                                                      chunk.nowned, level_, order_);
  const auto used = std::make_pair(0, chunk.nrow);
  chunk.whole_row = Ints("eipnn:whole_row", chunk.nrow);
  Kokkos::deep_copy(chunk.whole_row, Kokkos::subview(order_, used));
}

template <class DeviceType> void EIPNNChunksKokkos<DeviceType>::reserve_selected(const Map &map)
{
  const size_t nrow = nrow_max();
  eipnn_reserve(selected_.atom, nrow, "eipnn:chunk_atom");
  eipnn_reserve(selected_.contributes, nrow, "eipnn:contributes");
  eipnn_reserve(selected_.row, map.natom(), "eipnn:row_of_chunk");
  eipnn_reserve(selected_.ghost_row, map.natom(), "eipnn:ghost_row_of_chunk");
}

template <class DeviceType> int EIPNNChunksKokkos<DeviceType>::nrow_max() const
{
  int nrow = 0;
  for (const Chunk &chunk : chunks_) nrow = std::max(nrow, chunk.nrow);
  return nrow;
}

template <class DeviceType>
const EIPNNRowsKokkos<DeviceType> &EIPNNChunksKokkos<DeviceType>::select(const Map &map, int c)
{
  const Rows &whole = map.rows();
  if (chunks_.size() == 1) return whole;
  const Chunk &chunk = chunks_[c];
  selected_.nowned = chunk.nowned;
  selected_.nrow = chunk.nrow;
  selected_.nlist = chunk.nlist;
  selected_.whole_row = chunk.whole_row;
  eipnn_fill(chunk_row_, -1);
  number_chunk<DeviceType>(chunk.nrow, chunk.nowned, chunk.begin, chunk.end, whole.atom, selected_,
                           chunk_row_);
  translate<DeviceType>(map.natom(), whole.row, chunk_row_, selected_.row);
  translate<DeviceType>(map.natom(), whole.ghost_row, chunk_row_, selected_.ghost_row);
  return selected_;
}

template <class DeviceType> double EIPNNChunksKokkos<DeviceType>::bytes() const
{
  double bytes = eipnn_bytes(level_) + eipnn_bytes(order_) + eipnn_bytes(chunk_row_) +
                 eipnn_bytes(marks_) + eipnn_bytes(selected_.atom) +
                 eipnn_bytes(selected_.contributes) + eipnn_bytes(selected_.row) +
                 eipnn_bytes(selected_.ghost_row);
  for (const Chunk &chunk : chunks_) bytes += eipnn_bytes(chunk.whole_row);
  return bytes;
}

template class EIPNNChunksKokkos<LMPDeviceType>;
#ifdef LMP_KOKKOS_GPU
template class EIPNNChunksKokkos<LMPHostType>;
#endif

} // namespace LAMMPS_NS
