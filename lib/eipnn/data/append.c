/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/dataset_data.h"

#include <math.h>
#include <string.h>

/* Reference energies of one species closer than this (eV/atom) are the same. */
static const double reference_tolerance = 1.0e-6;

static eipnn_status check_references(const eipnn_dataset *dataset, const eipnn_dataset *other)
{
  for (int z = 1; z <= EIPNN_ELEMENTS; z++) {
    if (!dataset->reference_known[z] || !other->reference_known[z]) continue;
    if (fabs(dataset->reference[z] - other->reference[z]) > reference_tolerance)
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "the datasets count energies of %s from different zeros (reference energy "
                         "%g and %g eV/atom); shift one of them before they are joined",
                         eipnn_element_symbol(z), dataset->reference[z], other->reference[z]);
  }
  return EIPNN_OK;
}

static eipnn_status check_labels(const eipnn_dataset *dataset, const eipnn_dataset *other)
{
  for (size_t i = 0; i < other->nlabels; i++) {
    const eipnn_labels *theirs = other->labels[i];
    const eipnn_labels *ours = eipnn_dataset_labels(dataset, theirs->name);
    if (ours && ours->model[0] && theirs->model[0] && strcmp(ours->model, theirs->model) != 0)
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "labels %s come from different models in the two datasets (%.100s and "
                         "%.100s); rename one of them",
                         ours->name, ours->model, theirs->model);
  }
  return EIPNN_OK;
}

/* The label sets of other exist in dataset, too, with room for the new labels. */
static eipnn_status add_label_sets(eipnn_dataset *dataset, const eipnn_dataset *other)
{
  for (size_t i = 0; i < other->nlabels; i++) {
    const eipnn_labels *theirs = other->labels[i];
    eipnn_labels *ours;
    EIPNN_TRY(eipnn_dataset_add_labels(dataset, theirs->name, theirs->forces != NULL,
                                       theirs->virial != NULL, &ours));
  }
  return EIPNN_OK;
}

static void copy_labels(eipnn_dataset *dataset, size_t start, const eipnn_dataset *other,
                        size_t count)
{
  size_t atom = dataset->first[start], natom = other->first[count];
  for (size_t i = 0; i < other->nlabels; i++) {
    const eipnn_labels *theirs = other->labels[i];
    eipnn_labels *ours = eipnn_dataset_labels(dataset, theirs->name);
    memcpy(ours->energy + start, theirs->energy, count * sizeof *ours->energy);
    if (theirs->forces) memcpy(ours->forces + atom, theirs->forces, natom * sizeof *ours->forces);
    if (theirs->virial) memcpy(ours->virial + start, theirs->virial, count * sizeof *ours->virial);
    if (!ours->model[0]) {
      memcpy(ours->provider, theirs->provider, sizeof ours->provider);
      memcpy(ours->model, theirs->model, sizeof ours->model);
      memcpy(ours->version, theirs->version, sizeof ours->version);
      memcpy(ours->timestamp, theirs->timestamp, sizeof ours->timestamp);
    }
    ours->failed += theirs->failed;
  }
}

/* Groups of other are numbered behind those of dataset. */
static void append_groups(eipnn_dataset *dataset, size_t start, const eipnn_dataset *other,
                          size_t count)
{
  int64_t next = 0;
  for (size_t i = 0; i < start; i++)
    if (dataset->group[i] >= next) next = dataset->group[i] + 1;
  for (size_t i = 0; i < count; i++)
    dataset->group[start + i] = other->group[i] < 0 ? -1 : next + other->group[i];
}

eipnn_status eipnn_dataset_append_dataset(eipnn_dataset *dataset, const eipnn_dataset *other)
{
  size_t start = dataset->count, count = other->count;
  EIPNN_TRY(check_references(dataset, other));
  EIPNN_TRY(check_labels(dataset, other));
  /* All room first: where other is dataset itself its arrays must not move below. */
  EIPNN_TRY(eipnn_dataset_reserve(dataset, start + count, dataset->natom + other->natom));
  EIPNN_TRY(add_label_sets(dataset, other));
  int other_groups = other->group != NULL;
  int64_t *group;
  if (other_groups) EIPNN_TRY(eipnn_dataset_add_groups(dataset, &group));
  for (size_t i = 0; i < count; i++) {
    eipnn_configuration configuration;
    eipnn_status status = eipnn_dataset_get(other, i, &configuration);
    if (status == EIPNN_OK) status = eipnn_dataset_append(dataset, &configuration, NAN, NULL, NULL);
    if (status != EIPNN_OK) {
      eipnn_dataset_truncate(dataset, start);
      return status;
    }
  }
  copy_labels(dataset, start, other, count);
  if (other_groups) append_groups(dataset, start, other, count);
  for (int z = 1; z <= EIPNN_ELEMENTS; z++)
    if (other->reference_known[z] && !dataset->reference_known[z]) {
      dataset->reference[z] = other->reference[z];
      dataset->reference_known[z] = 1;
    }
  return EIPNN_OK;
}
