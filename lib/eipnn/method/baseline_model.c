/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Baselines as part of models: delta learning. */
#include "base/memory.h"
#include "method/eip_energies.h"

#include <eipnn/calibration.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static eipnn_status store_sources(eipnn_labels *const *labels, eipnn_model *model)
{
  for (int k = 0; k < eipnn_model_baseline_count(model); k++) {
    char source[sizeof labels[k]->provider + sizeof labels[k]->model];
    if (!labels[k]->model[0]) continue;
    snprintf(source, sizeof source, "%s %s", labels[k]->provider, labels[k]->model);
    EIPNN_TRY(eipnn_model_set_baseline_source(model, k, source));
  }
  return EIPNN_OK;
}

eipnn_status eipnn_baseline_store(const eipnn_baseline *baseline, const eipnn_dataset *dataset,
                                  eipnn_model *model)
{
  eipnn_labels **labels;
  EIPNN_TRY(eipnn_eip_labels(dataset, baseline->neips, baseline->name, &labels));
  const char **names = eipnn_calloc((size_t)baseline->neips, sizeof *names);
  eipnn_status status =
      names ? EIPNN_OK : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a baseline");
  for (int k = 0; names && k < baseline->neips; k++) names[k] = baseline->name[k];
  if (status == EIPNN_OK)
    status = eipnn_model_set_baseline(model, baseline->neips, names, baseline->coefficient);
  if (status == EIPNN_OK) status = store_sources(labels, model);
  free(names);
  free(labels);
  return status;
}

/* sum [count] += coefficient times the labels; NaN where there are none. */
static void add(double coefficient, const double *labels, size_t count, double *sum)
{
  for (size_t i = 0; i < count; i++) sum[i] += labels ? coefficient * labels[i] : NAN;
}

static void add_terms(const eipnn_model *model, const eipnn_dataset *dataset, size_t index,
                      eipnn_labels *const *labels, double *energy, double (*forces)[3],
                      double *virial)
{
  const size_t first = eipnn_dataset_first_atom(dataset, index);
  const size_t count = 3 * (size_t)eipnn_natoms(dataset, index);
  for (int k = 0; k < eipnn_model_baseline_count(model); k++) {
    const double coefficient = eipnn_model_baseline_coefficient(model, k);
    const eipnn_labels *eip = labels[k];
    if (energy) add(coefficient, eip->energy + index, 1, energy);
    if (forces) add(coefficient, eip->forces ? eip->forces[first] : NULL, count, forces[0]);
    if (virial) add(coefficient, eip->virial ? eip->virial[index] : NULL, 6, virial);
  }
}

eipnn_status eipnn_model_add_baseline(const eipnn_model *model, const eipnn_dataset *dataset,
                                      size_t index, double *energy, double (*forces)[3],
                                      double *virial)
{
  const int count = eipnn_model_baseline_count(model);
  eipnn_labels **labels;
  if (!count) return EIPNN_OK;
  char(*names)[80] = eipnn_calloc((size_t)count, sizeof *names);
  if (!names) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a baseline");
  for (int k = 0; k < count; k++)
    snprintf(names[k], sizeof *names, "%s", eipnn_model_baseline_name(model, k));
  eipnn_status status = eipnn_eip_labels(dataset, count, names, &labels);
  free(names);
  if (status != EIPNN_OK) return status;
  add_terms(model, dataset, index, labels, energy, forces, virial);
  free(labels);
  return EIPNN_OK;
}
