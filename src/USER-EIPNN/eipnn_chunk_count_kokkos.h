/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_CHUNK_COUNT_KOKKOS_H
#define LMP_EIPNN_CHUNK_COUNT_KOKKOS_H

/* How many chunks the energies come in: the fewest, of 1, 2, 4, ..., whose tensors fit into the
   memory of every rank's device. All ranks take the same number. */

#include "eipnn_ensemble_kokkos.h"
#include "pointers.h"

#include <functional>
#include <string>

namespace LAMMPS_NS
{

template <class DeviceType> class EIPNNChunkCountKokkos : protected Pointers
{
public:
  using Ensemble = EIPNNEnsembleKokkos<DeviceType>;
  using Chunks = EIPNNChunksKokkos<DeviceType>;

  /* models: what ensemble evaluates. The three must outlive this. */
  EIPNNChunkCountKokkos(LAMMPS *lmp, const EIPNNEnsemble &models, Ensemble &ensemble,
                        Chunks &chunks);

  struct Task {
    std::string style; // for messages
    int chunksize;     // most owned atoms of a chunk; 0: as many as fit
    double hop;        // Angstrom: neighbours farther apart do not count
    typename Ensemble::Source source;
    typename Chunks::Spread spread;
    std::function<void(eipnn_status)> check; // stops all ranks where that of one is no success
  };
  void reset(); // after the models have changed
  /* After every reneighbouring, on every rank: makes the chunks and takes all memory that steps
     need until the next one. Stops all ranks where no number of chunks fits. */
  void choose(const Task &task);

private:
  const EIPNNEnsemble &models_;
  Ensemble &ensemble_;
  Chunks &chunks_;
  int nchunks_ = 1;   // that the memory has been found to need
  int announced_ = 1; // chunks, in a message
  int sharing_ = 1;   // ranks that share the memory of one device

  /* Bytes of a rank's share of a device: wanted, the most of all ranks; free, the least. */
  struct Memory {
    double wanted, free;
  };
  double most_of(double mine) const;
  int count_sharing() const;
  bool make_chunks(const Task &task, int n);
  bool reserve(const Task &task, Memory *memory);
  void announce(const Task &task, const Memory &memory);
  void stop(const Task &task, int n, const Memory &memory);
};

} // namespace LAMMPS_NS

#endif
