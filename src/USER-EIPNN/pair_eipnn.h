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

private:
  eipnn_calculator_options options;
  EIPNNEnsemble ensemble;
  std::vector<int> element; // atomic number by type, 0: NULL
  double energy_unit;       // LAMMPS' energy unit per eV
  int delta;                // 1: EIPs run beside the network of a delta-learning model
  std::string keywords;     // of pair_style, but for delta
  bool masses_checked;

  EIPNNAtomMap map_atoms;
  bigint last_build;     // neighbor->ncalls at the last rebuild of the map
  bool foreign_anywhere; // some rank has ghosts of another rank
  std::vector<double> force_spread, energy_spread; // by LAMMPS' index
  std::vector<double> model_energies;              // pvector

  /* What pack and unpack move: a block of the columns of a matrix, between rows
     given by LAMMPS' index. */
  struct Exchange {
    char *rows;
    size_t row_bytes, offset, bytes; // of a row, of the block in it
    bool is_float;
    const std::vector<int> *source_row, *ghost_row;
    size_t stride() const
    {
      return (bytes + sizeof(double) - 1) / sizeof(double);
    }
  } exchange;

  void allocate();
  void read_elements(int, char **);
  void read_models(int, char **);
  void set_units();
  void set_keyword(const std::string &keyword, const std::string &value);
  void check_delta();
  void report() const;
  void check_masses();
  void all_or_error(eipnn_status, const std::string &);

  void rebuild();
  void find_owners(std::vector<int> &);
  void collect(double *, int);
  void tally(const EIPNNEnsemble::Result &);
  void store_spread(const EIPNNEnsemble::Result &);

  void exchange_blocks(void *, int, size_t, bool);
  static int halo_forward(void *, void *, int, size_t);
  static int halo_reverse(void *, void *, int, size_t);
};

} // namespace LAMMPS_NS

#endif
#endif
