/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "train/targets.h"

#include <string.h>

static eipnn_status unknown_element(size_t configuration, int number)
{
  const char *symbol = eipnn_element_symbol(number);
  return eipnn_error(
      EIPNN_ERROR_ARGUMENT,
      "configuration %zu holds %s (atomic number %d), which the model does not know; "
      "`eipnn info MODEL.h5` lists its species",
      configuration, symbol ? symbol : "no element", number);
}

eipnn_status eipnn_targets_count_species(const eipnn_targets *targets, size_t slot,
                                         const eipnn_model *model, const eipnn_dataset *dataset,
                                         int *count)
{
  eipnn_configuration configuration;
  EIPNN_TRY(eipnn_dataset_get(dataset, targets->index[slot], &configuration));
  memset(count, 0, (size_t)eipnn_model_species_count(model) * sizeof *count);
  for (int i = 0; i < configuration.natoms; i++) {
    const int species = eipnn_model_species_index(model, configuration.number[i]);
    if (species < 0) return unknown_element(targets->index[slot], configuration.number[i]);
    count[species]++;
  }
  return EIPNN_OK;
}

static void scale_array(double *values, size_t count, double scale)
{
  for (size_t k = 0; k < count; k++) values[k] /= scale;
}

eipnn_status eipnn_targets_scale(eipnn_targets *targets, const eipnn_model *model,
                                 const eipnn_dataset *dataset)
{
  const size_t nheads = (size_t)targets->nheads;
  const int nspecies = eipnn_model_species_count(model);
  int atoms[EIPNN_ELEMENTS]; /* of each species */
  if (targets->category) return EIPNN_OK;
  for (size_t slot = 0; slot < targets->count; slot++) {
    EIPNN_TRY(eipnn_targets_count_species(targets, slot, model, dataset, atoms));
    for (size_t head = 0; head < nheads; head++)
      for (int s = 0; s < nspecies; s++)
        targets->energy[slot * nheads + head] -= atoms[s] * eipnn_model_shift(model, (int)head)[s];
  }
  for (size_t head = 0; head < nheads; head++) {
    const double scale = eipnn_model_scale(model, (int)head);
    for (size_t slot = 0; slot < targets->count; slot++)
      targets->energy[slot * nheads + head] /= scale;
    if (targets->forces[head])
      scale_array(targets->forces[head][0], 3 * targets->first[targets->count], scale);
    if (targets->virial[head]) scale_array(targets->virial[head][0], 6 * targets->count, scale);
  }
  return EIPNN_OK;
}
