/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/images.h"

#include "base/memory.h"
#include "data/lattice.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More images per atom than this mean a wrong unit or a wrong cell. */
static const double image_limit = 1.0e6;

/* Absorbs rounding of fractional coordinates: an image exactly at the limit stays in. */
static const double fraction_slack = 1.0e-9;

static eipnn_status reserve(eipnn_images *images, size_t needed)
{
  if (needed > INT_MAX)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "more than %d atoms and periodic images; use a smaller "
                       "cutoff or a smaller cell",
                       INT_MAX);
  EIPNN_TRY(eipnn_grow((void **)&images->position, &images->position_capacity, needed,
                       sizeof *images->position));
  EIPNN_TRY(
      eipnn_grow((void **)&images->owner, &images->owner_capacity, needed, sizeof *images->owner));
  return eipnn_grow((void **)&images->upper, &images->upper_capacity, needed,
                    sizeof *images->upper);
}

/* Wraps atom `index` into the cell; fraction are its coordinates there. */
static eipnn_status add_atom(eipnn_images *images, const eipnn_lattice *lattice,
                             const double position[3], int index, double fraction[3])
{
  double *wrapped = images->position[index];
  memcpy(wrapped, position, sizeof images->position[index]);
  for (int k = 0; k < 3; k++) {
    const double *b = lattice->reciprocal[k], *v = lattice->vector[k];
    fraction[k] = position[0] * b[0] + position[1] * b[1] + position[2] * b[2];
    if (!isfinite(fraction[k]))
      return eipnn_error(EIPNN_ERROR_ARGUMENT, "the position of atom %d is not finite", index + 1);
    double cells = lattice->pbc[k] ? floor(fraction[k]) : 0.0;
    fraction[k] -= cells;
    for (int c = 0; c < 3; c++) wrapped[c] -= cells * v[c];
  }
  images->owner[index] = index;
  images->upper[index] = 0;
  return EIPNN_OK;
}

/* Appends the images of a wrapped atom whose shifts lie in low..high. */
static void add_images(eipnn_images *images, const eipnn_lattice *lattice, int index,
                       const int low[3], const int high[3])
{
  const double(*v)[3] = (const double(*)[3])lattice->vector;
  const double *x = images->position[index];
  int n = images->ntotal;
  for (int a = low[0]; a <= high[0]; a++)
    for (int b = low[1]; b <= high[1]; b++)
      for (int c = low[2]; c <= high[2]; c++) {
        if (!a && !b && !c) continue;
        for (int d = 0; d < 3; d++)
          images->position[n][d] = x[d] + (a * v[0][d] + b * v[1][d] + c * v[2][d]);
        images->owner[n] = index;
        images->upper[n] = a ? a > 0 : b ? b > 0 : c > 0;
        n++;
      }
  images->ntotal = n;
}

/* Reach of the images in fractional coordinates. */
static eipnn_status reach_of(const eipnn_lattice *lattice, double distance, double reach[3])
{
  double images = 1.0;
  for (int k = 0; k < 3; k++) {
    reach[k] = lattice->pbc[k] ? distance / lattice->height[k] + fraction_slack : 0.0;
    images *= 1.0 + 2.0 * reach[k];
  }
  if (images <= image_limit) return EIPNN_OK;
  return eipnn_error(
      EIPNN_ERROR_ARGUMENT,
      "the cell (%g x %g x %g Angstrom between faces) is too small for a cutoff of %g "
      "Angstrom: %.2g images of each atom; check the units of the cell",
      lattice->height[0], lattice->height[1], lattice->height[2], distance, images);
}

eipnn_status eipnn_images_build(eipnn_images *images, const eipnn_configuration *configuration,
                                double distance)
{
  eipnn_lattice lattice;
  double reach[3];
  if (configuration->natoms < 1)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a configuration needs at least one atom, got %d",
                       configuration->natoms);
  if (!isfinite(distance) || distance < 0.0)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a cutoff of %g Angstrom is not usable", distance);
  EIPNN_TRY(eipnn_lattice_build(&lattice, configuration->cell, configuration->pbc));
  EIPNN_TRY(reach_of(&lattice, distance, reach));
  int natoms = configuration->natoms;
  images->natoms = images->ntotal = natoms;
  EIPNN_TRY(reserve(images, (size_t)natoms));
  for (int i = 0; i < natoms; i++) {
    double fraction[3] = {0.0, 0.0, 0.0};
    int low[3] = {0, 0, 0}, high[3] = {0, 0, 0};
    size_t count = 1;
    EIPNN_TRY(add_atom(images, &lattice, configuration->position[i], i, fraction));
    for (int k = 0; k < 3; k++) {
      if (!lattice.pbc[k]) continue;
      low[k] = (int)ceil(-reach[k] - fraction[k]);
      high[k] = (int)floor(1.0 + reach[k] - fraction[k]);
      count *= (size_t)(high[k] - low[k] + 1);
    }
    EIPNN_TRY(reserve(images, (size_t)images->ntotal + count));
    add_images(images, &lattice, i, low, high);
  }
  return EIPNN_OK;
}

void eipnn_images_free(eipnn_images *images)
{
  free(images->position);
  free(images->owner);
  free(images->upper);
  memset(images, 0, sizeof *images);
}
