/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_MODELS_DEVICE_ATOMS_H
#define EIPNN_UNITTEST_MODELS_DEVICE_ATOMS_H

/* The atoms of a rank in the memory of the device, in rows as eipnn_device_atoms wants them, and
   results read back into the rows of the plain calculator. */

#include "ranks.h"

#include <eipnn/device.h>

typedef struct device_atoms {
  const rank_atoms *source;
  int transposed; /* 1: components and entries of lists lie natom apart, as a GPU likes them */
  int natom, nrow;
  int *row;       /* [natom] */
  int *plain_row; /* [nrow] row in the plain calculator's arrays */
  double (*forces)[3];
  double (*atom_virial)[6], (*centroid_virial)[9]; /* device, [nrow] */
  double *atom_energy;                             /* device, [nrow] */
  eipnn_device_atoms atoms;
} device_atoms;

/* contributes: [nlocal] of the plain atoms; NULL: all. The first nlist atoms of the source's
   centers have lists. */
void device_atoms_build(device_atoms *d, const rank_atoms *source, const int *contributes,
                        int transposed);
/* Current positions of the source. */
void device_atoms_move(device_atoms *d);
/* Every array zeroed and asked for. */
eipnn_device_result device_atoms_result(device_atoms *d, double *energy, double virial[6]);
/* What the device computed, added to the arrays of result. */
void device_atoms_read(const device_atoms *d, eipnn_result *result);
void device_atoms_free(device_atoms *d);

#endif
