/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DATA_SUPERCELL_H
#define EIPNN_DATA_SUPERCELL_H

#include "base/error.h"

#include <eipnn/dataset.h>

/* A configuration repeated along its lattice vectors, in memory of its own. */
typedef struct eipnn_supercell {
  int natoms;
  double cell[3][3]; /* Angstrom */
  int pbc[3];
  int *number;           /* [natoms] */
  double (*position)[3]; /* [natoms][3] Angstrom, not wrapped */
} eipnn_supercell;

/* repeat: [3], at least 1. On failure nothing is to be freed. */
eipnn_status eipnn_supercell_build(eipnn_supercell *supercell,
                                   const eipnn_configuration *configuration, const int repeat[3]);
void eipnn_supercell_free(eipnn_supercell *supercell);

#endif
