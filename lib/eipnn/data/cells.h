/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DATA_CELLS_H
#define EIPNN_DATA_CELLS_H

#include "base/error.h"

#include <stddef.h>

/* Linked cells: a cluster of points (no periodicity left) sorted into cubes, so
   that the points near a place are found in a few contiguous runs. Start from a
   zeroed struct; memory is kept from build to build. */
typedef struct eipnn_cells {
  double origin[3];
  double side;  /* of a cube, Angstrom */
  int count[3]; /* cubes along x, y, z; x runs fastest */
  int npoint;
  int *start;        /* [count0*count1*count2+1] first sorted point of each cube */
  int *cube;         /* [npoint] cube of each point */
  int *point;        /* [npoint] point of each sorted place */
  double *x, *y, *z; /* [npoint] sorted coordinates, one block */
  int *found;        /* [npoint] result of the last search */
  size_t start_capacity, point_capacity[3], coordinate_capacity;
} eipnn_cells;

eipnn_status eipnn_cells_build(eipnn_cells *cells, int npoint, const double (*position)[3],
                               double cutoff);

/* Points nearer than the cutoff to point `self` at position x, itself excluded:
   returns how many, and their indices in cells->found. */
int eipnn_cells_search(eipnn_cells *cells, const double x[3], int self, double cutoff);
void eipnn_cells_free(eipnn_cells *cells);

#endif
