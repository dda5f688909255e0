/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/training_graph.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static const eipnn_trained_output not_trained = {EIPNN_NO_TENSOR, EIPNN_NO_TENSOR};

/* F_i = -dE/dr_i from g = dE/d(r_j - r_i) of every pair: +g on i, -g on j. */
static eipnn_tensor force_of(eipnn_graph *g, eipnn_tensor vec_gradient)
{
  const eipnn_tensor on_i = eipnn_scatter(g, vec_gradient, EIPNN_INDEX_PAIR_I, EIPNN_ROWS_ATOM);
  const eipnn_tensor on_j =
      eipnn_halo_sum(g, eipnn_scatter(g, vec_gradient, EIPNN_INDEX_PAIR_J, EIPNN_ROWS_ALL));
  return eipnn_add(g, on_i, eipnn_affine(g, on_j, -1.0, 0.0));
}

/* W = -sum over pairs of vec (x) g, xx yy zz xy xz yz: the columns of the two factors are
   picked by constant matrices. */
static eipnn_tensor virial_of(eipnn_graph *g, eipnn_tensor vec, eipnn_tensor vec_gradient)
{
  static const double left[18] = {1, 0, 0, 1, 1, 0, /* x of xx, xy, xz */
                                  0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0};
  static const double right[18] = {-1, 0, 0, 0, 0, 0, 0, -1, 0, -1, 0, 0, 0, 0, -1, 0, -1, -1};
  const eipnn_tensor a = eipnn_matmul(g, vec, 0, eipnn_constant(g, 3, 6, left), 0);
  const eipnn_tensor b = eipnn_matmul(g, vec_gradient, 0, eipnn_constant(g, 3, 6, right), 0);
  return eipnn_scatter(g, eipnn_mul(g, a, b), EIPNN_INDEX_PAIR_CONFIG, EIPNN_ROWS_CONFIG);
}

/* Forces and virials of the heads that have labels for them. */
static eipnn_status add_derivatives(eipnn_training_graph *training, const eipnn_targets *targets)
{
  eipnn_graph *g = training->potential.graph;
  for (int head = 0; head < training->nheads; head++) {
    training->force[head] = training->virial[head] = not_trained;
    if (!targets->forces[head] && !targets->virial[head]) continue;
    eipnn_tensor vec_gradient;
    EIPNN_TRY(
        eipnn_potential_vec_gradient(&training->potential, head, training->nheads, &vec_gradient));
    if (targets->forces[head]) training->force[head].value = force_of(g, vec_gradient);
    if (targets->virial[head])
      training->virial[head].value = virial_of(g, training->potential.vec, vec_gradient);
  }
  return eipnn_graph_status(g);
}

/* An input for the derivative of the loss by an output. */
static void add_seed(eipnn_graph *g, eipnn_trained_output *output, int *count, eipnn_tensor *values,
                     eipnn_tensor *seeds)
{
  if (output->value == EIPNN_NO_TENSOR) return;
  const eipnn_node *node = eipnn_graph_node(g, output->value);
  if (!node) return;
  output->seed = eipnn_input(g, node->rows, node->cols);
  values[*count] = output->value;
  seeds[*count] = output->seed;
  (*count)++;
}

/* All outputs, each with its seed; returns how many. */
static int add_seeds(eipnn_training_graph *training, eipnn_tensor *values, eipnn_tensor *seeds)
{
  eipnn_graph *g = training->potential.graph;
  int count = 0;
  add_seed(g, &training->energy, &count, values, seeds);
  for (int head = 0; head < training->nheads; head++) {
    add_seed(g, &training->force[head], &count, values, seeds);
    add_seed(g, &training->virial[head], &count, values, seeds);
  }
  return count;
}

static eipnn_status allocate(eipnn_training_graph *training)
{
  const size_t nheads = (size_t)training->nheads;
  training->force = eipnn_calloc(nheads, sizeof *training->force);
  training->virial = eipnn_calloc(nheads, sizeof *training->virial);
  training->gradient =
      eipnn_calloc((size_t)training->potential.nparameters, sizeof *training->gradient);
  if (training->force && training->virial && training->gradient) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the training graph");
}

/* Weight gradients by reverse differentiation of all outputs. */
static eipnn_status add_gradients(eipnn_training_graph *training, eipnn_tensor *values,
                                  eipnn_tensor *seeds)
{
  const eipnn_potential *potential = &training->potential;
  training->predicted_end = eipnn_graph_size(potential->graph);
  const int count = add_seeds(training, values, seeds);
  return eipnn_graph_gradient(potential->graph, count, values, seeds, potential->nparameters,
                              potential->parameter, training->gradient);
}

static eipnn_status create_executor(eipnn_training_graph *training, eipnn_model *model,
                                    const eipnn_train_options *options, eipnn_tensor *outputs)
{
  int count = 0;
  outputs[count++] = training->energy.value;
  for (int head = 0; head < training->nheads; head++) {
    if (training->force[head].value != EIPNN_NO_TENSOR)
      outputs[count++] = training->force[head].value;
    if (training->virial[head].value != EIPNN_NO_TENSOR)
      outputs[count++] = training->virial[head].value;
  }
  for (int k = 0; k < training->potential.nparameters; k++)
    if (training->gradient[k] != EIPNN_NO_TENSOR) outputs[count++] = training->gradient[k];
  eipnn_executor_options executor = {.precision = options->precision};
  EIPNN_TRY(eipnn_backend_find(options->backend, &executor.backend));
  size_t nweights;
  eipnn_model_weights(model, &nweights);
  EIPNN_TRY(eipnn_executor_create(training->potential.graph, &executor, count, outputs, nweights,
                                  &training->executor));
  return eipnn_executor_place_gradient(training->executor, training->potential.nparameters,
                                       training->potential.parameter, training->gradient);
}

static eipnn_status build(eipnn_training_graph *training, eipnn_model *model,
                          const eipnn_targets *targets, double shortest,
                          const eipnn_train_options *options)
{
  const eipnn_potential_options potential = {
      .table = options->table, .table_nodes = options->table_nodes, .shortest = shortest};
  EIPNN_TRY(eipnn_potential_build(model, &potential, &training->potential));
  EIPNN_TRY(allocate(training));
  training->energy = not_trained;
  training->energy.value = training->potential.config_output;
  EIPNN_TRY(add_derivatives(training, targets));
  /* Room for every output and every weight gradient. */
  const size_t room = (size_t)training->potential.nparameters + 2 * (size_t)training->nheads + 1;
  eipnn_tensor *lists = eipnn_calloc(2 * room, sizeof *lists);
  if (!lists) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the training graph");
  eipnn_status status = add_gradients(training, lists, lists + room);
  if (status == EIPNN_OK) status = create_executor(training, model, options, lists);
  free(lists);
  return status;
}

eipnn_status eipnn_training_graph_create(eipnn_training_graph *training, eipnn_model *model,
                                         const eipnn_targets *targets, double shortest,
                                         const eipnn_train_options *options)
{
  memset(training, 0, sizeof *training);
  training->nheads = eipnn_model_head_count(model);
  eipnn_status status = build(training, model, targets, shortest, options);
  if (status != EIPNN_OK) eipnn_training_graph_free(training);
  return status;
}

void eipnn_training_graph_free(eipnn_training_graph *training)
{
  eipnn_executor_free(&training->executor);
  eipnn_potential_free(&training->potential);
  free(training->force);
  free(training->virial);
  free(training->gradient);
  memset(training, 0, sizeof *training);
}

eipnn_status eipnn_training_graph_predict(eipnn_training_graph *training, const eipnn_batch *batch,
                                          int energies_only)
{
  eipnn_structure structure;
  eipnn_batch_structure(batch, &structure);
  const eipnn_status status = eipnn_executor_bind(training->executor, &structure);
  if (status == EIPNN_ERROR_MEMORY)
    return eipnn_error(status, "%s; smaller batches, or more ranks that share them, need less",
                       eipnn_last_error());
  EIPNN_TRY(status);
  EIPNN_TRY(eipnn_executor_set_input(training->executor, training->potential.vec,
                                     batch->npair ? batch->vec[0] : NULL));
  const int end = energies_only ? training->potential.forward_end : training->predicted_end;
  return eipnn_executor_run(training->executor, 0, end);
}

eipnn_status eipnn_training_graph_gradient(eipnn_training_graph *training, double *gradient)
{
  const eipnn_potential *potential = &training->potential;
  EIPNN_TRY(eipnn_executor_run(training->executor, training->predicted_end,
                               eipnn_graph_size(potential->graph)));
  return eipnn_executor_get_gradient(training->executor, potential->nparameters,
                                     potential->parameter, training->gradient, gradient);
}
