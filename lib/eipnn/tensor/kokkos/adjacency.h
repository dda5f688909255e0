/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_ADJACENCY_H
#define EIPNN_TENSOR_KOKKOS_ADJACENCY_H

/* The pairs of each atom, so that a kernel gathers what the pairs of its atom hold instead of
   adding to other atoms' rows. Filler pairs (structure.h) are left out. Device memory. */
struct eipnn_adjacency {
  const int *first_i;   /* [natom+1] pairs first_i[a] .. first_i[a+1]-1 have pair_i == a */
  const int *first_j;   /* [nall+1] entries of pair_of_j of atom a */
  const int *pair_of_j; /* [npair] pairs by pair_j, then by number */
};

#endif
