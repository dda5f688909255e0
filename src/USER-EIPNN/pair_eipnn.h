/* -*- c++ -*- */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifdef PAIR_CLASS
// clang-format off
PairStyle(eipnn,PairEIPNN);
// clang-format on
#else

#ifndef LMP_PAIR_EIPNN_H
#define LMP_PAIR_EIPNN_H

#include "pair.h"

#include "eipnn_atom_map.h"
#include "eipnn_ensemble.h"
#include "eipnn_exchange.h"

#include <string>
#include <vector>

namespace LAMMPS_NS
{

class PairEIPNN : public Pair
{
public:
  PairEIPNN(class LAMMPS *);
  ~PairEIPNN() override;

  void compute(int, int) override;
  void settings(int, char **) override;
  void coeff(int, char **) override;
  void init_style() override;
  double init_one(int, int) override;
  double memory_usage() override;

  /* force_spread and energy_spread of an ensemble. Not marked override: 29Sep2021
     has no such method. */
  virtual void *extract_peratom(const char *, int &);

  int pack_forward_comm(int, int *, double *, int, int *) override;
  void unpack_forward_comm(int, int, double *) override;
  int pack_reverse_comm(int, int, double *) override;
  void unpack_reverse_comm(int, int *, double *) override;

protected:
  std::string style; // its name, for messages
  eipnn_calculator_options options;
  eipnn_halo halo; // how features are exchanged
  EIPNNEnsemble ensemble;
  std::vector<int> element; // atomic number by type, 0: NULL
  double energy_unit;       // LAMMPS' energy unit per eV
  int chunksize;            // most owned atoms at once; 0: as many as fit
  bool foreign_anywhere;    // some rank has ghosts of another rank
  EIPNNRowBlock exchange;   // what pack and unpack move

  virtual void request_list();
  void all_or_error(eipnn_status, const std::string &what);
  void all_or_error(bool good, const std::string &message);
  void check_step(bool good, const std::string &message);
  bool list_is_new() const;
  void note_list(int);
  void tally_global(const double *, const double *);
  void exchange_blocks(void *, int, size_t, bool);

private:
  int delta;            // 1: EIPs run beside the network of a delta-learning model
  std::string keywords; // of pair_style, but for delta
  bool masses_checked;

  EIPNNAtomMap map_atoms;
  EIPNNExchange host_rows; // rows of map_atoms in messages
  bigint last_build;       // neighbor->ncalls at the last rebuild of the map
  std::vector<double> force_spread, energy_spread; // by LAMMPS' index
  std::vector<double> model_energies;              // pvector

  void allocate();
  void read_elements(int, char **);
  void read_models(int, char **);
  void set_units();
  void set_keyword(const std::string &keyword, const std::string &value);
  void check_delta();
  std::string where() const;
  void report() const;
  void check_masses();

  void rebuild();
  void find_owners(std::vector<int> &);
  void collect(double *, int);
  void tally(const EIPNNEnsemble::Result &);
  void store_spread(const EIPNNEnsemble::Result &);

  static int halo_forward(void *, void *, int, size_t);
  static int halo_reverse(void *, void *, int, size_t);
};

} // namespace LAMMPS_NS

#endif
#endif
