/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DATA_IMAGES_H
#define EIPNN_DATA_IMAGES_H

#include "base/error.h"

#include <eipnn/dataset.h>

#include <stdint.h>

/* The atoms of a configuration, wrapped into the cell, followed by their
   periodic images near it: a cluster of points that stands for the crystal.
   Start from a zeroed struct; memory is kept from build to build. */
typedef struct eipnn_images {
  int natoms;            /* real atoms, first */
  int ntotal;            /* real atoms + images */
  double (*position)[3]; /* [ntotal][3] Angstrom */
  int *owner;            /* [ntotal] the real atom */
  int8_t *upper;         /* [ntotal] 1: image whose first non-zero lattice shift is positive. Of an
                            image and its opposite exactly one is upper. */
  size_t position_capacity, owner_capacity, upper_capacity;
} eipnn_images;

/* Every image at most `distance` (Angstrom, >= 0) outside a face of the cell. An
   error for input that is not finite and for a singular periodic cell. */
eipnn_status eipnn_images_build(eipnn_images *images, const eipnn_configuration *configuration,
                                double distance);
void eipnn_images_free(eipnn_images *images);

#endif
