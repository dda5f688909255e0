/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/dataset_data.h"

#include <math.h>
#include <string.h>

static eipnn_status copy_configurations(const eipnn_dataset *dataset, const size_t *index,
                                        size_t count, eipnn_dataset *subset)
{
  size_t natom = 0;
  for (size_t i = 0; i < count; i++) {
    if (index[i] >= dataset->count)
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "configuration %zu does not exist; the dataset has %zu", index[i],
                         dataset->count);
    natom += dataset->first[index[i] + 1] - dataset->first[index[i]];
  }
  EIPNN_TRY(eipnn_dataset_reserve(subset, count, natom));
  for (size_t i = 0; i < count; i++) {
    eipnn_configuration configuration;
    EIPNN_TRY(eipnn_dataset_get(dataset, index[i], &configuration));
    EIPNN_TRY(eipnn_dataset_append(subset, &configuration, NAN, NULL, NULL));
  }
  return EIPNN_OK;
}

/* What is not labelled in the subset may be a failure, more cannot. */
static int64_t failures(const eipnn_labels *theirs, const eipnn_labels *ours, size_t count)
{
  int64_t missing = 0;
  for (size_t i = 0; i < count; i++) missing += isnan(ours->energy[i]);
  return theirs->failed < missing ? theirs->failed : missing;
}

static eipnn_status copy_label_set(const eipnn_dataset *dataset, const eipnn_labels *theirs,
                                   const size_t *index, size_t count, eipnn_dataset *subset)
{
  eipnn_labels *ours;
  EIPNN_TRY(eipnn_dataset_add_labels(subset, theirs->name, theirs->forces != NULL,
                                     theirs->virial != NULL, &ours));
  for (size_t i = 0; i < count; i++) {
    size_t from = dataset->first[index[i]], to = subset->first[i];
    size_t natoms = subset->first[i + 1] - to;
    ours->energy[i] = theirs->energy[index[i]];
    if (theirs->forces)
      memcpy(ours->forces + to, theirs->forces + from, natoms * sizeof *ours->forces);
    if (theirs->virial) memcpy(ours->virial[i], theirs->virial[index[i]], sizeof ours->virial[i]);
  }
  memcpy(ours->provider, theirs->provider, sizeof ours->provider);
  memcpy(ours->model, theirs->model, sizeof ours->model);
  memcpy(ours->version, theirs->version, sizeof ours->version);
  memcpy(ours->timestamp, theirs->timestamp, sizeof ours->timestamp);
  ours->failed = failures(theirs, ours, count);
  return EIPNN_OK;
}

static eipnn_status copy_splits_and_groups(const eipnn_dataset *dataset, const size_t *index,
                                           size_t count, eipnn_dataset *subset)
{
  for (size_t s = 0; s < dataset->nsplits; s++) {
    uint8_t *role;
    EIPNN_TRY(eipnn_dataset_add_split(subset, dataset->splits[s]->name, &role));
    for (size_t i = 0; i < count; i++) role[i] = dataset->splits[s]->role[index[i]];
  }
  if (!dataset->group) return EIPNN_OK;
  int64_t *group;
  EIPNN_TRY(eipnn_dataset_add_groups(subset, &group));
  for (size_t i = 0; i < count; i++) group[i] = dataset->group[index[i]];
  return EIPNN_OK;
}

static eipnn_status copy(const eipnn_dataset *dataset, const size_t *index, size_t count,
                         eipnn_dataset *subset)
{
  EIPNN_TRY(copy_configurations(dataset, index, count, subset));
  for (size_t i = 0; i < dataset->nlabels; i++)
    EIPNN_TRY(copy_label_set(dataset, dataset->labels[i], index, count, subset));
  memcpy(subset->reference, dataset->reference, sizeof subset->reference);
  memcpy(subset->reference_known, dataset->reference_known, sizeof subset->reference_known);
  return copy_splits_and_groups(dataset, index, count, subset);
}

eipnn_status eipnn_dataset_subset(const eipnn_dataset *dataset, const size_t *index, size_t count,
                                  eipnn_dataset **subset)
{
  *subset = NULL;
  eipnn_dataset *made;
  EIPNN_TRY(eipnn_dataset_create(&made));
  eipnn_status status = copy(dataset, index, count, made);
  if (status != EIPNN_OK) {
    eipnn_dataset_free(&made);
    return status;
  }
  *subset = made;
  return EIPNN_OK;
}
