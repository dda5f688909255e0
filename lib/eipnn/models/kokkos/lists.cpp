/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is looked at once per set of neighbour lists: whether it is well formed, and how many pairs
   it can give. */
#include "models/kokkos/selection.h"

extern "C" {
#include "base/error.h"
}

namespace eipnn
{

/* The worst of what is wrong with a row and its list. */
enum Defect { defect_none, defect_neighbor_row, defect_neighbor, defect_center, defect_species };

KOKKOS_INLINE_FUNCTION int defect_of_list(const eipnn_device_atoms &atoms, int i)
{
  const int center = atoms.center[i];
  if (center < 0 || center >= atoms.natom || atoms.row[center] != i) return defect_center;
  int defect = defect_none;
  for (int m = 0; m < atoms.count[center]; m++) {
    const int j = neighbor_of(atoms, center, m);
    if (j < 0 || j >= atoms.natom) return defect_neighbor;
    if (atoms.row[j] < -1 || atoms.row[j] >= atoms.nrow) defect = defect_neighbor_row;
  }
  return defect;
}

template <class Exec> int find_defect(const eipnn_device_atoms &given, int nspecies)
{
  const eipnn_device_atoms atoms = given;
  int worst = defect_none;
  Kokkos::parallel_reduce(
      "eipnn check", Range<Exec>(0, atoms.nowned),
      KOKKOS_LAMBDA(std::int64_t i, int &defect) {
        int found = i < atoms.nlist ? defect_of_list(atoms, int(i)) : int(defect_none);
        if (atoms.species[i] < 0 || atoms.species[i] >= nspecies) found = defect_species;
        if (found > defect) defect = found;
      },
      Kokkos::Max<int>(worst));
  return worst > defect_none ? worst : defect_none; /* of no rows: the least integer */
}

/* An upper bound wherever the atoms are: each pair is in one list, that of its lower row, but for
   pairs of an atom with its own images. */
template <class Exec> std::int64_t count_listed_pairs(const eipnn_device_atoms &given)
{
  const eipnn_device_atoms atoms = given;
  std::int64_t npair = 0;
  Kokkos::parallel_reduce(
      "eipnn listed", Range<Exec>(0, atoms.nlist),
      KOKKOS_LAMBDA(std::int64_t i, std::int64_t & sum) {
        const int center = atoms.center[i];
        for (int m = 0; m < atoms.count[center]; m++) {
          const int j = neighbor_of(atoms, center, m);
          sum += atoms.row[j] >= i;
        }
      },
      npair);
  return npair;
}

static eipnn_status describe(int defect, const eipnn_device_atoms &atoms, int nspecies)
{
  switch (defect) {
    case defect_species:
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "a row has a species index that is none of the %d of "
                         "the model",
                         nspecies);
    case defect_center:
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "a row with a neighbour list has no atom among the %d atoms, or one that "
                         "belongs to another row",
                         atoms.natom);
    case defect_neighbor:
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "a neighbour list names an atom that is none of the %d atoms",
                         atoms.natom);
    default:
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "a neighbour has a row that is none of the %d rows (atoms of other ranks "
                         "need a halo exchange)",
                         atoms.nrow);
  }
}

template <class Exec>
eipnn_status count_lists(const eipnn_device_atoms &atoms, int nspecies, std::int64_t *npair)
{
  const int defect = find_defect<Exec>(atoms, nspecies);
  if (defect) return describe(defect, atoms, nspecies);
  *npair = count_listed_pairs<Exec>(atoms);
  return EIPNN_OK;
}

template eipnn_status count_lists<Device>(const eipnn_device_atoms &, int, std::int64_t *);
#ifdef EIPNN_KOKKOS_GPU
template eipnn_status count_lists<Host>(const eipnn_device_atoms &, int, std::int64_t *);
#endif

} // namespace eipnn
