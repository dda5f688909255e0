/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_ENSEMBLE_H
#define LMP_EIPNN_ENSEMBLE_H

/* One or more models evaluated on the same atoms: their mean and, per atom, the
   standard deviation over the models. In eV and Angstrom. */

#include "eipnn_atom_map.h"

#include <eipnn/calculator.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

namespace LAMMPS_NS
{

class EIPNNEnsemble
{
public:
  EIPNNEnsemble() = default;
  ~EIPNNEnsemble()
  {
    clear();
  }
  EIPNNEnsemble(const EIPNNEnsemble &) = delete;
  EIPNNEnsemble &operator=(const EIPNNEnsemble &) = delete;

  void clear();
  /* Reads a model and prepares it. elements: atomic numbers it must know, 0 is skipped. */
  eipnn_status add(const std::string &path, const std::vector<int> &elements,
                   const eipnn_calculator_options &options);

  size_t size() const
  {
    return members_.size();
  }
  const eipnn_model *model(size_t index) const
  {
    return members_[index].model;
  }
  const std::string &path(size_t index) const
  {
    return members_[index].path;
  }
  eipnn_calculator *calculator(size_t index) const
  {
    return members_[index].calculator;
  }
  /* Index into the model's species by LAMMPS' type; -1: NULL. */
  const std::vector<int> &species_of_type(size_t index) const
  {
    return members_[index].species_of_type;
  }
  double cutoff() const; // largest of the models
  int hidden() const;    // largest of the models
  int hops() const;      // largest of the models, see eipnn_model_hops
  double bytes() const;

  /* types: LAMMPS' type by LAMMPS' index. After every rebuild of the map. */
  void set_atoms(const EIPNNAtomMap &map, const int *types);

  struct Wanted {
    bool atom_virial, centroid_virial;
  };
  /* Means, and spreads for more than one model. Rows of forces and virials beyond the
     owned atoms are scratch. */
  struct Result {
    std::vector<double> energy; // of each model, this rank's atoms
    double virial[6];
    std::vector<double> atom_energy;                     // [nowned]
    std::vector<std::array<double, 3>> forces;           // [size]
    std::vector<std::array<double, 6>> atom_virial;      // [size]
    std::vector<std::array<double, 9>> centroid_virial;  // [size]
    std::vector<double> energy_variance, force_variance; // [nowned]
  };
  /* collect(rows, columns) must add the rows of ghosts of other ranks to those of
     their owners. */
  using Collect = std::function<void(double *rows, int columns)>;
  eipnn_status compute(const EIPNNAtomMap &map, const Wanted &wanted, const Collect &collect);
  const Result &result() const
  {
    return result_;
  }

private:
  struct Member {
    std::string path;
    eipnn_model *model;
    eipnn_calculator *calculator;
    std::vector<int> species_of_type;
    std::vector<int> species; // [nowned]
  };
  std::vector<Member> members_;
  Result result_;
  std::vector<double> atom_energy_;           // of one model
  std::vector<std::array<double, 3>> forces_; // of one model

  void reset(const EIPNNAtomMap &map, const Wanted &wanted);
  eipnn_status evaluate(size_t index, const EIPNNAtomMap &map, const Wanted &wanted);
  void accumulate(size_t index, int nowned);
};

} // namespace LAMMPS_NS

#endif
