/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_NEIGHBOR_H
#define EIPNN_NEIGHBOR_H

#include <eipnn/dataset.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every pair of atoms (image of an atom included) closer than the cutoff, each
   pair once, sorted by i. A pair of an atom with its own image has i == j and
   stands once for the two directions. Start from a zeroed struct; arrays grow
   as needed and are reused by the next build. */
typedef struct eipnn_pair_list {
  int npair;
  int *i;            /* [npair] ascending */
  int *j;            /* [npair] */
  double (*vec)[3];  /* [npair][3] r_j - r_i of the images concerned, Angstrom */
  size_t capacity;
  void *scratch;     /* private */
} eipnn_pair_list;

/* Linked cells; any cell shape, also cells smaller than the cutoff. Directions
   with pbc 0 are not repeated; their lattice vectors are not read and may be
   zero. An error for a singular cell that is periodic, for atoms that coincide
   (closer than 1e-6 Angstrom), and for non-finite input; the list is empty then. */
eipnn_status eipnn_pair_list_build(eipnn_pair_list *list, const eipnn_configuration *configuration,
                                   double cutoff);
void eipnn_pair_list_free(eipnn_pair_list *list);

/* The atoms of a configuration followed by every periodic image within
   `distance` of the cell, with full neighbour lists. Start from a zeroed
   struct. Used by EIP providers, which want explicit ghost atoms. */
typedef struct eipnn_ghost_list {
  int natoms;             /* real atoms, first */
  int ntotal;             /* real atoms + images */
  double (*position)[3];  /* [ntotal][3] wrapped */
  int *owner;             /* [ntotal] index of the real atom */
  int *first;             /* [ntotal+1] start of each atom's neighbours */
  int *neighbor;          /* [first[ntotal]] */
  size_t neighbor_capacity;
  void *scratch;          /* private; holds position, owner and first */
} eipnn_ghost_list;

/* Images within `distance`, then neighbours closer than `cutoff`: of the real
   atoms only (ghost_neighbors 0) or of all. */
eipnn_status eipnn_ghost_list_build(eipnn_ghost_list *list, const eipnn_configuration *configuration,
                                    double distance, double cutoff, int ghost_neighbors);
void eipnn_ghost_list_free(eipnn_ghost_list *list);

#ifdef __cplusplus
}
#endif
#endif
