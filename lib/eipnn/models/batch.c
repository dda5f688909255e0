/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/batch.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void eipnn_batch_clear(eipnn_batch *batch)
{
  batch->nconfig = batch->natom = batch->npair = 0;
}

static eipnn_status reserve(eipnn_batch *batch, size_t natom, size_t npair)
{
  size_t *atoms = batch->atom_capacity, *pairs = batch->pair_capacity;
  EIPNN_TRY(eipnn_grow((void **)&batch->species, &atoms[0], natom, sizeof(int)));
  EIPNN_TRY(eipnn_grow((void **)&batch->atom_config, &atoms[1], natom, sizeof(int)));
  EIPNN_TRY(eipnn_grow((void **)&batch->pair_i, &pairs[0], npair, sizeof(int)));
  EIPNN_TRY(eipnn_grow((void **)&batch->pair_j, &pairs[1], npair, sizeof(int)));
  EIPNN_TRY(eipnn_grow((void **)&batch->pair_config, &pairs[2], npair, sizeof(int)));
  return eipnn_grow((void **)&batch->vec, &pairs[3], npair, sizeof *batch->vec);
}

eipnn_status eipnn_batch_add(eipnn_batch *batch, const eipnn_config_graph *graph)
{
  const int atom = batch->natom, pair = batch->npair;
  EIPNN_TRY(
      reserve(batch, (size_t)atom + (size_t)graph->natom, (size_t)pair + (size_t)graph->npair));
  for (int k = 0; k < graph->natom; k++) {
    batch->species[atom + k] = graph->species[k];
    batch->atom_config[atom + k] = k < graph->ncontributing ? batch->nconfig : -1;
  }
  for (int p = 0; p < graph->npair; p++) {
    batch->pair_i[pair + p] = atom + graph->pair_i[p];
    batch->pair_j[pair + p] = atom + graph->pair_j[p];
    batch->pair_config[pair + p] = batch->nconfig;
  }
  if (graph->npair)
    memcpy(batch->vec + pair, graph->vec, (size_t)graph->npair * sizeof *graph->vec);
  batch->natom += graph->natom;
  batch->npair += graph->npair;
  batch->nconfig++;
  return EIPNN_OK;
}

void eipnn_batch_structure(const eipnn_batch *batch, eipnn_structure *structure)
{
  *structure = (eipnn_structure){.natom = batch->natom,
                                 .nall = batch->natom,
                                 .npair = batch->npair,
                                 .nconfig = batch->nconfig,
                                 .pair_i = batch->pair_i,
                                 .pair_j = batch->pair_j,
                                 .pair_config = batch->pair_config,
                                 .atom_config = batch->atom_config,
                                 .atom_species = batch->species};
}

void eipnn_batch_free(eipnn_batch *batch)
{
  free(batch->species);
  free(batch->atom_config);
  free(batch->pair_i);
  free(batch->pair_j);
  free(batch->pair_config);
  free(batch->vec);
  memset(batch, 0, sizeof *batch);
}
