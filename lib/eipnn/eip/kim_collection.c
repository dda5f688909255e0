/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "eip/kim_silence.h"
#include "eip/provider.h"

#include <KIM_SimulatorHeaders.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_models(const void *a, const void *b)
{
  const eipnn_eip_entry *x = a, *y = b;
  return strcmp(x->model, y->model);
}

static int name_is_taken(const eipnn_eip_list *list, const eipnn_eip_entry *entry)
{
  for (const eipnn_eip_entry *other = list->entry; other < entry; other++)
    if (!strcmp(other->name, entry->name)) return 1;
  return 0;
}

/* An id is a readable beginning, "__MO_", a number and a version: the name is that
   beginning, with the number and version where it is too long or not the only one. */
static void name_entry(const eipnn_eip_list *list, eipnn_eip_entry *entry)
{
  const char *tail = strstr(entry->model, "__MO_");
  const size_t most = sizeof entry->name - 1;
  size_t length = tail ? (size_t)(tail - entry->model) : strlen(entry->model);
  memcpy(entry->name, entry->model, length < most ? length : most);
  if (length <= most && !name_is_taken(list, entry)) return;
  char suffix[24] = "";
  if (tail) snprintf(suffix, sizeof suffix, "_%.20s", tail + strlen("__MO_"));
  size_t room = most - strlen(suffix);
  if (length > room) length = room;
  memcpy(entry->name + length, suffix, strlen(suffix) + 1);
}

static eipnn_status fill(KIM_Collections *collections, int count, int nspecies, const int *species,
                         eipnn_eip_list *list)
{
  list->entry = eipnn_calloc((size_t)count, sizeof *list->entry);
  if (!list->entry) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %d EIPs", count);
  for (int i = 0; i < count; i++) {
    eipnn_eip_entry *entry = &list->entry[list->count];
    const char *id;
    if (KIM_Collections_GetItemNameByType(collections, i, &id) || strlen(id) >= sizeof entry->model)
      continue;
    snprintf(entry->model, sizeof entry->model, "%s", id);
    snprintf(entry->provider, sizeof entry->provider, "kim");
    entry->nspecies = nspecies;
    memcpy(entry->species, species, (size_t)nspecies * sizeof *species);
    list->count++;
  }
  qsort(list->entry, (size_t)list->count, sizeof *list->entry, compare_models);
  for (int i = 0; i < list->count; i++) name_entry(list, &list->entry[i]);
  return EIPNN_OK;
}

static eipnn_status list_models(int nspecies, const int *species, eipnn_eip_list *list)
{
  KIM_Collections *collections;
  int count = 0;
  if (KIM_Collections_Create(&collections))
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "the KIM API cannot read its model collections");
  eipnn_status status = EIPNN_OK;
  if (KIM_Collections_CacheListOfItemNamesByType(collections,
                                                 KIM_COLLECTION_ITEM_TYPE_portableModel, &count))
    status = eipnn_error(EIPNN_ERROR_UNSUPPORTED, "the KIM API cannot list its models");
  if (status == EIPNN_OK) status = fill(collections, count, nspecies, species, list);
  KIM_Collections_Destroy(&collections);
  return status;
}

eipnn_status eipnn_kim_installed(int nspecies, const int *species, eipnn_eip_list *list)
{
  eipnn_kim_begin_silence();
  eipnn_status status = list_models(nspecies, species, list);
  eipnn_kim_end_silence();
  return status;
}
