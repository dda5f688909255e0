/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "data/dataset_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

eipnn_status eipnn_dataset_check_name(const char *what, const char *name, size_t size)
{
  int valid = name && name[0] && strlen(name) < size && strcmp(name, ".") && strcmp(name, "..");
  for (const char *c = valid ? name : ""; *c; c++) valid &= *c > ' ' && *c < 127 && *c != '/';
  if (valid) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "'%.100s' cannot name a %s; use 1 to %zu printable characters without blanks "
                     "and '/'",
                     name ? name : "", what, size - 1);
}

static eipnn_status resize(void *array, size_t count, size_t size)
{
  void **slot = array;
  if (count == 0) count = 1;
  void *resized = count <= SIZE_MAX / size ? realloc(*slot, count * size) : NULL;
  if (!resized) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %zu labels", count);
  *slot = resized;
  return EIPNN_OK;
}

eipnn_status eipnn_labels_reserve(eipnn_labels *labels, size_t configurations, size_t atoms)
{
  EIPNN_TRY(resize(&labels->energy, configurations, sizeof *labels->energy));
  if (labels->forces) EIPNN_TRY(resize(&labels->forces, atoms, sizeof *labels->forces));
  if (labels->virial) EIPNN_TRY(resize(&labels->virial, configurations, sizeof *labels->virial));
  return EIPNN_OK;
}

static void fill_nan(double *values, size_t count)
{
  for (size_t i = 0; i < count; i++) values[i] = NAN;
}

void eipnn_labels_clear(eipnn_labels *labels, const size_t *first, size_t from, size_t to)
{
  fill_nan(labels->energy + from, to - from);
  if (labels->forces) fill_nan(labels->forces[first[from]], 3 * (first[to] - first[from]));
  if (labels->virial) fill_nan(labels->virial[from], 6 * (to - from));
}

void eipnn_labels_free(eipnn_labels **labels)
{
  if (!*labels) return;
  free((*labels)->energy);
  free((*labels)->forces);
  free((*labels)->virial);
  free(*labels);
  *labels = NULL;
}

eipnn_labels *eipnn_dataset_labels(const eipnn_dataset *dataset, const char *name)
{
  for (size_t i = 0; i < dataset->nlabels; i++)
    if (strcmp(dataset->labels[i]->name, name) == 0) return dataset->labels[i];
  return NULL;
}

int eipnn_labels_is_eip(const char *name)
{
  return strncmp(name, "eip/", 4) == 0;
}

size_t eipnn_dataset_labels_count(const eipnn_dataset *dataset)
{
  return dataset->nlabels;
}

eipnn_labels *eipnn_dataset_labels_at(const eipnn_dataset *dataset, size_t index)
{
  return index < dataset->nlabels ? dataset->labels[index] : NULL;
}

static eipnn_status create_labels(eipnn_dataset *dataset, const char *name, eipnn_labels **labels)
{
  if (strcmp(name, "dft") != 0) {
    if (!eipnn_labels_is_eip(name))
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "'%.100s' cannot name a label set; use dft or eip/<name>", name);
    EIPNN_TRY(eipnn_dataset_check_name("label set", name + 4, sizeof(*labels)->name - 4));
  }
  EIPNN_TRY(eipnn_grow((void **)&dataset->labels, &dataset->labels_capacity, dataset->nlabels + 1,
                       sizeof *dataset->labels));
  eipnn_labels *created = eipnn_calloc(1, sizeof *created);
  if (!created) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a label set");
  strcpy(created->name, name);
  eipnn_status status =
      eipnn_labels_reserve(created, dataset->config_capacity, dataset->atom_capacity);
  if (status != EIPNN_OK) {
    eipnn_labels_free(&created);
    return status;
  }
  fill_nan(created->energy, dataset->count);
  dataset->labels[dataset->nlabels++] = created;
  *labels = created;
  return EIPNN_OK;
}

eipnn_status eipnn_dataset_add_labels(eipnn_dataset *dataset, const char *name, int forces,
                                      int virial, eipnn_labels **labels)
{
  eipnn_labels *found = eipnn_dataset_labels(dataset, name);
  *labels = NULL;
  if (!found) EIPNN_TRY(create_labels(dataset, name, &found));
  if (forces && !found->forces) {
    EIPNN_TRY(resize(&found->forces, dataset->atom_capacity, sizeof *found->forces));
    fill_nan(found->forces[0], 3 * dataset->natom);
  }
  if (virial && !found->virial) {
    EIPNN_TRY(resize(&found->virial, dataset->config_capacity, sizeof *found->virial));
    fill_nan(found->virial[0], 6 * dataset->count);
  }
  *labels = found;
  return EIPNN_OK;
}
