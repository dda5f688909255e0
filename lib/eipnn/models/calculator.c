/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/calculator_data.h"

#include "base/memory.h"
#include "models/model_data.h"

#include <stdlib.h>

/* Measured with SchNet (128 Gaussians over 5 A): the error of the forces falls as spacing^3 and
   is about 1e-6 of the largest force at 1024 intervals. There the rounding of single-precision
   coefficients, divided by the spacing, takes over. */
#define TABLE_NODES_SINGLE 1024
#define TABLE_NODES_DOUBLE 2048

void eipnn_calculator_options_default(eipnn_calculator_options *options)
{
  *options = (eipnn_calculator_options){.precision = EIPNN_PRECISION_MIXED,
                                        .table = 1,
                                        .table_nodes = 0,
                                        .backend = "cpu",
                                        .halo = NULL};
}

int eipnn_calculator_table_nodes(const eipnn_calculator_options *options)
{
  if (options->table_nodes) return options->table_nodes;
  return options->precision == EIPNN_PRECISION_DOUBLE ? TABLE_NODES_DOUBLE : TABLE_NODES_SINGLE;
}

static eipnn_status build(eipnn_calculator *calculator, const eipnn_model *model,
                          const eipnn_calculator_options *options)
{
  const eipnn_potential_options potential_options = {.table = options->table,
                                                     .table_nodes =
                                                         eipnn_calculator_table_nodes(options),
                                                     .halo = options->halo != NULL,
                                                     .gradient = 1};
  eipnn_executor_options executor_options = {
      .precision = options->precision, .frozen = 1, .halo = options->halo};
  EIPNN_TRY(eipnn_model_require_energy(model));
  EIPNN_TRY(eipnn_backend_find(options->backend, &executor_options.backend));
  calculator->backend = executor_options.backend;
  calculator->precision = options->precision;
  EIPNN_TRY(eipnn_model_copy_description(model, &calculator->description));
  calculator->has_halo = options->halo != NULL;
  eipnn_potential *potential = &calculator->potential;
  EIPNN_TRY(eipnn_potential_build(model, &potential_options, potential));
  const eipnn_tensor outputs[] = {potential->atom_output, potential->vec_gradient};
  EIPNN_TRY(eipnn_executor_create(potential->graph, &executor_options, 2, outputs,
                                  model->parameters.weights, &calculator->executor));
  return eipnn_executor_set_weights(calculator->executor, model->weights);
}

eipnn_status eipnn_calculator_create(const eipnn_model *model,
                                     const eipnn_calculator_options *options,
                                     eipnn_calculator **result)
{
  *result = NULL;
  eipnn_calculator *calculator = eipnn_calloc(1, sizeof *calculator);
  if (!calculator) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a calculator");
  eipnn_status status = build(calculator, model, options);
  if (status == EIPNN_OK)
    *result = calculator;
  else
    eipnn_calculator_free(&calculator);
  return status;
}

void eipnn_calculator_free(eipnn_calculator **calculator)
{
  if (!calculator || !*calculator) return;
  eipnn_calculator *c = *calculator;
  if (c->device) c->free_device(c->device);
  eipnn_executor_free(&c->executor);
  eipnn_potential_free(&c->potential);
  eipnn_model_free(&c->description);
  eipnn_selection_free(&c->selection);
  eipnn_pair_list_free(&c->list);
  eipnn_batch_free(&c->batch);
  free(c->output);
  free(c->gradient);
  free(c);
  *calculator = NULL;
}

eipnn_status eipnn_calculator_run(eipnn_calculator *c, const eipnn_structure *structure,
                                  const double (*vec)[3], int forces)
{
  const eipnn_potential *potential = &c->potential;
  const size_t noutputs = (size_t)structure->natom * (size_t)c->description->nheads;
  EIPNN_TRY(eipnn_grow((void **)&c->output, &c->output_capacity, noutputs, sizeof *c->output));
  EIPNN_TRY(eipnn_executor_bind(c->executor, structure));
  EIPNN_TRY(eipnn_executor_set_input(c->executor, potential->vec, &vec[0][0]));
  EIPNN_TRY(eipnn_executor_run(c->executor, 0, potential->forward_end));
  EIPNN_TRY(eipnn_executor_get(c->executor, potential->atom_output, c->output));
  if (!forces) return EIPNN_OK;
  EIPNN_TRY(eipnn_grow((void **)&c->gradient, &c->gradient_capacity, (size_t)structure->npair,
                       sizeof *c->gradient));
  EIPNN_TRY(
      eipnn_executor_run(c->executor, potential->forward_end, eipnn_graph_size(potential->graph)));
  return eipnn_executor_get(c->executor, potential->vec_gradient, &c->gradient[0][0]);
}

size_t eipnn_calculator_bytes(const eipnn_calculator *calculator)
{
  return eipnn_executor_bytes(calculator->executor) + calculator->device_bytes +
         eipnn_selection_bytes(&calculator->selection) +
         calculator->output_capacity * sizeof *calculator->output +
         calculator->gradient_capacity * sizeof *calculator->gradient;
}
