/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "method/eip_energies.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int count_eips(const eipnn_dataset *dataset)
{
  int count = 0;
  for (size_t l = 0; l < eipnn_dataset_labels_count(dataset); l++)
    count += eipnn_labels_is_eip(eipnn_dataset_labels_at(dataset, l)->name);
  return count;
}

static void fill_all(const eipnn_dataset *dataset, char (*names)[EIPNN_LABELS_NAME_SIZE])
{
  for (size_t l = 0, k = 0; l < eipnn_dataset_labels_count(dataset); l++) {
    const eipnn_labels *labels = eipnn_dataset_labels_at(dataset, l);
    if (eipnn_labels_is_eip(labels->name)) snprintf(names[k++], sizeof *names, "%s", labels->name);
  }
}

static eipnn_status fill_given(int count, const char *const *name,
                               char (*names)[EIPNN_LABELS_NAME_SIZE])
{
  for (int k = 0; k < count; k++) {
    if (!eipnn_labels_is_eip(name[k]) || strlen(name[k]) >= sizeof *names)
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "'%.100s' is not the label set of an EIP: those are named eip/NAME",
                         name[k]);
    for (int m = 0; m < k; m++)
      if (strcmp(name[k], name[m]) == 0)
        return eipnn_error(EIPNN_ERROR_ARGUMENT, "the EIP label set %s is given twice", name[k]);
    snprintf(names[k], sizeof *names, "%s", name[k]);
  }
  return EIPNN_OK;
}

eipnn_status eipnn_eip_names(const eipnn_dataset *dataset, int count, const char *const *name,
                             int *neips, char (**names)[EIPNN_LABELS_NAME_SIZE])
{
  *neips = name ? count : count_eips(dataset);
  *names = NULL;
  if (*neips < 1)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "the dataset has no EIP labels; run: eipnn label DATA.h5 --eips LIST.json");
  *names = eipnn_calloc((size_t)*neips, sizeof **names);
  if (!*names) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the names of EIPs");
  eipnn_labels **labels = NULL;
  eipnn_status status = EIPNN_OK;
  if (name)
    status = fill_given(count, name, *names);
  else
    fill_all(dataset, *names);
  if (status == EIPNN_OK) status = eipnn_eip_labels(dataset, *neips, *names, &labels);
  free(labels);
  if (status == EIPNN_OK) return EIPNN_OK;
  free(*names);
  *names = NULL;
  return status;
}

eipnn_status eipnn_eip_labels(const eipnn_dataset *dataset, int neips,
                              char (*const names)[EIPNN_LABELS_NAME_SIZE], eipnn_labels ***labels)
{
  char missing[512] = "";
  *labels = eipnn_calloc((size_t)neips, sizeof **labels);
  if (!*labels) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the labels of EIPs");
  for (int k = 0; k < neips; k++) {
    (*labels)[k] = eipnn_dataset_labels(dataset, names[k]);
    const size_t used = strlen(missing);
    if (!(*labels)[k])
      snprintf(missing + used, sizeof missing - used, "%s%s", used ? ", " : "", names[k]);
  }
  if (!missing[0]) return EIPNN_OK;
  free(*labels);
  *labels = NULL;
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "the dataset lacks the labels %s; run: eipnn label DATA.h5 --eips LIST.json "
                     "with a list that holds them",
                     missing);
}

eipnn_status eipnn_labelled_configurations(const eipnn_dataset *dataset, const char *split,
                                           double energy_minimum, double energy_maximum,
                                           size_t **index, size_t *count)
{
  const size_t n = eipnn_dataset_count(dataset);
  const uint8_t *role = split ? eipnn_dataset_split(dataset, split) : NULL;
  const eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  *index = NULL;
  *count = 0;
  if (!role)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "the dataset has no split '%s'", split ? split : "");
  *index = eipnn_calloc(n, sizeof **index);
  if (!*index) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to list %zu configurations", n);
  for (size_t c = 0; c < n; c++)
    if ((role[c] == EIPNN_ROLE_TRAIN || role[c] == EIPNN_ROLE_VALIDATION) &&
        eipnn_dataset_energy_within(dataset, c, dft->energy[c], energy_minimum, energy_maximum))
      (*index)[(*count)++] = c;
  if (*count) return EIPNN_OK;
  free(*index);
  *index = NULL;
  return eipnn_error(
      EIPNN_ERROR_ARGUMENT,
      "no configuration of roles train and validation of split '%s' has a DFT energy "
      "inside the energy window",
      split);
}
