/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DATA_NEIGHBORHOOD_H
#define EIPNN_DATA_NEIGHBORHOOD_H

#include "data/cells.h"
#include "data/images.h"

/* Images of a configuration sorted into cells: what both kinds of neighbour list
   are made from. Its memory is what the lists keep as scratch. */
typedef struct eipnn_neighborhood {
  eipnn_images images;
  eipnn_cells cells;
  int *first; /* of a ghost list */
  size_t first_capacity;
} eipnn_neighborhood;

/* Allocates *scratch (a zeroed eipnn_neighborhood) where it is NULL, then builds
   images within `distance` and cells for searches up to `cutoff`. */
eipnn_status eipnn_neighborhood_build(void **scratch, const eipnn_configuration *configuration,
                                      double distance, double cutoff);
void eipnn_neighborhood_free(void **scratch);

/* Two atoms this close (Angstrom) are taken for one that is listed twice. */
#define EIPNN_COINCIDENCE 1.0e-6

/* The error for points i and j of the images, which coincide. */
eipnn_status eipnn_neighborhood_coincide(const eipnn_neighborhood *neighborhood, int i, int j);

#endif
