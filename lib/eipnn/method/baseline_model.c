/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Baselines as part of models: delta learning. */
#include "base/memory.h"
#include "method/eip_energies.h"
#include "method/weighted_labels.h"

#include <eipnn/calibration.h>

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

typedef struct prediction {
  double *energy, (*forces)[3], *virial;
} prediction;

/* names [count][EIPNN_LABELS_NAME_SIZE] and coefficient [count] are scratch. */
static eipnn_status add_terms(const eipnn_model *model, const eipnn_dataset *dataset, size_t index,
                              char (*names)[EIPNN_LABELS_NAME_SIZE], double *coefficient,
                              const prediction *to)
{
  const int count = eipnn_model_baseline_count(model);
  eipnn_labels **labels;
  for (int k = 0; k < count; k++) {
    snprintf(names[k], sizeof *names, "%s", eipnn_model_baseline_name(model, k));
    coefficient[k] = eipnn_model_baseline_coefficient(model, k);
  }
  EIPNN_TRY(eipnn_eip_labels(dataset, count, names, &labels));
  const eipnn_weighted_labels terms = {count, labels, coefficient};
  eipnn_weighted_labels_add(&terms, 1, dataset, index, to->energy, to->forces, to->virial);
  free(labels);
  return EIPNN_OK;
}

eipnn_status eipnn_model_add_baseline(const eipnn_model *model, const eipnn_dataset *dataset,
                                      size_t index, double *energy, double (*forces)[3],
                                      double *virial)
{
  const size_t count = (size_t)eipnn_model_baseline_count(model);
  const prediction to = {energy, forces, virial};
  if (!count) return EIPNN_OK;
  char(*names)[EIPNN_LABELS_NAME_SIZE] = eipnn_calloc(count, sizeof *names);
  double *coefficient = eipnn_calloc(count, sizeof *coefficient);
  eipnn_status status = names && coefficient
                            ? add_terms(model, dataset, index, names, coefficient, &to)
                            : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a baseline");
  free(names);
  free(coefficient);
  return status;
}
