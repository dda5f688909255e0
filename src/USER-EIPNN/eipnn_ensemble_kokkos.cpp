/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eipnn_ensemble_kokkos.h"

#include <algorithm>
#include <climits>
#include <cstdint>
#include <numeric>

namespace LAMMPS_NS
{
namespace EIPNNEnsembleKernels
{

template <class DeviceType, class Types>
void gather_species(int nowned, const EIPNNInts<DeviceType> &atom, const Types &type,
                    const EIPNNInts<DeviceType> &species_of_type,
                    const EIPNNInts<DeviceType> &species)
{
  Kokkos::parallel_for(
      "eipnn:species", EIPNNRange<DeviceType>(0, nowned),
      KOKKOS_LAMBDA(const std::int64_t r) { species(r) = species_of_type(type(atom(r))); });
}

/* to[rows[r]] += from[r], of `columns` columns. */
template <class DeviceType>
void add_rows(int nrow, int columns, const EIPNNInts<DeviceType> &rows,
              const EIPNNDoubles<DeviceType> &from, const EIPNNDoubles<DeviceType> &to)
{
  Kokkos::parallel_for(
      "eipnn:add_rows", EIPNNRange<DeviceType>(0, (std::int64_t)nrow * columns),
      KOKKOS_LAMBDA(const std::int64_t m) {
        const std::int64_t r = m / columns, c = m % columns;
        to(rows(r) * (std::int64_t)columns + c) += from(m);
      });
}

/* Running mean and sum of squared deviations (Welford 1962) over rows of `columns` columns, one
   variance per row. */
template <class DeviceType>
void add_member(int nrow, int columns, double share, const EIPNNDoubles<DeviceType> &member,
                const EIPNNDoubles<DeviceType> &mean, const EIPNNDoubles<DeviceType> &variance)
{
  Kokkos::parallel_for(
      "eipnn:add_member", EIPNNRange<DeviceType>(0, nrow), KOKKOS_LAMBDA(const std::int64_t r) {
        for (std::int64_t m = r * columns; m < (r + 1) * columns; m++) {
          const double difference = member(m) - mean(m);
          mean(m) += share * difference;
          variance(r) += difference * (member(m) - mean(m));
        }
      });
}

template <class DeviceType>
void scale(std::int64_t n, double factor, const EIPNNDoubles<DeviceType> &values)
{
  Kokkos::parallel_for(
      "eipnn:scale", EIPNNRange<DeviceType>(0, n),
      KOKKOS_LAMBDA(const std::int64_t m) { values(m) *= factor; });
}

} // namespace EIPNNEnsembleKernels

using namespace EIPNNEnsembleKernels;

template <class DeviceType> void EIPNNEnsembleKokkos<DeviceType>::set_models()
{
  species_of_type_.clear();
  for (size_t m = 0; m < models_.size(); m++) {
    const std::vector<int> &species = models_.species_of_type(m);
    Ints on_device("eipnn:species_of_type", species.size());
    Kokkos::deep_copy(on_device,
                      Kokkos::View<const int *, Kokkos::HostSpace, Kokkos::MemoryUnmanaged>(
                          species.data(), species.size()));
    species_of_type_.push_back(on_device);
  }
  result_.energy.assign(models_.size(), 0.0);
}

/* ---- memory ---- */

static eipnn_status measure_atoms(eipnn_calculator *calculator, const eipnn_device_atoms &atoms,
                                  size_t *bytes)
{
  int64_t npair;
  const eipnn_status status = eipnn_device_count_pairs(calculator, &atoms, &npair);
  if (status != EIPNN_OK) return status;
  if (npair > INT_MAX) return EIPNN_ERROR_MEMORY;
  return eipnn_device_measure(calculator, atoms.nowned, atoms.nrow, (int)npair, bytes);
}

template <class DeviceType>
eipnn_status EIPNNEnsembleKokkos<DeviceType>::measure(const Source &source, double *bytes)
{
  std::vector<size_t> most(models_.size(), 0);
  for (int c = 0; c < source.chunks->size(); c++) {
    const Rows &rows = source.chunks->select(*source.map, c);
    for (size_t m = 0; m < models_.size(); m++) {
      size_t wanted;
      const eipnn_status status =
          measure_atoms(models_.calculator(m), describe(source, rows, m), &wanted);
      if (status != EIPNN_OK) return status;
      most[m] = std::max(most[m], wanted);
    }
  }
  *bytes = std::accumulate(most.begin(), most.end(), 0.0);
  return EIPNN_OK;
}

template <class DeviceType>
void EIPNNEnsembleKokkos<DeviceType>::reserve_arrays(Arrays &arrays, size_t nowned, size_t nrow)
{
  eipnn_reserve(arrays.energy, nowned, "eipnn:energy");
  eipnn_reserve(arrays.forces, 3 * nrow, "eipnn:forces");
  if (atom_virial_) eipnn_reserve(arrays.atom_virial, 6 * nrow, "eipnn:atom_virial");
  if (centroid_virial_) eipnn_reserve(arrays.centroid_virial, 9 * nrow, "eipnn:centroid_virial");
}

template <class DeviceType>
void EIPNNEnsembleKokkos<DeviceType>::reserve_results(const Source &source)
{
  const size_t nowned = source.map->rows().nowned, nrow = source.map->rows().nrow;
  reserve_arrays(result_.mean, nowned, nrow);
  if (models_.size() > 1) {
    eipnn_reserve(member_.energy, nowned, "eipnn:member_energy");
    eipnn_reserve(member_.forces, 3 * nrow, "eipnn:member_forces");
    eipnn_reserve(result_.energy_variance, nowned, "eipnn:energy_variance");
    eipnn_reserve(result_.force_variance, nowned, "eipnn:force_variance");
  }
  if (source.chunks->size() == 1) return;
  const size_t most = source.chunks->nrow_max();
  reserve_arrays(chunk_, most, most);
}

template <class DeviceType>
void EIPNNEnsembleKokkos<DeviceType>::reserve(const Source &source, const Wanted &wanted)
{
  if (wanted.atom_virial <= atom_virial_ && wanted.centroid_virial <= centroid_virial_) return;
  atom_virial_ = atom_virial_ || wanted.atom_virial;
  centroid_virial_ = centroid_virial_ || wanted.centroid_virial;
  reserve_results(source);
}

template <class DeviceType> eipnn_status EIPNNEnsembleKokkos<DeviceType>::bind(const Source &source)
{
  reserve_results(source);
  /* What one chunk takes another may have given back: the second time all have what they need. */
  const int nchunks = source.chunks->size(), ntimes = nchunks > 1 ? 2 : 1;
  for (int c = 0; c < ntimes * nchunks; c++) {
    const Rows &rows = source.chunks->select(*source.map, c % nchunks);
    for (size_t m = 0; m < models_.size(); m++) {
      const eipnn_device_atoms atoms = describe(source, rows, m);
      const eipnn_status status = eipnn_device_bind(models_.calculator(m), &atoms);
      if (status != EIPNN_OK) return status;
    }
  }
  return EIPNN_OK;
}

template <class DeviceType> double EIPNNEnsembleKokkos<DeviceType>::bytes() const
{
  double bytes = eipnn_bytes(species_) + eipnn_bytes(result_.energy_variance) +
                 eipnn_bytes(result_.force_variance);
  for (const Arrays *arrays : {&result_.mean, &member_, &chunk_})
    bytes += eipnn_bytes(arrays->energy) + eipnn_bytes(arrays->forces) +
             eipnn_bytes(arrays->atom_virial) + eipnn_bytes(arrays->centroid_virial);
  return bytes;
}

/* ---- evaluation ---- */

template <class DeviceType>
eipnn_device_atoms EIPNNEnsembleKokkos<DeviceType>::describe(const Source &source, const Rows &rows,
                                                             size_t model)
{
  eipnn_reserve(species_, rows.nowned, "eipnn:species");
  gather_species<DeviceType>(rows.nowned, rows.atom, source.type, species_of_type_[model],
                             species_);
  eipnn_device_atoms atoms = source.map->describe(rows);
  atoms.species = species_.data();
  atoms.position = source.x;
  std::copy(source.x_stride, source.x_stride + 2, atoms.position_stride);
  return atoms;
}

/* Arrays the library adds to start from zero. */
template <class DeviceType>
void EIPNNEnsembleKokkos<DeviceType>::clear(const Arrays &arrays, const Wanted &wanted)
{
  if (wanted.atom_energy) eipnn_fill(arrays.energy, 0.0);
  eipnn_fill(arrays.forces, 0.0);
  if (wanted.atom_virial) eipnn_fill(arrays.atom_virial, 0.0);
  if (wanted.centroid_virial) eipnn_fill(arrays.centroid_virial, 0.0);
}

template <class DeviceType> void EIPNNEnsembleKokkos<DeviceType>::start(const Wanted &wanted)
{
  std::fill(result_.energy.begin(), result_.energy.end(), 0.0);
  std::fill(result_.virial, result_.virial + 6, 0.0);
  clear(result_.mean, wanted);
  if (models_.size() == 1) return;
  eipnn_fill(result_.energy_variance, 0.0);
  eipnn_fill(result_.force_variance, 0.0);
}

template <class DeviceType>
eipnn_status EIPNNEnsembleKokkos<DeviceType>::evaluate_rows(const Source &source, const Rows &rows,
                                                            size_t model, const Wanted &wanted,
                                                            const Arrays &arrays)
{
  eipnn_calculator *calculator = models_.calculator(model);
  const eipnn_device_atoms atoms = describe(source, rows, model);
  double energy = 0.0, virial[6] = {};
  eipnn_device_result result = {};
  if (wanted.energy) result.energy = &energy;
  if (wanted.virial) result.virial = virial;
  if (wanted.atom_energy) result.atom_energy = arrays.energy.data();
  result.forces = reinterpret_cast<double(*)[3]>(arrays.forces.data());
  if (wanted.atom_virial)
    result.atom_virial = reinterpret_cast<double(*)[6]>(arrays.atom_virial.data());
  if (wanted.centroid_virial)
    result.centroid_virial = reinterpret_cast<double(*)[9]>(arrays.centroid_virial.data());
  /* Chunks are bound again at every step: the one calculator of a model serves them in turn, since
     tensors of its own for each chunk are the very memory that is short. */
  eipnn_status status = EIPNN_OK;
  if (source.chunks->size() > 1) status = eipnn_device_bind(calculator, &atoms);
  if (status == EIPNN_OK) status = eipnn_device_compute(calculator, &atoms, &result);
  result_.energy[model] += energy;
  for (int k = 0; k < 6; k++) result_.virial[k] += virial[k];
  return status;
}

template <class DeviceType>
eipnn_status EIPNNEnsembleKokkos<DeviceType>::evaluate(const Source &source, size_t model,
                                                       const Wanted &wanted,
                                                       const UseRows &use_rows)
{
  Arrays sum = result_.mean; // of virials the sum over the models
  if (models_.size() > 1) {
    sum.energy = member_.energy;
    sum.forces = member_.forces;
    eipnn_fill(sum.energy, 0.0);
    eipnn_fill(sum.forces, 0.0);
  }
  for (int c = 0; c < source.chunks->size(); c++) {
    const Rows &rows = source.chunks->select(*source.map, c);
    const bool whole = source.chunks->size() == 1;
    if (!whole) clear(chunk_, wanted);
    use_rows(rows);
    const eipnn_status status = evaluate_rows(source, rows, model, wanted, whole ? sum : chunk_);
    if (status != EIPNN_OK) return status;
    if (!whole) add_chunk(rows, wanted, sum);
  }
  use_rows(source.map->rows());
  return EIPNN_OK;
}

template <class DeviceType>
void EIPNNEnsembleKokkos<DeviceType>::add_chunk(const Rows &rows, const Wanted &wanted,
                                                const Arrays &to)
{
  const Ints &whole = rows.whole_row;
  if (wanted.atom_energy) add_rows<DeviceType>(rows.nowned, 1, whole, chunk_.energy, to.energy);
  add_rows<DeviceType>(rows.nrow, 3, whole, chunk_.forces, to.forces);
  if (wanted.atom_virial)
    add_rows<DeviceType>(rows.nrow, 6, whole, chunk_.atom_virial, to.atom_virial);
  if (wanted.centroid_virial)
    add_rows<DeviceType>(rows.nrow, 9, whole, chunk_.centroid_virial, to.centroid_virial);
}

template <class DeviceType>
void EIPNNEnsembleKokkos<DeviceType>::add_model(size_t model, int nowned)
{
  const double share = 1.0 / (double)(model + 1);
  add_member<DeviceType>(nowned, 1, share, member_.energy, result_.mean.energy,
                         result_.energy_variance);
  add_member<DeviceType>(nowned, 3, share, member_.forces, result_.mean.forces,
                         result_.force_variance);
}

/* Sums over the models become means. */
template <class DeviceType>
void EIPNNEnsembleKokkos<DeviceType>::finish(const Source &source, const Wanted &wanted)
{
  const double share = 1.0 / (double)models_.size();
  const std::int64_t nowned = source.map->rows().nowned;
  for (double &v : result_.virial) v *= share;
  if (models_.size() == 1) return;
  if (wanted.atom_virial) scale<DeviceType>(6 * nowned, share, result_.mean.atom_virial);
  if (wanted.centroid_virial) scale<DeviceType>(9 * nowned, share, result_.mean.centroid_virial);
  scale<DeviceType>(nowned, share, result_.energy_variance);
  scale<DeviceType>(nowned, share, result_.force_variance);
}

template <class DeviceType>
eipnn_status EIPNNEnsembleKokkos<DeviceType>::compute(const Source &source, const Wanted &asked,
                                                      const UseRows &use_rows,
                                                      const Collect &collect)
{
  const size_t n = models_.size();
  Wanted wanted = asked;
  wanted.atom_energy = asked.atom_energy || n > 1; // for the spread
  start(wanted);
  for (size_t m = 0; m < n; m++) {
    const eipnn_status status = evaluate(source, m, wanted, use_rows);
    if (status != EIPNN_OK) return status;
    collect(n == 1 ? result_.mean.forces.data() : member_.forces.data(), 3);
    if (n > 1) add_model(m, source.map->rows().nowned);
  }
  if (wanted.atom_virial) collect(result_.mean.atom_virial.data(), 6);
  if (wanted.centroid_virial) collect(result_.mean.centroid_virial.data(), 9);
  finish(source, wanted);
  return EIPNN_OK;
}

template class EIPNNEnsembleKokkos<LMPDeviceType>;
#ifdef LMP_KOKKOS_GPU
template class EIPNNEnsembleKokkos<LMPHostType>;
#endif

} // namespace LAMMPS_NS
