/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eipnn_ensemble.h"

#include <algorithm>

using namespace LAMMPS_NS;

template <size_t N> static double *flat(std::vector<std::array<double, N>> &rows)
{
  return reinterpret_cast<double *>(rows.data());
}

void EIPNNEnsemble::clear()
{
  for (Member &member : members_) {
    eipnn_calculator_free(&member.calculator);
    eipnn_model_free(&member.model);
  }
  members_.clear();
}

eipnn_status EIPNNEnsemble::add(const std::string &path, const std::vector<int> &elements,
                                const eipnn_calculator_options &options)
{
  Member member{path, nullptr, nullptr, {}, {}};
  eipnn_status status = eipnn_model_read(path.c_str(), &member.model);
  if (status == EIPNN_OK)
    status = eipnn_calculator_create(member.model, &options, &member.calculator);
  if (status != EIPNN_OK) {
    eipnn_model_free(&member.model);
    return status;
  }
  for (int number : elements)
    member.species_of_type.push_back(number ? eipnn_model_species_index(member.model, number) : -1);
  members_.push_back(member);
  return EIPNN_OK;
}

double EIPNNEnsemble::cutoff() const
{
  double cutoff = 0.0;
  for (const Member &member : members_)
    cutoff = std::max(cutoff, eipnn_model_options(member.model)->cutoff);
  return cutoff;
}

int EIPNNEnsemble::hidden() const
{
  int hidden = 0;
  for (const Member &member : members_)
    hidden = std::max(hidden, eipnn_model_options(member.model)->hidden);
  return hidden;
}

int EIPNNEnsemble::hops() const
{
  int hops = 0;
  for (const Member &member : members_) hops = std::max(hops, eipnn_model_hops(member.model));
  return hops;
}

double EIPNNEnsemble::bytes() const
{
  double bytes = 0.0;
  for (const Member &member : members_)
    bytes += (double)(eipnn_calculator_bytes(member.calculator) +
                      member.species.capacity() * sizeof(int));
  const Result &r = result_;
  const size_t doubles = r.atom_energy.capacity() + atom_energy_.capacity() +
                         3 * (r.forces.capacity() + forces_.capacity()) +
                         6 * r.atom_virial.capacity() + 9 * r.centroid_virial.capacity() +
                         r.energy_variance.capacity() + r.force_variance.capacity();
  return bytes + (double)(doubles * sizeof(double));
}

void EIPNNEnsemble::set_atoms(const EIPNNAtomMap &map, const int *types)
{
  for (Member &member : members_) {
    member.species.resize(map.nowned);
    for (int a = 0; a < map.nowned; a++)
      member.species[a] = member.species_of_type[types[map.lammps_index(a)]];
  }
}

/* Arrays the library adds to start from zero. */
void EIPNNEnsemble::reset(const EIPNNAtomMap &map, const Wanted &wanted)
{
  result_.energy.assign(members_.size(), 0.0);
  std::fill(result_.virial, result_.virial + 6, 0.0);
  result_.atom_energy.assign(map.nowned, 0.0);
  result_.forces.assign(map.size(), {});
  result_.atom_virial.assign(wanted.atom_virial ? map.size() : 0, {});
  result_.centroid_virial.assign(wanted.centroid_virial ? map.size() : 0, {});
  const int nspread = members_.size() > 1 ? map.nowned : 0;
  result_.energy_variance.assign(nspread, 0.0);
  result_.force_variance.assign(nspread, 0.0);
}

eipnn_status EIPNNEnsemble::evaluate(size_t index, const EIPNNAtomMap &map, const Wanted &wanted)
{
  const bool single = members_.size() == 1; // its results are the means
  Member &member = members_[index];
  std::vector<double> &energy = single ? result_.atom_energy : atom_energy_;
  std::vector<std::array<double, 3>> &forces = single ? result_.forces : forces_;
  energy.assign(map.nowned, 0.0);
  forces.assign(map.size(), {});

  eipnn_atoms atoms;
  map.describe(&atoms);
  atoms.species = member.species.data();
  eipnn_result result = {};
  result.atom_energy = energy.data();
  result.forces = reinterpret_cast<double(*)[3]>(forces.data());
  if (wanted.atom_virial)
    result.atom_virial = reinterpret_cast<double(*)[6]>(result_.atom_virial.data());
  if (wanted.centroid_virial)
    result.centroid_virial = reinterpret_cast<double(*)[9]>(result_.centroid_virial.data());
  const eipnn_status status = eipnn_calculator_compute(member.calculator, &atoms, 1, &result);
  result_.energy[index] = result.energy;
  for (int k = 0; k < 6; k++) result_.virial[k] += result.virial[k];
  return status;
}

/* Running mean and sum of squared deviations (Welford 1962). */
void EIPNNEnsemble::accumulate(size_t index, int nowned)
{
  const double share = 1.0 / (double)(index + 1);
  for (int a = 0; a < nowned; a++) {
    const double de = atom_energy_[a] - result_.atom_energy[a];
    result_.atom_energy[a] += share * de;
    result_.energy_variance[a] += de * (atom_energy_[a] - result_.atom_energy[a]);
    for (int k = 0; k < 3; k++) {
      const double df = forces_[a][k] - result_.forces[a][k];
      result_.forces[a][k] += share * df;
      result_.force_variance[a] += df * (forces_[a][k] - result_.forces[a][k]);
    }
  }
}

eipnn_status EIPNNEnsemble::compute(const EIPNNAtomMap &map, const Wanted &wanted,
                                    const Collect &collect)
{
  reset(map, wanted);
  const size_t n = members_.size();
  for (size_t m = 0; m < n; m++) {
    const eipnn_status status = evaluate(m, map, wanted);
    if (status != EIPNN_OK) return status;
    collect(flat(n == 1 ? result_.forces : forces_), 3);
    if (n > 1) accumulate(m, map.nowned);
  }
  if (wanted.atom_virial) collect(flat(result_.atom_virial), 6);
  if (wanted.centroid_virial) collect(flat(result_.centroid_virial), 9);

  const double share = 1.0 / (double)n;
  for (double &v : result_.virial) v *= share;
  for (auto &row : result_.atom_virial)
    for (double &v : row) v *= share;
  for (auto &row : result_.centroid_virial)
    for (double &v : row) v *= share;
  for (double &v : result_.energy_variance) v *= share;
  for (double &v : result_.force_variance) v *= share;
  return EIPNN_OK;
}
