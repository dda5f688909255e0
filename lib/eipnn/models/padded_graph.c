/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/padded_graph.h"

#include "base/memory.h"
#include "data/lattice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Lattice vectors from the place of j as given to the image the pair is with. */
static void lattice_shift(const eipnn_lattice *lattice, const double offset[3], int shift[3])
{
  for (int a = 0; a < 3; a++) {
    double fraction = 0.0;
    for (int k = 0; k < 3; k++) fraction += lattice->reciprocal[a][k] * offset[k];
    shift[a] = lattice->pbc[a] ? (int)lround(fraction) : 0;
  }
}

static int is_inside(const eipnn_image *image)
{
  return !image->shift[0] && !image->shift[1] && !image->shift[2];
}

static eipnn_image mirrored(int atom, const eipnn_image *image)
{
  return (eipnn_image){atom, {-image->shift[0], -image->shift[1], -image->shift[2]}};
}

static int compare(const void *left, const void *right)
{
  const eipnn_image *a = left, *b = right;
  if (a->atom != b->atom) return a->atom < b->atom ? -1 : 1;
  for (int k = 0; k < 3; k++)
    if (a->shift[k] != b->shift[k]) return a->shift[k] < b->shift[k] ? -1 : 1;
  return 0;
}

static eipnn_status find_ends(eipnn_padding *padding, const eipnn_pair_list *list,
                              const eipnn_configuration *configuration)
{
  eipnn_lattice lattice;
  EIPNN_TRY(eipnn_lattice_build(&lattice, configuration->cell, configuration->pbc));
  const double(*r)[3] = configuration->position;
  for (int p = 0; p < list->npair; p++) {
    const int i = list->i[p], j = list->j[p];
    double offset[3];
    for (int k = 0; k < 3; k++) offset[k] = list->vec[p][k] - (r[j][k] - r[i][k]);
    padding->end[p].atom = j;
    lattice_shift(&lattice, offset, padding->end[p].shift);
  }
  return EIPNN_OK;
}

static void collect_images(eipnn_padding *padding, const eipnn_pair_list *list)
{
  size_t n = 0;
  padding->npair = 0;
  for (int p = 0; p < list->npair; p++) {
    const eipnn_image *end = &padding->end[p];
    padding->npair += is_inside(end) ? 1 : 2;
    if (is_inside(end)) continue;
    padding->image[n++] = *end;
    padding->image[n++] = mirrored(list->i[p], end);
  }
  qsort(padding->image, n, sizeof *padding->image, compare);
  size_t unique = 0;
  for (size_t k = 0; k < n; k++)
    if (!unique || compare(&padding->image[unique - 1], &padding->image[k]))
      padding->image[unique++] = padding->image[k];
  padding->count = (int)unique;
}

eipnn_status eipnn_padding_find(eipnn_padding *padding, const eipnn_pair_list *list,
                                const eipnn_configuration *configuration)
{
  memset(padding, 0, sizeof *padding);
  const size_t npair = (size_t)list->npair;
  padding->end = eipnn_calloc(npair, sizeof *padding->end);
  padding->image = eipnn_calloc(2 * npair, sizeof *padding->image);
  if (!padding->end || !padding->image) {
    eipnn_padding_free(padding);
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the padded graph of %d pairs",
                       list->npair);
  }
  eipnn_status status = find_ends(padding, list, configuration);
  if (status == EIPNN_OK)
    collect_images(padding, list);
  else
    eipnn_padding_free(padding);
  return status;
}

static int node_of(const eipnn_padding *padding, int natoms, const eipnn_image *image)
{
  const eipnn_image *found =
      bsearch(image, padding->image, (size_t)padding->count, sizeof *padding->image, compare);
  return natoms + (int)(found - padding->image);
}

/* Puts the pair (i, j) with sign*vec at the next free place of i. next: where
   each atom's pairs continue. */
static void place(eipnn_config_graph *graph, int *next, int i, int j, double sign,
                  const double vec[3])
{
  const int p = next[i]++;
  graph->pair_i[p] = i;
  graph->pair_j[p] = j;
  for (int k = 0; k < 3; k++) graph->vec[p][k] = sign * vec[k];
}

void eipnn_padding_fill(const eipnn_padding *padding, const eipnn_pair_list *list,
                        eipnn_config_graph *graph)
{
  const int natoms = graph->ncontributing;
  for (int k = 0; k < graph->natom; k++)
    graph->owner[k] = k < natoms ? k : padding->image[k - natoms].atom;
  /* Counting sort by i; graph->species serves as the counters until the caller
     fills it in. */
  int *next = graph->species;
  for (int p = 0; p < list->npair; p++) {
    next[list->i[p]]++;
    if (!is_inside(&padding->end[p])) next[list->j[p]]++;
  }
  for (int k = 0, first = 0; k < natoms; k++) {
    const int count = next[k];
    next[k] = first;
    first += count;
  }
  for (int p = 0; p < list->npair; p++) {
    const int i = list->i[p], j = list->j[p];
    const eipnn_image *end = &padding->end[p];
    if (is_inside(end)) {
      place(graph, next, i, j, 1.0, list->vec[p]);
      continue;
    }
    const eipnn_image other = mirrored(i, end);
    place(graph, next, i, node_of(padding, natoms, end), 1.0, list->vec[p]);
    place(graph, next, j, node_of(padding, natoms, &other), -1.0, list->vec[p]);
  }
}

void eipnn_padding_free(eipnn_padding *padding)
{
  free(padding->image);
  free(padding->end);
  memset(padding, 0, sizeof *padding);
}
