/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "data/neighborhood.h"

#include <eipnn/neighbor.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Room for `more` pairs; the three arrays share one capacity. */
static eipnn_status reserve(eipnn_pair_list *list, int more)
{
  size_t needed = (size_t)list->npair + (size_t)more;
  if (list->i && needed <= list->capacity) return EIPNN_OK;
  if (needed > INT_MAX)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "more than %d pairs; use a smaller cutoff", INT_MAX);
  size_t capacity[3] = {list->capacity, list->capacity, list->capacity};
  EIPNN_TRY(eipnn_grow((void **)&list->i, &capacity[0], needed, sizeof *list->i));
  EIPNN_TRY(eipnn_grow((void **)&list->j, &capacity[1], needed, sizeof *list->j));
  EIPNN_TRY(eipnn_grow((void **)&list->vec, &capacity[2], needed, sizeof *list->vec));
  list->capacity = capacity[0];
  return EIPNN_OK;
}

/* Of the two directions of a pair one is kept: towards the atom of higher index,
   and of an atom's own images towards the upper ones. */
static eipnn_status add_neighbors(eipnn_pair_list *list, const eipnn_neighborhood *neighborhood,
                                  int i, int nfound)
{
  const eipnn_images *images = &neighborhood->images;
  const int *found = neighborhood->cells.found;
  const double *x = images->position[i];
  int n = list->npair;
  for (int f = 0; f < nfound; f++) {
    int p = found[f], j = images->owner[p];
    if (j < i || (j == i && !images->upper[p])) continue;
    double square = 0.0;
    for (int d = 0; d < 3; d++) {
      list->vec[n][d] = images->position[p][d] - x[d];
      square += list->vec[n][d] * list->vec[n][d];
    }
    if (square < EIPNN_COINCIDENCE * EIPNN_COINCIDENCE)
      return eipnn_neighborhood_coincide(neighborhood, i, p);
    list->i[n] = i;
    list->j[n] = j;
    n++;
  }
  list->npair = n;
  return EIPNN_OK;
}

eipnn_status eipnn_pair_list_build(eipnn_pair_list *list, const eipnn_configuration *configuration,
                                   double cutoff)
{
  list->npair = 0;
  EIPNN_TRY(eipnn_neighborhood_build(&list->scratch, configuration, cutoff, cutoff));
  eipnn_neighborhood *neighborhood = list->scratch;
  EIPNN_TRY(reserve(list, 0));
  for (int i = 0; i < configuration->natoms; i++) {
    int nfound =
        eipnn_cells_search(&neighborhood->cells, neighborhood->images.position[i], i, cutoff);
    eipnn_status status = reserve(list, nfound);
    if (status == EIPNN_OK) status = add_neighbors(list, neighborhood, i, nfound);
    if (status != EIPNN_OK) {
      list->npair = 0;
      return status;
    }
  }
  return EIPNN_OK;
}

void eipnn_pair_list_free(eipnn_pair_list *list)
{
  free(list->i);
  free(list->j);
  free(list->vec);
  eipnn_neighborhood_free(&list->scratch);
  memset(list, 0, sizeof *list);
}
