/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/label_sets.h"

#include "base/error.h"
#include "base/memory.h"

#include <eipnn/classifier.h>
#include <eipnn/eip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *cli_eip_name(const char *set)
{
  return set + strlen("eip/");
}

void cli_label_sets_free(cli_label_sets *sets)
{
  free(sets->name);
  *sets = (cli_label_sets){0};
}

static eipnn_status allocate(cli_label_sets *sets, size_t count)
{
  *sets = (cli_label_sets){.name = eipnn_calloc(count, sizeof *sets->name)};
  return sets->name ? EIPNN_OK
                    : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the names of the EIPs");
}

/* The label set of that EIP joins; its name is held by the dataset. */
static eipnn_status add(cli_label_sets *sets, const eipnn_dataset *dataset, const char *data,
                        const char *eip, const char *eips)
{
  char name[sizeof((eipnn_labels *)0)->name];
  snprintf(name, sizeof name, "eip/%s", eip);
  const eipnn_labels *labels = eipnn_dataset_labels(dataset, name);
  if (!labels)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "%s has no labels of the EIP \"%s\"; compute them with `eipnn label %s "
                       "--eips %s`",
                       data, eip, data, eips);
  sets->name[sets->count++] = labels->name;
  return EIPNN_OK;
}

static eipnn_status find_listed(const eipnn_dataset *dataset, const char *data, const char *eips,
                                cli_label_sets *sets)
{
  eipnn_eip_list *list;
  EIPNN_TRY(eipnn_eip_list_read(eips, &list));
  eipnn_status status = allocate(sets, (size_t)list->count);
  for (int k = 0; k < list->count && status == EIPNN_OK; k++)
    status = add(sets, dataset, data, list->entry[k].name, eips);
  eipnn_eip_list_free(&list);
  return status;
}

static eipnn_status find_all(const eipnn_dataset *dataset, const char *data, cli_label_sets *sets)
{
  size_t count = eipnn_dataset_labels_count(dataset);
  EIPNN_TRY(allocate(sets, count));
  for (size_t k = 0; k < count; k++) {
    const char *name = eipnn_dataset_labels_at(dataset, k)->name;
    if (eipnn_labels_is_eip(name)) sets->name[sets->count++] = name;
  }
  if (sets->count) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "%s has no EIP labels; compute them with `eipnn label %s --eips LIST.json`",
                     data, data);
}

eipnn_status cli_label_sets_find(const eipnn_dataset *dataset, const char *data, const char *eips,
                                 cli_label_sets *sets)
{
  eipnn_status status =
      eips ? find_listed(dataset, data, eips, sets) : find_all(dataset, data, sets);
  if (status != EIPNN_OK) cli_label_sets_free(sets);
  return status;
}

/* The list must name the classes, in any order. */
static eipnn_status compare(const cli_label_sets *sets, const char *path, const char *eips)
{
  eipnn_eip_list *list;
  EIPNN_TRY(eipnn_eip_list_read(eips, &list));
  eipnn_status status = EIPNN_OK;
  if (list->count != sets->count)
    status = eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "%s tells %d EIPs apart, %s lists %d: train a "
                         "classifier for these EIPs",
                         path, sets->count, eips, list->count);
  for (int k = 0; k < list->count && status == EIPNN_OK; k++) {
    int known = 0;
    for (int j = 0; j < sets->count; j++)
      if (!strcmp(cli_eip_name(sets->name[j]), list->entry[k].name)) known = 1;
    if (!known)
      status = eipnn_error(EIPNN_ERROR_ARGUMENT,
                           "%s does not know the EIP \"%s\" of %s: train a "
                           "classifier for these EIPs",
                           path, list->entry[k].name, eips);
  }
  eipnn_eip_list_free(&list);
  return status;
}

eipnn_status cli_label_sets_of_classifier(const eipnn_model *classifier, const char *path,
                                          const eipnn_dataset *dataset, const char *data,
                                          const char *eips, cli_label_sets *sets)
{
  *sets = (cli_label_sets){0};
  if (!eipnn_model_is_classifier(classifier))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "%s is no classifier; `eipnn train --method la` makes one", path);
  int count = eipnn_model_head_count(classifier) - 1; /* the last class is "none" */
  eipnn_status status = allocate(sets, (size_t)(count > 0 ? count : 0));
  for (int k = 0; k < count && status == EIPNN_OK; k++)
    status = add(sets, dataset, data, eipnn_model_head_name(classifier, k), "LIST.json");
  if (status == EIPNN_OK && eips) status = compare(sets, path, eips);
  if (status != EIPNN_OK) cli_label_sets_free(sets);
  return status;
}
