/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pair_eipnn_kokkos.h"

#include "atom_kokkos.h"
#include "atom_masks.h"
#include "error.h"
#include "memory_kokkos.h"
#include "neigh_list_kokkos.h"

#include <cmath>
#include <cstring>
#include <string>
#include <type_traits>

namespace LAMMPS_NS
{

template <class DeviceType>
PairEIPNNKokkos<DeviceType>::PairEIPNNKokkos(LAMMPS *lmp)
    : PairEIPNN(lmp), ensembleKK(ensemble), chunk_count(lmp, ensemble, ensembleKK, chunks)
{
  if (!lmp->kokkos)
    error->all(FLERR,
               "Pair style eipnn/kk needs Kokkos switched on; run with: lmp -k on g 1 -sf kk "
               "-in FILE (one GPU per MPI rank) or lmp -k on t 4 -sf kk -in FILE (4 threads)");
  respa_enable = 0;
  kokkosable = 1;
  atomKK = (AtomKokkos *)atom;
  execution_space = ExecutionSpaceFromDevice<DeviceType>::space;
  datamask_read = X_MASK | F_MASK | TYPE_MASK | ENERGY_MASK | VIRIAL_MASK;
  datamask_modify = F_MASK | ENERGY_MASK | VIRIAL_MASK;
  EIPNNCompat::sum_on_device(this, 0);
  const bool device = std::is_same<DeviceType, LMPDeviceType>::value;
  style = device ? "eipnn/kk" : "eipnn/kk/host";
  options.backend = device ? "kokkos" : "kokkos-host";
  halo.on_device = 1;
}

template <class DeviceType> PairEIPNNKokkos<DeviceType>::~PairEIPNNKokkos()
{
  if (copymode) return;
  memoryKK->destroy_kokkos(k_eatom, eatom);
  memoryKK->destroy_kokkos(k_vatom, vatom);
  memoryKK->destroy_kokkos(k_cvatom, cvatom);
}

template <class DeviceType> void PairEIPNNKokkos<DeviceType>::coeff(int narg, char **arg)
{
  PairEIPNN::coeff(narg, arg);
  ensembleKK.set_models();
  known = Ints("eipnn:known", element.size());
  Kokkos::deep_copy(known, Kokkos::View<const int *, Kokkos::HostSpace, Kokkos::MemoryUnmanaged>(
                               element.data(), element.size()));
  chunk_count.reset();
}

template <class DeviceType> void PairEIPNNKokkos<DeviceType>::request_list()
{
  EIPNNCompat::request_device_list<DeviceType>(neighbor, this, instance_me, 0);
}

/* ---- every step ---- */

template <class DeviceType> void PairEIPNNKokkos<DeviceType>::compute(int eflag, int vflag)
{
  ev_init(eflag, vflag, 0);
  atomKK->sync(execution_space, datamask_read);
  if (list_is_new()) rebuild();
  const typename Ensemble::Wanted wanted = {eflag_global != 0, vflag_global != 0, eflag_atom != 0,
                                            vflag_atom != 0, cvflag_atom != 0};
  const bool good = eipnn_had_memory([&] {
    allocate_tallies();
    ensembleKK.reserve(source_of_step(), wanted);
  });
  check_step(good, "no device memory left for energies or virials per atom; use more devices or "
                   "fewer atoms");
  const auto use_rows = [this](const EIPNNRowsKokkos<DeviceType> &rows) {
    exchangeKK.set_rows(rows.row, rows.ghost_row);
  };
  const auto sum_ghosts = [this](double *rows, int columns) { collect(rows, columns); };
  const eipnn_status status = ensembleKK.compute(source_of_step(), wanted, use_rows, sum_ghosts);
  check_step(status == EIPNN_OK, eipnn_last_error());
  tally_global(ensembleKK.result().energy.data(), ensembleKK.result().virial);
  tally_atoms();
  if (ensemble.size() > 1) tally_spread();
  atomKK->modified(execution_space, eflag || vflag ? datamask_modify : F_MASK);
}

template <class DeviceType>
typename EIPNNEnsembleKokkos<DeviceType>::Source PairEIPNNKokkos<DeviceType>::source_of_step()
{
  const auto x = atomKK->k_x.template view<DeviceType>();
  static_assert(std::is_same<typename decltype(x)::non_const_value_type, double>::value,
                "pair style eipnn/kk needs a LAMMPS whose positions are in double precision");
  typename Ensemble::Source source;
  source.map = &map;
  source.chunks = &chunks;
  source.x = x.data();
  source.x_stride[0] = (ptrdiff_t)x.stride(0);
  source.x_stride[1] = (ptrdiff_t)x.stride(1);
  source.type = atomKK->k_type.template view<DeviceType>();
  return source;
}

/* See PairEIPNN::collect. */
template <class DeviceType> void PairEIPNNKokkos<DeviceType>::collect(double *rows, int columns)
{
  if (foreign_anywhere) exchange_blocks(rows, columns, sizeof(double), false);
}

/* ---- results into LAMMPS' arrays, in LAMMPS' units ---- */

namespace EIPNNPairKernels
{

/* to(atom(r), k) += unit * from[r][k] for n columns. */
template <class DeviceType, int n, class To>
void add_to_atoms(int nowned, double unit, const EIPNNInts<DeviceType> &atom,
                  const EIPNNDoubles<DeviceType> &from, const To &to)
{
  Kokkos::parallel_for(
      "eipnn:tally", EIPNNRange<DeviceType>(0, nowned), KOKKOS_LAMBDA(const std::int64_t r) {
        const int i = atom(r);
        for (int k = 0; k < n; k++) to(i, k) += unit * from(n * r + k);
      });
}

template <class DeviceType, class To>
void add_to_atoms(int nowned, double unit, const EIPNNInts<DeviceType> &atom,
                  const EIPNNDoubles<DeviceType> &from, const To &to)
{
  Kokkos::parallel_for(
      "eipnn:tally", EIPNNRange<DeviceType>(0, nowned),
      KOKKOS_LAMBDA(const std::int64_t r) { to(atom(r)) += unit * from(r); });
}

template <class DeviceType, class To>
void store_roots(int nowned, double unit, const EIPNNInts<DeviceType> &atom,
                 const EIPNNDoubles<DeviceType> &variance, const To &to)
{
  Kokkos::parallel_for(
      "eipnn:spread", EIPNNRange<DeviceType>(0, nowned),
      KOKKOS_LAMBDA(const std::int64_t r) { to(atom(r)) = unit * sqrt(variance(r)); });
}

/* Rank and local index of the owned atoms; every atom's own index. */
template <class DeviceType>
void number_atoms(int natom, int nlocal, int me, const EIPNNDoubles<DeviceType> &place,
                  const EIPNNInts<DeviceType> &identity)
{
  Kokkos::parallel_for(
      "eipnn:number_atoms", EIPNNRange<DeviceType>(0, natom), KOKKOS_LAMBDA(const std::int64_t i) {
        identity(i) = (int)i;
        place(2 * i) = i < nlocal ? me : -1;
        place(2 * i + 1) = (double)i;
      });
}

} // namespace EIPNNPairKernels

using namespace EIPNNPairKernels;

/* An array by LAMMPS' index, all zero. */
template <class DeviceType, class Dual, class Array>
static void zeroed(MemoryKokkos *memory, Dual &dual, Array &array, int n, const char *name)
{
  if (!array || (int)dual.extent(0) < n) {
    memory->destroy_kokkos(dual, array);
    memory->create_kokkos(dual, array, n, name);
  } else {
    Kokkos::deep_copy(DeviceType(), dual.template view<DeviceType>(), 0.0);
  }
}

template <class DeviceType> void PairEIPNNKokkos<DeviceType>::allocate_tallies()
{
  if (eflag_atom) zeroed<DeviceType>(memoryKK, k_eatom, eatom, maxeatom, "pair:eatom");
  if (vflag_atom) zeroed<DeviceType>(memoryKK, k_vatom, vatom, maxvatom, "pair:vatom");
  if (cvflag_atom) zeroed<DeviceType>(memoryKK, k_cvatom, cvatom, maxcvatom, "pair:cvatom");
}

template <class DeviceType, class Dual> static void send_to_host(Dual &dual)
{
  dual.template modify<DeviceType>();
  dual.template sync<LMPHostType>();
}

template <class DeviceType> void PairEIPNNKokkos<DeviceType>::tally_atoms()
{
  const auto &mean = ensembleKK.result().mean;
  const int nowned = map.rows().nowned;
  const Ints &of = map.rows().atom;
  const double unit = energy_unit;
  add_to_atoms<DeviceType, 3>(nowned, unit, of, mean.forces,
                              atomKK->k_f.template view<DeviceType>());
  if (eflag_atom) {
    add_to_atoms<DeviceType>(nowned, unit, of, mean.energy, k_eatom.template view<DeviceType>());
    send_to_host<DeviceType>(k_eatom);
  }
  if (vflag_atom) {
    add_to_atoms<DeviceType, 6>(nowned, unit, of, mean.atom_virial,
                                k_vatom.template view<DeviceType>());
    send_to_host<DeviceType>(k_vatom);
  }
  if (cvflag_atom) {
    add_to_atoms<DeviceType, 9>(nowned, unit, of, mean.centroid_virial,
                                k_cvatom.template view<DeviceType>());
    send_to_host<DeviceType>(k_cvatom);
  }
}

/* ---- spread of an ensemble ---- */

template <class DeviceType> void PairEIPNNKokkos<DeviceType>::tally_spread()
{
  const auto &result = ensembleKK.result();
  const int nowned = map.rows().nowned;
  const Ints &of = map.rows().atom;
  const Doubles *variances[] = {&result.force_variance, &result.energy_variance};
  Dual<double *> *spreads[] = {&k_force_spread, &k_energy_spread};
  for (int s = 0; s < 2; s++) {
    if ((int)spreads[s]->extent(0) < atom->nmax)
      *spreads[s] = Dual<double *>("pair:eipnn_spread", atom->nmax);
    const auto values = spreads[s]->template view<DeviceType>();
    Kokkos::deep_copy(DeviceType(), values, 0.0);
    store_roots<DeviceType>(nowned, energy_unit, of, *variances[s], values);
    spreads[s]->template modify<DeviceType>();
  }
}

template <class DeviceType>
void *PairEIPNNKokkos<DeviceType>::extract_peratom(const char *name, int &columns)
{
  columns = 0;
  if (ensemble.size() < 2) return nullptr;
  Dual<double *> *values = nullptr;
  if (strcmp(name, "force_spread") == 0) values = &k_force_spread;
  if (strcmp(name, "energy_spread") == 0) values = &k_energy_spread;
  if (!values) return nullptr;
  if ((int)values->extent(0) < atom->nmax) values->resize(atom->nmax);
  values->template sync<LMPHostType>();
  return values->view_host().data();
}

template <class DeviceType> double PairEIPNNKokkos<DeviceType>::memory_usage()
{
  return PairEIPNN::memory_usage() + ensembleKK.bytes() + map.bytes() + chunks.bytes() +
         eipnn_bytes(identity) + eipnn_bytes(place);
}

/* ---- reneighbouring ---- */

template <class DeviceType> void PairEIPNNKokkos<DeviceType>::rebuild()
{
  reserve_map();
  find_owners();
  build_map();
  note_list(map.rows().nrow - map.rows().nowned);
  if (foreign_anywhere) map.take_turns();
  exchangeKK.set_turns(map.turn(), map.nturns());
  choose_chunks();
}

template <class DeviceType> void PairEIPNNKokkos<DeviceType>::reserve_map()
{
  const int natom = atom->nlocal + atom->nghost;
  const bool good = eipnn_had_memory([&] {
    map.reserve(atom->nlocal, natom);
    eipnn_reserve(identity, natom, "eipnn:identity");
    eipnn_reserve(place, 2 * (size_t)natom, "eipnn:place");
  });
  all_or_error(good, "Pair style " + style + ": no device memory left for the maps of " +
                         std::to_string(natom) + " atoms; use more devices or fewer atoms");
}

/* Every atom tells its images who and where it is: (rank, local index). */
template <class DeviceType> void PairEIPNNKokkos<DeviceType>::find_owners()
{
  number_atoms<DeviceType>(map.natom(), atom->nlocal, comm->me, place, identity);
  exchangeKK.set_rows(identity, identity);
  exchange_blocks(place.data(), 2, sizeof(double), true);
}

template <class DeviceType> void PairEIPNNKokkos<DeviceType>::build_map()
{
  const auto *full = static_cast<NeighListKokkos<DeviceType> *>(list);
  typename Map::Source source;
  source.nlocal = atom->nlocal;
  source.natom = map.natom();
  source.me = comm->me;
  source.type = atomKK->k_type.template view<DeviceType>();
  source.known = known;
  source.place = place;
  source.inum = full->inum;
  source.ilist = full->d_ilist;
  source.numneigh = full->d_numneigh;
  source.neighbors = full->d_neighbors;
  map.build(source);
  exchangeKK.set_rows(map.rows().row, map.rows().ghost_row);
}

template <class DeviceType> void PairEIPNNKokkos<DeviceType>::choose_chunks()
{
  typename ChunkCount::Task task;
  task.style = style;
  task.chunksize = chunksize;
  task.hop = ensemble.cutoff() + neighbor->skin;
  task.source = source_of_step();
  task.spread = [this](double *marks) {
    if (!foreign_anywhere) return;
    exchange_blocks(marks, 1, sizeof(double), false);
    exchange_blocks(marks, 1, sizeof(double), true);
  };
  task.check = [this](eipnn_status status) { all_or_error(status, "Pair style " + style); };
  chunk_count.choose(task);
}

/* ---- exchange of rows between owners and ghosts ---- */

template <class DeviceType>
int PairEIPNNKokkos<DeviceType>::gather_listed(int n, const int *list_of_atoms, double *buffer)
{
  return exchangeKK.gather_listed(exchange, n, list_of_atoms, buffer);
}

template <class DeviceType>
void PairEIPNNKokkos<DeviceType>::store_range(int n, int first, const double *buffer)
{
  exchangeKK.store_range(exchange, n, first, buffer);
}

template <class DeviceType>
int PairEIPNNKokkos<DeviceType>::gather_range(int n, int first, double *buffer)
{
  return exchangeKK.gather_range(exchange, n, first, buffer);
}

template <class DeviceType>
void PairEIPNNKokkos<DeviceType>::add_listed(int n, const int *list_of_atoms, const double *buffer)
{
  exchangeKK.add_listed(exchange, n, list_of_atoms, buffer);
}

/* LAMMPS calls these where its own communication goes through host memory. */
template <class DeviceType>
int PairEIPNNKokkos<DeviceType>::pack_forward_comm(int n, int *list_of_atoms, double *buf, int,
                                                   int *)
{
  const size_t length = n * exchange.stride();
  double *to = exchangeKK.device_buffer(length, buf);
  const int count = gather_listed(n, exchangeKK.device_list(n, list_of_atoms), to);
  exchangeKK.return_buffer(length, to, buf);
  return count;
}

template <class DeviceType>
void PairEIPNNKokkos<DeviceType>::unpack_forward_comm(int n, int first, double *buf)
{
  store_range(n, first, exchangeKK.device_copy(n * exchange.stride(), buf));
  DeviceType().fence();
}

template <class DeviceType>
int PairEIPNNKokkos<DeviceType>::pack_reverse_comm(int n, int first, double *buf)
{
  const size_t length = n * exchange.stride();
  double *to = exchangeKK.device_buffer(length, buf);
  const int count = gather_range(n, first, to);
  exchangeKK.return_buffer(length, to, buf);
  return count;
}

template <class DeviceType>
void PairEIPNNKokkos<DeviceType>::unpack_reverse_comm(int n, int *list_of_atoms, double *buf)
{
  const double *from = exchangeKK.device_copy(n * exchange.stride(), buf);
  add_listed(n, exchangeKK.device_list(n, list_of_atoms), from);
  DeviceType().fence();
}

template class PairEIPNNKokkos<LMPDeviceType>;
#ifdef LMP_KOKKOS_GPU
template class PairEIPNNKokkos<LMPHostType>;
#endif

} // namespace LAMMPS_NS
