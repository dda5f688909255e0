/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eipnn_atom_map.h"

#include "lmptype.h"
#include "neigh_list.h"

using namespace LAMMPS_NS;

static double distance_squared(const double *a, const double *b)
{
  const double dx = a[0] - b[0], dy = a[1] - b[1], dz = a[2] - b[2];
  return dx * dx + dy * dy + dz * dz;
}

void EIPNNAtomMap::build(const Source &source)
{
  std::vector<int> own; // our index by LAMMPS' index
  order_atoms(source, own);
  copy_neighbors(source, own);
}

/* Owned atoms keep LAMMPS' order, which it sorts in space from time to time. */
void EIPNNAtomMap::order_atoms(const Source &source, std::vector<int> &own)
{
  const std::vector<int> &owner = *source.owner;
  lammps_.clear();
  auto collect = [&](int first, int last, bool foreign) {
    const size_t before = lammps_.size();
    for (int i = first; i < last; i++)
      if ((*source.element)[source.type[i]] && (owner[i] < 0) == foreign) lammps_.push_back(i);
    return (int)(lammps_.size() - before);
  };
  nowned = collect(0, source.nlocal, false);
  nforeign = collect(source.nlocal, source.nall, true);
  nimage = collect(source.nlocal, source.nall, false);

  own.assign(source.nall, -1);
  for (int a = 0; a < size(); a++) own[lammps_[a]] = a;
  owner_.resize(size());
  source_row_.assign(source.nall, -1);
  ghost_row_.assign(source.nall, -1);
  for (int a = 0; a < size(); a++) {
    const int i = lammps_[a];
    owner_[a] = a < nowned + nforeign ? a : own[owner[i]];
    source_row_[i] = owner_[a];
    if (a >= nowned && a < nowned + nforeign) ghost_row_[i] = a;
  }
  x_.resize(size());
}

void EIPNNAtomMap::copy_neighbors(const Source &source, const std::vector<int> &own)
{
  const NeighList *list = source.list;
  const double limit = source.cutoff * source.cutoff;
  center_.clear();
  neighbor_.clear();
  count_.assign(nowned, 0);
  for (int ii = 0; ii < list->inum; ii++) {
    const int i = list->ilist[ii];
    if (own[i] < 0) continue;
    const size_t before = neighbor_.size();
    for (int jj = 0; jj < list->numneigh[i]; jj++) {
      const int j = list->firstneigh[i][jj] & NEIGHMASK;
      if (own[j] >= 0 && distance_squared(source.x[i], source.x[j]) < limit)
        neighbor_.push_back(own[j]);
    }
    center_.push_back(own[i]);
    count_[own[i]] = (int)(neighbor_.size() - before);
  }
  first_.assign(nowned, nullptr);
  size_t first = 0;
  for (int a : center_) {
    first_[a] = neighbor_.data() + first;
    first += count_[a];
  }
}

void EIPNNAtomMap::update(const double *const *x)
{
  for (int a = 0; a < size(); a++) {
    const double *r = x[lammps_[a]];
    x_[a] = {r[0], r[1], r[2]};
  }
}

void EIPNNAtomMap::describe(eipnn_atoms *atoms) const
{
  atoms->nlocal = nowned;
  atoms->nghost = nforeign + nimage;
  atoms->position = reinterpret_cast<const double(*)[3]>(x_.data());
  atoms->owner = owner_.data();
  atoms->nlist = (int)center_.size();
  atoms->center = center_.data();
  atoms->count = count_.data();
  atoms->neighbor = first_.data();
  atoms->neighbor_mask = -1;
}

double EIPNNAtomMap::bytes() const
{
  const size_t ints = lammps_.capacity() + owner_.capacity() + source_row_.capacity() +
                      ghost_row_.capacity() + center_.capacity() + count_.capacity() +
                      neighbor_.capacity();
  return (double)(ints * sizeof(int) + first_.capacity() * sizeof(int *) +
                  x_.capacity() * sizeof(x_[0]));
}
