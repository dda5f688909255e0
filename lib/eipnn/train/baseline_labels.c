/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/baseline_labels.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

eipnn_status eipnn_baseline_labels_find(const eipnn_model *model, const eipnn_dataset *dataset,
                                        eipnn_baseline_labels *labels)
{
  int count = eipnn_model_baseline_count(model);
  *labels = (eipnn_baseline_labels){
      .model = model, .count = count, .eip = eipnn_calloc((size_t)count, sizeof *labels->eip)};
  if (!labels->eip) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %d EIPs", count);
  for (int k = 0; k < count; k++) {
    const char *name = eipnn_model_baseline_name(model, k);
    labels->eip[k] = eipnn_dataset_labels(dataset, name);
    if (labels->eip[k]) continue;
    eipnn_baseline_labels_free(labels);
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "the model learnt what a regression on EIPs leaves, and the dataset has no "
                       "labels of %s: label it with the EIPs of the model's training",
                       name + strlen("eip/"));
  }
  return EIPNN_OK;
}

void eipnn_baseline_labels_free(eipnn_baseline_labels *labels)
{
  free(labels->eip);
  *labels = (eipnn_baseline_labels){0};
}

/* sum [count] += coefficient times value, NaN where there is no value. */
static void add(double coefficient, const double *value, size_t count, double *sum)
{
  for (size_t i = 0; i < count; i++) sum[i] += value ? coefficient * value[i] : NAN;
}

void eipnn_baseline_labels_add(const eipnn_baseline_labels *labels, size_t index, size_t first,
                               int natoms, double *energy, double (*forces)[3], double *virial)
{
  for (int k = 0; k < labels->count; k++) {
    const eipnn_labels *eip = labels->eip[k];
    const double coefficient = eipnn_model_baseline_coefficient(labels->model, k);
    add(coefficient, eip->energy + index, 1, energy);
    if (forces)
      add(coefficient, eip->forces ? eip->forces[first] : NULL, 3 * (size_t)natoms, forces[0]);
    if (virial) add(coefficient, eip->virial ? eip->virial[index] : NULL, 6, virial);
  }
}
