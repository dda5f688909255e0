/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/neighborhood.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

eipnn_status eipnn_neighborhood_build(void **scratch, const eipnn_configuration *configuration,
                                      double distance, double cutoff)
{
  if (!isfinite(cutoff) || !(cutoff > 0.0))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a cutoff must be positive and finite, got %g",
                       cutoff);
  if (!*scratch) *scratch = eipnn_calloc(1, sizeof(eipnn_neighborhood));
  if (!*scratch) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a neighbour list");
  eipnn_neighborhood *neighborhood = *scratch;
  eipnn_images *images = &neighborhood->images;
  EIPNN_TRY(eipnn_images_build(images, configuration, distance));
  return eipnn_cells_build(&neighborhood->cells, images->ntotal,
                           (const double(*)[3])images->position, cutoff);
}

void eipnn_neighborhood_free(void **scratch)
{
  eipnn_neighborhood *neighborhood = *scratch;
  if (!neighborhood) return;
  eipnn_images_free(&neighborhood->images);
  eipnn_cells_free(&neighborhood->cells);
  free(neighborhood->first);
  free(neighborhood);
  *scratch = NULL;
}

eipnn_status eipnn_neighborhood_coincide(const eipnn_neighborhood *neighborhood, int i, int j)
{
  const int *owner = neighborhood->images.owner;
  return eipnn_error(
      EIPNN_ERROR_ARGUMENT,
      "atom %d and %s atom %d coincide (closer than %g Angstrom); remove one of them", owner[i] + 1,
      j < neighborhood->images.natoms ? "" : "an image of", owner[j] + 1, EIPNN_COINCIDENCE);
}
