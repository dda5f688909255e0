/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_ATOM_MAP_H
#define LMP_EIPNN_ATOM_MAP_H

/* Which atoms of this rank the network sees, in which order, with which
   neighbours. Three groups follow each other:
     owned    atoms of this rank,
     foreign  ghosts of other ranks: their features come through the exchange,
     image    ghosts that are periodic images of owned atoms: they share the
              row of their owner, in features and in results.
   Atoms of types without an element are left out. Valid from one reneighbouring to
   the next; only the positions change in between. */

#include <eipnn/calculator.h>

#include <array>
#include <vector>

namespace LAMMPS_NS
{

class NeighList;

class EIPNNAtomMap
{
public:
  int nowned = 0, nforeign = 0, nimage = 0;

  /* LAMMPS' atoms as of a reneighbouring. */
  struct Source {
    int nlocal, nall;
    const int *type;
    const std::vector<int> *element; // by type, 0: not part of the network
    const std::vector<int> *owner;   // [nall] own atom it is or is an image of; -1: foreign
    const double *const *x;
    const NeighList *list; // full
    double cutoff;         // neighbours farther apart are dropped
  };
  void build(const Source &source);

  /* Copies the current positions. */
  void update(const double *const *x);

  /* The map as the library wants it, but for the species. */
  void describe(eipnn_atoms *atoms) const;

  int size() const
  {
    return nowned + nforeign + nimage;
  }
  int lammps_index(int atom) const
  {
    return lammps_[atom];
  } // LAMMPS' index of one of ours

  /* By LAMMPS' index: row of the features of the atom (of its owner for an image),
     and the row it receives as a ghost; -1: none. */
  const std::vector<int> &source_row() const
  {
    return source_row_;
  }
  const std::vector<int> &ghost_row() const
  {
    return ghost_row_;
  }

  double bytes() const;

private:
  std::vector<int> lammps_, owner_, source_row_, ghost_row_;
  std::vector<int> center_, count_, neighbor_;
  std::vector<int *> first_;
  std::vector<std::array<double, 3>> x_;

  void order_atoms(const Source &source, std::vector<int> &own);
  void copy_neighbors(const Source &source, const std::vector<int> &own);
};

} // namespace LAMMPS_NS

#endif
