/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/model_data.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* HDF5 keeps an attribute within 64 KiB; the history is one. */
#define MAX_VALUE 16384
#define MAX_ENTRIES 64

static eipnn_history_entry *find_entry(const eipnn_model *model, const char *key)
{
  for (size_t k = 0; k < model->nhistory; k++)
    if (!strcmp(model->history[k].key, key)) return &model->history[k];
  return NULL;
}

static eipnn_status append_entry(eipnn_model *model, const char *key, char *value)
{
  if (model->nhistory >= MAX_ENTRIES)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a model's history holds %d entries at most",
                       MAX_ENTRIES);
  EIPNN_TRY(eipnn_grow((void **)&model->history, &model->history_capacity, model->nhistory + 1,
                       sizeof *model->history));
  char *copy = eipnn_strdup(key);
  if (!copy) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a history entry");
  model->history[model->nhistory++] = (eipnn_history_entry){copy, value};
  return EIPNN_OK;
}

eipnn_status eipnn_model_set_history(eipnn_model *model, const char *key, const char *value)
{
  if (!*key || strlen(key) > 64)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a history key has 1 to 64 characters");
  if (strlen(value) > MAX_VALUE)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "history '%s' is longer than %d characters", key,
                       MAX_VALUE);
  char *copy = eipnn_strdup(value);
  if (!copy) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a history entry");
  eipnn_history_entry *entry = find_entry(model, key);
  if (entry) {
    free(entry->value);
    entry->value = copy;
    return EIPNN_OK;
  }
  eipnn_status status = append_entry(model, key, copy);
  if (status != EIPNN_OK) free(copy);
  return status;
}

const char *eipnn_model_history(const eipnn_model *model, const char *key)
{
  const eipnn_history_entry *entry = find_entry(model, key);
  return entry ? entry->value : NULL;
}

size_t eipnn_model_history_count(const eipnn_model *model)
{
  return model->nhistory;
}

const char *eipnn_model_history_key(const eipnn_model *model, size_t index)
{
  return index < model->nhistory ? model->history[index].key : NULL;
}

void eipnn_model_free_history(eipnn_model *model)
{
  for (size_t k = 0; k < model->nhistory; k++) {
    free(model->history[k].key);
    free(model->history[k].value);
  }
  free(model->history);
  model->history = NULL;
  model->nhistory = model->history_capacity = 0;
}
