/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/target_graphs.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

eipnn_status eipnn_target_graphs_build(const eipnn_targets *targets, const eipnn_model *model,
                                       const eipnn_dataset *dataset, eipnn_config_graph **graphs)
{
  *graphs = eipnn_calloc(targets->count, sizeof **graphs);
  if (!*graphs)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the graphs of %zu configurations",
                       targets->count);
  eipnn_status status = EIPNN_OK;
  eipnn_pair_list list = {0};
  for (size_t slot = 0; slot < targets->count && status == EIPNN_OK; slot++) {
    eipnn_configuration configuration;
    status = eipnn_dataset_get(dataset, targets->index[slot], &configuration);
    if (status == EIPNN_OK)
      status = eipnn_config_graph_build(&(*graphs)[slot], &list, model, &configuration);
    if (status != EIPNN_OK)
      eipnn_error(status, "configuration %zu: %s", targets->index[slot], eipnn_last_error());
  }
  eipnn_pair_list_free(&list);
  if (status != EIPNN_OK) eipnn_target_graphs_free(graphs, targets->count);
  return status;
}

double eipnn_target_graphs_shortest(const eipnn_config_graph *graphs, size_t count)
{
  double square = INFINITY;
  for (size_t slot = 0; slot < count; slot++)
    for (int p = 0; p < graphs[slot].npair; p++) {
      const double *v = graphs[slot].vec[p];
      const double of_pair = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
      if (of_pair < square) square = of_pair;
    }
  return sqrt(square);
}

void eipnn_target_graphs_free(eipnn_config_graph **graphs, size_t count)
{
  for (size_t slot = 0; *graphs && slot < count; slot++) eipnn_config_graph_free(&(*graphs)[slot]);
  free(*graphs);
  *graphs = NULL;
}
