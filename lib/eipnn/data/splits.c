/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "data/dataset_data.h"

#include <stdlib.h>
#include <string.h>

static eipnn_split *find(const eipnn_dataset *dataset, const char *name)
{
  for (size_t i = 0; i < dataset->nsplits; i++)
    if (strcmp(dataset->splits[i]->name, name) == 0) return dataset->splits[i];
  return NULL;
}

uint8_t *eipnn_dataset_split(const eipnn_dataset *dataset, const char *name)
{
  eipnn_split *split = find(dataset, name);
  return split ? split->role : NULL;
}

size_t eipnn_dataset_split_count(const eipnn_dataset *dataset)
{
  return dataset->nsplits;
}

const char *eipnn_dataset_split_name(const eipnn_dataset *dataset, size_t index)
{
  return index < dataset->nsplits ? dataset->splits[index]->name : NULL;
}

eipnn_status eipnn_dataset_add_split(eipnn_dataset *dataset, const char *name, uint8_t **role)
{
  *role = NULL;
  EIPNN_TRY(eipnn_dataset_check_name("split", name, EIPNN_SPLIT_NAME_SIZE));
  eipnn_split *split = find(dataset, name);
  if (!split) {
    EIPNN_TRY(eipnn_grow((void **)&dataset->splits, &dataset->splits_capacity, dataset->nsplits + 1,
                         sizeof *dataset->splits));
    split = eipnn_calloc(1, sizeof *split);
    uint8_t *roles = eipnn_calloc(dataset->config_capacity, 1);
    if (!split || !roles) {
      free(split);
      free(roles);
      return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a split");
    }
    strcpy(split->name, name);
    split->role = roles;
    dataset->splits[dataset->nsplits++] = split;
  }
  *role = split->role;
  return EIPNN_OK;
}
