/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DATA_LATTICE_H
#define EIPNN_DATA_LATTICE_H

#include "base/error.h"

#include <eipnn/dataset.h>

/* The lattice of a configuration, made ready for wrapping and for counting
   images. Lattice vectors of directions that are not periodic may be anything,
   zero included: they are replaced by unit vectors normal to the periodic ones. */
typedef struct eipnn_lattice {
  double vector[3][3];     /* rows, Angstrom */
  double reciprocal[3][3]; /* rows b_k: fractional coordinate k of x is b_k . x */
  double height[3];        /* distance between opposite faces, 1/|b_k|, Angstrom */
  int pbc[3];
} eipnn_lattice;

/* An error for a cell that is not finite, or singular along a periodic direction. */
eipnn_status eipnn_lattice_build(eipnn_lattice *lattice, const double cell[3][3], const int pbc[3]);

/* |det(cell)|, Angstrom^3. */
double eipnn_cell_volume(const double cell[3][3]);

#endif
