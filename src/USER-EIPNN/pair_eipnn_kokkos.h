/* -*- c++ -*- */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifdef PAIR_CLASS
// clang-format off
PairStyle(eipnn/kk,PairEIPNNKokkos<LMPDeviceType>);
PairStyle(eipnn/kk/device,PairEIPNNKokkos<LMPDeviceType>);
PairStyle(eipnn/kk/host,PairEIPNNKokkos<LMPHostType>);
// clang-format on
#else

#ifndef LMP_PAIR_EIPNN_KOKKOS_H
#define LMP_PAIR_EIPNN_KOKKOS_H

#include "eipnn_chunk_count_kokkos.h"
#include "eipnn_exchange_kokkos.h"
#include "eipnn_kokkos_compat.h"
#include "pair_eipnn.h"

namespace LAMMPS_NS
{

/* PairEIPNN with atoms, neighbours, features and results in the memory of DeviceType. */
template <class DeviceType> class PairEIPNNKokkos : public PairEIPNN, public EIPNNCompat::DeviceComm
{
public:
  PairEIPNNKokkos(class LAMMPS *);
  ~PairEIPNNKokkos() override;

  void compute(int, int) override;
  void coeff(int, char **) override;
  double memory_usage() override;
  void *extract_peratom(const char *, int &) override;

  int pack_forward_comm(int, int *, double *, int, int *) override;
  void unpack_forward_comm(int, int, double *) override;
  int pack_reverse_comm(int, int, double *) override;
  void unpack_reverse_comm(int, int *, double *) override;

protected:
  void request_list() override;

  int gather_listed(int, const int *, double *) override;
  void store_range(int, int, const double *) override;
  int gather_range(int, int, double *) override;
  void add_listed(int, const int *, const double *) override;

private:
  using Ints = EIPNNInts<DeviceType>;
  using Doubles = EIPNNDoubles<DeviceType>;
  using Ensemble = EIPNNEnsembleKokkos<DeviceType>;
  using Map = EIPNNAtomMapKokkos<DeviceType>;
  using Chunks = EIPNNChunksKokkos<DeviceType>;
  using ChunkCount = EIPNNChunkCountKokkos<DeviceType>;
  template <class Data> using Dual = Kokkos::DualView<Data, Kokkos::LayoutRight, LMPDeviceType>;

  Ensemble ensembleKK; // evaluates the models of `ensemble`
  Map map;
  Chunks chunks;
  ChunkCount chunk_count;
  EIPNNExchangeKokkos<DeviceType> exchangeKK;
  Ints known;    // by type, 0: not part of the network
  Ints identity; // [natom]
  Doubles place; // [natom][2] rank and local index of the owner

  Dual<double *> k_eatom, k_force_spread, k_energy_spread;
  Dual<double *[6]> k_vatom;
  Dual<double *[9]> k_cvatom;

  typename Ensemble::Source source_of_step();
  void rebuild();
  void reserve_map();
  void find_owners();
  void build_map();
  void choose_chunks();

  void collect(double *, int);
  void allocate_tallies();
  void tally_atoms();
  void tally_spread();
};

} // namespace LAMMPS_NS

#endif
#endif
