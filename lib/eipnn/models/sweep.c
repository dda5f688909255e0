/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/sweep.h"

#include "base/collective.h"
#include "base/memory.h"
#include "models/calculator_data.h"
#include "models/model_data.h"
#include "models/pooling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Nodes of one run: enough that an operation's fixed cost does not count, few enough to
   stay in the cache. */
#define RUN_NODES 512

typedef struct sweep {
  const eipnn_model *model;
  const eipnn_dataset *dataset;
  eipnn_potential potential;
  eipnn_tensor output; /* [config][columns] */
  size_t columns;
  eipnn_executor *executor;
  eipnn_pair_list list;
  eipnn_batch batch;
  size_t *index; /* [batch.nconfig] which configuration each of the batch is */
  size_t index_capacity;
  double *values; /* [batch.nconfig][columns] */
  size_t values_capacity;
} sweep;

static eipnn_status build(sweep *s, eipnn_sweep_rows what, const eipnn_calculator_options *options)
{
  if (options->halo)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a halo exchange is for the atoms of one rank; whole "
                                             "configurations need none");
  const eipnn_potential_options potential_options = {
      .table = options->table, .table_nodes = eipnn_calculator_table_nodes(options)};
  eipnn_executor_options executor_options = {.precision = options->precision, .frozen = 1};
  EIPNN_TRY(eipnn_backend_find(options->backend, &executor_options.backend));
  eipnn_potential *potential = &s->potential;
  EIPNN_TRY(eipnn_potential_build(s->model, &potential_options, potential));
  s->output = what == EIPNN_SWEEP_FEATURES
                  ? eipnn_pooling_build(potential->graph, potential->features, EIPNN_POOLING_MEAN)
                  : potential->config_output;
  EIPNN_TRY(eipnn_graph_status(potential->graph));
  s->columns = (size_t)eipnn_graph_node(potential->graph, s->output)->cols;
  EIPNN_TRY(eipnn_executor_create(potential->graph, &executor_options, 1, &s->output,
                                  s->model->parameters.weights, &s->executor));
  return eipnn_executor_set_weights(s->executor, s->model->weights);
}

static eipnn_status add(sweep *s, size_t index)
{
  eipnn_configuration configuration;
  eipnn_config_graph graph;
  EIPNN_TRY(eipnn_dataset_get(s->dataset, index, &configuration));
  eipnn_status status = eipnn_config_graph_build(&graph, &s->list, s->model, &configuration);
  if (status != EIPNN_OK)
    return eipnn_error(status, "configuration %zu: %s", index, eipnn_last_error());
  const size_t used = (size_t)s->batch.nconfig;
  status = eipnn_grow((void **)&s->index, &s->index_capacity, used + 1, sizeof *s->index);
  if (status == EIPNN_OK) status = eipnn_batch_add(&s->batch, &graph);
  if (status == EIPNN_OK) s->index[used] = index;
  eipnn_config_graph_free(&graph);
  return status;
}

static eipnn_status keep(const sweep *s, double *rows)
{
  for (size_t n = 0; n < (size_t)s->batch.nconfig; n++) {
    const double *row = s->values + n * s->columns;
    for (size_t k = 0; k < s->columns; k++)
      if (!isfinite(row[k]))
        return eipnn_error(EIPNN_ERROR_NUMERIC,
                           "configuration %zu: an output of the network is not finite",
                           s->index[n]);
    memcpy(rows + s->index[n] * s->columns, row, s->columns * sizeof *row);
  }
  return EIPNN_OK;
}

/* Evaluates what has been added. */
static eipnn_status run(sweep *s, double *rows)
{
  if (!s->batch.nconfig) return EIPNN_OK;
  eipnn_structure structure;
  eipnn_batch_structure(&s->batch, &structure);
  EIPNN_TRY(eipnn_grow((void **)&s->values, &s->values_capacity,
                       (size_t)s->batch.nconfig * s->columns, sizeof *s->values));
  EIPNN_TRY(eipnn_executor_bind(s->executor, &structure));
  EIPNN_TRY(eipnn_executor_set_input(s->executor, s->potential.vec,
                                     s->batch.npair ? s->batch.vec[0] : NULL));
  EIPNN_TRY(eipnn_executor_run(s->executor, 0, eipnn_graph_size(s->potential.graph)));
  EIPNN_TRY(eipnn_executor_get(s->executor, s->output, s->values));
  EIPNN_TRY(keep(s, rows));
  eipnn_batch_clear(&s->batch);
  return EIPNN_OK;
}

/* Rows of this rank's share; the others are zero. */
static eipnn_status run_share(sweep *s, const unsigned char *wanted, const eipnn_parallel *parallel,
                              double *rows)
{
  const size_t count = eipnn_dataset_count(s->dataset);
  const size_t rank = (size_t)eipnn_collective_rank(parallel);
  const size_t size = (size_t)eipnn_collective_size(parallel);
  memset(rows, 0, count * s->columns * sizeof *rows);
  size_t dealt = 0;
  for (size_t n = 0; n < count; n++) {
    if ((wanted && !wanted[n]) || dealt++ % size != rank) continue;
    EIPNN_TRY(add(s, n));
    if (s->batch.natom >= RUN_NODES) EIPNN_TRY(run(s, rows));
  }
  return run(s, rows);
}

static eipnn_status gather(const sweep *s, const unsigned char *wanted,
                           const eipnn_parallel *parallel, double *rows)
{
  const size_t count = eipnn_dataset_count(s->dataset);
  EIPNN_TRY(eipnn_collective_sum(parallel, rows, count * s->columns));
  for (size_t n = 0; wanted && n < count; n++)
    for (size_t k = 0; !wanted[n] && k < s->columns; k++) rows[n * s->columns + k] = NAN;
  return EIPNN_OK;
}

eipnn_status eipnn_sweep(const eipnn_model *model, eipnn_sweep_rows what,
                         const eipnn_dataset *dataset, const unsigned char *wanted,
                         const eipnn_calculator_options *options, const eipnn_parallel *parallel,
                         double *rows)
{
  sweep s = {.model = model, .dataset = dataset};
  eipnn_status status = build(&s, what, options);
  if (status == EIPNN_OK) status = run_share(&s, wanted, parallel, rows);
  status = eipnn_collective_agree(parallel, status);
  if (status == EIPNN_OK) status = gather(&s, wanted, parallel, rows);
  eipnn_executor_free(&s.executor);
  eipnn_potential_free(&s.potential);
  eipnn_pair_list_free(&s.list);
  eipnn_batch_free(&s.batch);
  free(s.index);
  free(s.values);
  return status;
}
