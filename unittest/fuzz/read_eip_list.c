/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EIP lists in JSON. */
#include "fuzz/fuzz.h"

#include <eipnn/eip.h>

#include <string.h>

int fuzz_read(const char *path)
{
  eipnn_eip_list *list;
  const eipnn_status status = eipnn_eip_list_read(path, &list);
  fuzz_check_status(status);
  FUZZ_PROMISE((status == EIPNN_OK) == (list != NULL));
  for (int k = 0; list && k < list->count; k++) {
    const eipnn_eip_entry *entry = &list->entry[k];
    FUZZ_PROMISE(entry->name[0] && strlen(entry->name) < sizeof entry->name);
    FUZZ_PROMISE(entry->nspecies > 0);
    FUZZ_PROMISE(entry->ncommands > 0 || entry->model[0]);
  }
  eipnn_eip_list_free(&list);
  return status == EIPNN_OK;
}

static const char *const seeds[] = {
    "[{\"name\": \"edip\", \"species\": [\"Si\"], \"provider\": \"kim\", \"model\": "
    "\"EDIP_Si__MO_1\"},\n"
    " {\"name\": \"tmod\", \"species\": [\"Si\", \"Al\"], \"provider\": \"lammps\",\n"
    "  \"commands\": [\"pair_style tersoff/mod\", \"pair_coeff * * Si.tersoff.mod Si\"]}]\n",
    "[{\"name\": \"a\\u0062\", \"species\": [], \"provider\": \"other\"}]",
    "{\"name\": null}",
    "[[[[]]], true, 1e400, -1]",
};

void fuzz_seeds(fuzz_store store, void *context)
{
  for (size_t k = 0; k < sizeof seeds / sizeof seeds[0]; k++)
    store(context, seeds[k], strlen(seeds[k]));
}
