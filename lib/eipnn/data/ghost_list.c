/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "data/neighborhood.h"

#include <eipnn/neighbor.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Appends the search result as the neighbours of point i. */
static eipnn_status add_neighbors(eipnn_ghost_list *list, const eipnn_neighborhood *neighborhood,
                                  int i, int nfound, size_t *total)
{
  const double(*position)[3] = (const double(*)[3])list->position;
  const int *found = neighborhood->cells.found;
  if (*total + (size_t)nfound > INT_MAX)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "more than %d neighbours; use a smaller cutoff",
                       INT_MAX);
  EIPNN_TRY(eipnn_grow((void **)&list->neighbor, &list->neighbor_capacity, *total + (size_t)nfound,
                       sizeof *list->neighbor));
  double closest = EIPNN_COINCIDENCE * EIPNN_COINCIDENCE;
  for (int f = 0; f < nfound; f++) {
    const double *x = position[i], *y = position[found[f]];
    double dx = y[0] - x[0], dy = y[1] - x[1], dz = y[2] - x[2];
    if (dx * dx + dy * dy + dz * dz < closest)
      return eipnn_neighborhood_coincide(neighborhood, i, found[f]);
  }
  memcpy(list->neighbor + *total, found, (size_t)nfound * sizeof *found);
  *total += (size_t)nfound;
  return EIPNN_OK;
}

static eipnn_status find_neighbors(eipnn_ghost_list *list, double cutoff, int nsearched)
{
  eipnn_neighborhood *neighborhood = list->scratch;
  size_t total = 0;
  for (int i = 0; i < list->ntotal; i++) {
    list->first[i] = (int)total;
    if (i >= nsearched) continue;
    int nfound = eipnn_cells_search(&neighborhood->cells, list->position[i], i, cutoff);
    EIPNN_TRY(add_neighbors(list, neighborhood, i, nfound, &total));
  }
  list->first[list->ntotal] = (int)total;
  return EIPNN_OK;
}

eipnn_status eipnn_ghost_list_build(eipnn_ghost_list *list,
                                    const eipnn_configuration *configuration, double distance,
                                    double cutoff, int ghost_neighbors)
{
  list->natoms = list->ntotal = 0;
  EIPNN_TRY(eipnn_neighborhood_build(&list->scratch, configuration, distance, cutoff));
  eipnn_neighborhood *neighborhood = list->scratch;
  const eipnn_images *images = &neighborhood->images;
  EIPNN_TRY(eipnn_grow((void **)&neighborhood->first, &neighborhood->first_capacity,
                       (size_t)images->ntotal + 1, sizeof *neighborhood->first));
  list->position = images->position;
  list->owner = images->owner;
  list->first = neighborhood->first;
  list->natoms = images->natoms;
  list->ntotal = images->ntotal;
  eipnn_status status = find_neighbors(list, cutoff, ghost_neighbors ? list->ntotal : list->natoms);
  if (status != EIPNN_OK) list->natoms = list->ntotal = 0;
  return status;
}

void eipnn_ghost_list_free(eipnn_ghost_list *list)
{
  free(list->neighbor);
  eipnn_neighborhood_free(&list->scratch);
  memset(list, 0, sizeof *list);
}
