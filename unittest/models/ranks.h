/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_MODELS_RANKS_H
#define EIPNN_UNITTEST_MODELS_RANKS_H

/* The atoms of a periodic configuration dealt out to ranks, each with ghosts
   and full neighbour lists as an MD program would have them. */

#include "crystal.h"

typedef struct rank_atoms {
  int nlocal, nghost;
  int *global; /* [nlocal+nghost] atom of the configuration */
  double (*position)[3];
  int *species;         /* [nlocal] */
  int *owner;           /* [nlocal+nghost] as eipnn_atoms wants it */
  int *home, *home_row; /* [nlocal+nghost] rank that owns the atom, and its row there */
  int *center, *count, **neighbor;
  eipnn_atoms atoms; /* view of the above */
} rank_atoms;

/* assignment: [natoms] rank of each atom; cutoff: of the lists (with skin). */
void rank_atoms_build(rank_atoms *r, const crystal *c, const eipnn_model *model,
                      const int *assignment, int rank, double cutoff);
void rank_atoms_free(rank_atoms *r);

#endif
