/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/backend.h"

#include "tensor/kernel_list.h"

#include <stdio.h>
#include <string.h>

#ifdef EIPNN_HAVE_KOKKOS
#define KNOWN_NAMES "ref, cpu, kokkos, kokkos-host"
#else
#define KNOWN_NAMES "ref, cpu"
#endif

#define COUNT(OP, name) +1
_Static_assert(EIPNN_OP_ADD + EIPNN_KERNEL_LIST(COUNT) == EIPNN_OP_COUNT,
               "every operation but the leaves has a row in kernel_list.h");

static eipnn_status unknown(const char *name)
{
#ifndef EIPNN_HAVE_KOKKOS
  if (strncmp(name, "kokkos", 6) == 0)
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                       "this eipnn was built without Kokkos and has the backends " KNOWN_NAMES
                       "; build it with: cmake -D EIPNN_KOKKOS=ON -D Kokkos_ROOT=<Kokkos>");
#endif
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "backend \"%s\" is unknown; known: " KNOWN_NAMES, name);
}

eipnn_status eipnn_backend_find(const char *name, const eipnn_backend **backend)
{
  const eipnn_backend *known[] = {
      eipnn_backend_ref(),
      eipnn_backend_cpu(),
#ifdef EIPNN_HAVE_KOKKOS
      eipnn_backend_kokkos(),
      eipnn_backend_kokkos_host(),
#endif
  };
  for (size_t k = 0; k < sizeof known / sizeof *known; k++)
    if (strcmp(known[k]->name, name) == 0) {
      *backend = known[k];
      return known[k]->start ? known[k]->start() : EIPNN_OK;
    }
  return unknown(name);
}

eipnn_status eipnn_backend_start(const char *name)
{
  const eipnn_backend *backend;
  return eipnn_backend_find(name, &backend);
}

eipnn_status eipnn_backend_device(const char *name, char *text, size_t size)
{
  const eipnn_backend *backend;
  EIPNN_TRY(eipnn_backend_find(name, &backend));
  if (backend->device)
    backend->device(text, size);
  else
    snprintf(text, size, "1 core");
  return EIPNN_OK;
}
