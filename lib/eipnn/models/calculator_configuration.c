/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Energies, forces and virial of one whole configuration. */
#include "models/calculator_data.h"
#include "models/model_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static eipnn_status sum_energies(const eipnn_calculator *c, const eipnn_config_graph *graph,
                                 double *energy)
{
  const eipnn_model *model = c->description;
  for (int h = 0; h < model->nheads; h++) {
    const double *shift = eipnn_model_shift(model, h);
    energy[h] = 0.0;
    for (int i = 0; i < graph->ncontributing; i++)
      energy[h] += model->scale[h] * c->output[(size_t)i * (size_t)model->nheads + (size_t)h] +
                   shift[graph->species[i]];
    if (!isfinite(energy[h]))
      return eipnn_error(EIPNN_ERROR_NUMERIC, "the energy of head '%s' is not finite",
                         model->heads[h]);
  }
  return EIPNN_OK;
}

/* Forces on images count for the atom of the cell. */
static void sum_forces(const eipnn_calculator *c, const eipnn_config_graph *graph,
                       double (*forces)[3])
{
  memset(forces, 0, (size_t)graph->ncontributing * sizeof *forces);
  for (int p = 0; p < graph->npair; p++)
    for (int k = 0; k < 3; k++) {
      const double f = c->description->scale[0] * c->gradient[p][k];
      forces[graph->owner[graph->pair_i[p]]][k] += f;
      forces[graph->owner[graph->pair_j[p]]][k] -= f;
    }
}

static eipnn_status compute(eipnn_calculator *c, const eipnn_config_graph *graph, double *energy,
                            double (*forces)[3], double *virial)
{
  eipnn_structure structure;
  eipnn_batch_clear(&c->batch);
  EIPNN_TRY(eipnn_batch_add(&c->batch, graph));
  eipnn_batch_structure(&c->batch, &structure);
  EIPNN_TRY(eipnn_calculator_run(c, &structure, (const double(*)[3])graph->vec, forces || virial));
  EIPNN_TRY(sum_energies(c, graph, energy));
  if (forces) sum_forces(c, graph, forces);
  if (virial) eipnn_calculator_sum_virial(c, graph->npair, (const double(*)[3])graph->vec, virial);
  return EIPNN_OK;
}

eipnn_status eipnn_calculator_configuration(eipnn_calculator *calculator,
                                            const eipnn_configuration *configuration,
                                            double *energy, double (*forces)[3], double *virial)
{
  if (calculator->has_halo)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "a calculator with a halo exchange takes the atoms of one rank, not a whole "
                       "configuration");
  eipnn_config_graph graph;
  EIPNN_TRY(
      eipnn_config_graph_build(&graph, &calculator->list, calculator->description, configuration));
  eipnn_status status = compute(calculator, &graph, energy, forces, virial);
  eipnn_config_graph_free(&graph);
  return status;
}
