/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/batch.h"

#include "base/memory.h"
#include "models/padded_graph.h"

#include <eipnn/classifier.h>

#include <stdlib.h>
#include <string.h>

static eipnn_status set_species(eipnn_config_graph *graph, const eipnn_model *model,
                                const eipnn_configuration *configuration)
{
  for (int k = 0; k < graph->natom; k++) {
    const int number = configuration->number[graph->owner[k]];
    graph->species[k] = eipnn_model_species_index(model, number);
    if (graph->species[k] >= 0) continue;
    const char *symbol = eipnn_element_symbol(number);
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "atom %d is %s (atomic number %d), which the model does not know; "
                       "`eipnn info MODEL.h5` lists its species",
                       k + 1, symbol ? symbol : "no element", number);
  }
  return EIPNN_OK;
}

static eipnn_status allocate(eipnn_config_graph *graph)
{
  graph->species = eipnn_calloc((size_t)graph->natom, sizeof *graph->species);
  graph->owner = eipnn_calloc((size_t)graph->natom, sizeof *graph->owner);
  graph->pair_i = eipnn_calloc((size_t)graph->npair, sizeof *graph->pair_i);
  graph->pair_j = eipnn_calloc((size_t)graph->npair, sizeof *graph->pair_j);
  graph->vec = eipnn_calloc((size_t)graph->npair, sizeof *graph->vec);
  if (graph->species && graph->owner && graph->pair_i && graph->pair_j && graph->vec)
    return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the graph of %d atoms and %d pairs",
                     graph->natom, graph->npair);
}

static eipnn_status fill_periodic(eipnn_config_graph *graph, const eipnn_pair_list *list,
                                  const eipnn_configuration *configuration)
{
  graph->natom = graph->ncontributing = configuration->natoms;
  graph->npair = list->npair;
  EIPNN_TRY(allocate(graph));
  for (int k = 0; k < graph->natom; k++) graph->owner[k] = k;
  if (!list->npair) return EIPNN_OK;
  const size_t npair = (size_t)list->npair;
  memcpy(graph->pair_i, list->i, npair * sizeof *graph->pair_i);
  memcpy(graph->pair_j, list->j, npair * sizeof *graph->pair_j);
  memcpy(graph->vec, list->vec, npair * sizeof *graph->vec);
  return EIPNN_OK;
}

static eipnn_status fill_padded(eipnn_config_graph *graph, const eipnn_pair_list *list,
                                const eipnn_configuration *configuration)
{
  eipnn_padding padding;
  EIPNN_TRY(eipnn_padding_find(&padding, list, configuration));
  graph->ncontributing = configuration->natoms;
  graph->natom = configuration->natoms + padding.count;
  graph->npair = padding.npair;
  eipnn_status status = allocate(graph);
  if (status == EIPNN_OK) eipnn_padding_fill(&padding, list, graph);
  eipnn_padding_free(&padding);
  return status;
}

static eipnn_status fill(eipnn_config_graph *graph, eipnn_pair_list *list, const eipnn_model *model,
                         const eipnn_configuration *configuration)
{
  const eipnn_network_options *options = eipnn_model_options(model);
  EIPNN_TRY(eipnn_pair_list_build(list, configuration, options->cutoff));
  if (options->padded)
    EIPNN_TRY(fill_padded(graph, list, configuration));
  else
    EIPNN_TRY(fill_periodic(graph, list, configuration));
  if (eipnn_model_is_classifier(model)) graph->ncontributing = graph->natom;
  return set_species(graph, model, configuration);
}

eipnn_status eipnn_config_graph_build(eipnn_config_graph *graph, eipnn_pair_list *list,
                                      const eipnn_model *model,
                                      const eipnn_configuration *configuration)
{
  memset(graph, 0, sizeof *graph);
  eipnn_status status = fill(graph, list, model, configuration);
  if (status != EIPNN_OK) eipnn_config_graph_free(graph);
  return status;
}

void eipnn_config_graph_free(eipnn_config_graph *graph)
{
  free(graph->species);
  free(graph->owner);
  free(graph->pair_i);
  free(graph->pair_j);
  free(graph->vec);
  memset(graph, 0, sizeof *graph);
}
