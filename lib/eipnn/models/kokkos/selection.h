/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_KOKKOS_SELECTION_H
#define EIPNN_MODELS_KOKKOS_SELECTION_H

/* The pairs of atoms in device memory: what models/selection.c does on the host. */

#include "tensor/kokkos/space.h"

#include <eipnn/device.h>

namespace eipnn
{

/* Each pair within the cutoff once, by row i, then in the order of its list. Device memory. */
struct Pairs {
  int capacity; /* that many fit; those beyond first[nlist] are filler (tensor/structure.h) */
  int *first;   /* [nlist+1] pairs first[i] .. first[i+1]-1 are of row i */
  int *i, *j;   /* [capacity] rows */
  int *config;  /* [capacity] 0, of filler -1 */
  int *atom_j;  /* [capacity] the host's atom: an image where j is its owner's row */
};

/* The first atoms found on top of each other or at no finite position; kept until reported. Device
   memory. */
struct Fault {
  int row; /* lowest row with such a neighbour; no_fault: none */
  int recorded;
  double position[2][3]; /* of that row's atom and its neighbour */
};
constexpr int no_fault = 0x7fffffff;
constexpr Fault clean_fault = {no_fault, 0, {{0.0, 0.0, 0.0}, {0.0, 0.0, 0.0}}};

/* Checks rows and lists. npair: how many pairs they can give at most, wherever the atoms are.
   Waits for the device. */
template <class Exec>
eipnn_status count_lists(const eipnn_device_atoms &atoms, int nspecies, std::int64_t *npair);

/* Makes every pair filler. */
template <class Exec>
void clear_pairs(const eipnn_device_atoms &atoms, const Pairs &pairs, double cutoff);

/* Selects the pairs. vec: [capacity][3] r_j - r_i; NULL: not wanted. */
template <class Exec, class Real>
void select_pairs(const eipnn_device_atoms &atoms, const Pairs &pairs, double cutoff, Fault *fault,
                  Real *vec);

/* The atom in entry m of the list of atom center. */
KOKKOS_INLINE_FUNCTION int neighbor_of(const eipnn_device_atoms &atoms, int center, int m)
{
  return atoms.neighbor[center * atoms.neighbor_stride[0] + m * atoms.neighbor_stride[1]] &
         atoms.neighbor_mask;
}

KOKKOS_INLINE_FUNCTION double coordinate(const eipnn_device_atoms &atoms, int atom, int k)
{
  return atoms.position[atom * atoms.position_stride[0] + k * atoms.position_stride[1]];
}

/* r_j - r_i of pair p. */
KOKKOS_INLINE_FUNCTION void pair_vector(const eipnn_device_atoms &atoms, const Pairs &pairs,
                                        std::int64_t p, double vec[3])
{
  const int center = atoms.center[pairs.i[p]], neighbor = pairs.atom_j[p];
  for (int k = 0; k < 3; k++)
    vec[k] = coordinate(atoms, neighbor, k) - coordinate(atoms, center, k);
}

} // namespace eipnn

#endif
