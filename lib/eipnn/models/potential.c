/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/potential.h"

#include "base/memory.h"
#include "models/model_data.h"
#include "models/pooling.h"
#include "models/readout.h"

#include <stdlib.h>
#include <string.h>

#define MIN_TABLE_NODES 8
#define MAX_TABLE_NODES 1000000

static eipnn_status check_options(const eipnn_model *model, const eipnn_potential_options *options)
{
  if (options->table &&
      (options->table_nodes < MIN_TABLE_NODES || options->table_nodes > MAX_TABLE_NODES))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a radial table of %d nodes; use %d to %d",
                       options->table_nodes, MIN_TABLE_NODES, MAX_TABLE_NODES);
  if (!options->halo) return EIPNN_OK;
  EIPNN_TRY(eipnn_model_require_periodic(model));
  return eipnn_model_require_energy(model);
}

static eipnn_status declare_leaves(eipnn_potential *potential, const eipnn_model *model)
{
  potential->nparameters = model->parameters.count;
  potential->parameter = eipnn_calloc((size_t)model->parameters.count, sizeof(eipnn_tensor));
  if (!potential->parameter) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a graph");
  for (int k = 0; k < model->parameters.count; k++) {
    const eipnn_parameter_info *info = &model->parameters.info[k];
    potential->parameter[k] =
        eipnn_parameter(potential->graph, info->offset, info->rows, info->cols);
  }
  return EIPNN_OK;
}

/* Features to outputs: per atom, then summed; or pooled, then one head per configuration. */
static void build_outputs(eipnn_potential *potential, const eipnn_network_graph *network)
{
  eipnn_graph *graph = network->graph;
  const eipnn_model *model = network->model;
  if (model->task == EIPNN_TASK_CLASSES) {
    const eipnn_tensor pooled = eipnn_pooling_build(graph, potential->features, model->pooling);
    potential->atom_output = EIPNN_NO_TENSOR;
    potential->config_output = eipnn_readout_build(network, pooled);
    return;
  }
  potential->atom_output = eipnn_readout_build(network, potential->features);
  potential->config_output =
      eipnn_scatter(graph, potential->atom_output, EIPNN_INDEX_ATOM_CONFIG, EIPNN_ROWS_CONFIG);
}

static eipnn_status build(eipnn_potential *potential, const eipnn_model *model,
                          const eipnn_potential_options *options)
{
  EIPNN_TRY(check_options(model, options));
  EIPNN_TRY(eipnn_graph_create(&potential->graph));
  eipnn_graph *graph = potential->graph;
  EIPNN_TRY(declare_leaves(potential, model));
  potential->vec = eipnn_input(graph, EIPNN_ROWS_PAIR, 3);
  eipnn_tensor square = eipnn_sum_cols(graph, eipnn_mul(graph, potential->vec, potential->vec));
  eipnn_network_graph network = {.graph = graph,
                                 .model = model,
                                 .options = options,
                                 .parameter = potential->parameter,
                                 .vec = potential->vec,
                                 .distance = eipnn_unary(graph, EIPNN_FUNCTION_SQRT, square)};
  potential->features = model->network->build(&network);
  build_outputs(potential, &network);
  potential->forward_end = eipnn_graph_size(graph);
  potential->vec_gradient = EIPNN_NO_TENSOR;
  if (options->gradient)
    EIPNN_TRY(eipnn_potential_vec_gradient(potential, 0, model->nheads, &potential->vec_gradient));
  return eipnn_graph_status(graph);
}

eipnn_status eipnn_potential_build(const eipnn_model *model, const eipnn_potential_options *options,
                                   eipnn_potential *potential)
{
  memset(potential, 0, sizeof *potential);
  eipnn_status status = build(potential, model, options);
  if (status != EIPNN_OK) eipnn_potential_free(potential);
  return status;
}

eipnn_status eipnn_potential_vec_gradient(eipnn_potential *potential, int head, int nheads,
                                          eipnn_tensor *gradient)
{
  eipnn_graph *graph = potential->graph;
  double *selection = eipnn_calloc((size_t)nheads, sizeof *selection);
  if (!selection) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a graph");
  selection[head] = 1.0;
  eipnn_tensor seed = eipnn_constant(graph, 1, nheads, selection);
  free(selection);
  seed = eipnn_repeat(graph, seed, EIPNN_ROWS_CONFIG, nheads);
  return eipnn_graph_gradient(graph, 1, &potential->config_output, &seed, 1, &potential->vec,
                              gradient);
}

void eipnn_potential_free(eipnn_potential *potential)
{
  eipnn_graph_free(&potential->graph);
  free(potential->parameter);
  memset(potential, 0, sizeof *potential);
}
