/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/backend.h"

#include <string.h>

eipnn_status eipnn_backend_find(const char *name, const eipnn_backend **backend)
{
  const eipnn_backend *known[] = {eipnn_backend_ref(), eipnn_backend_cpu()};
  for (size_t k = 0; k < sizeof known / sizeof *known; k++)
    if (strcmp(known[k]->name, name) == 0) {
      *backend = known[k];
      return EIPNN_OK;
    }
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "backend \"%s\" is unknown; known: ref, cpu", name);
}
