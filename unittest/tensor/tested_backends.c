/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tested_backends.h"

#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *name;
  double tolerance[EIPNN_PRECISION_DOUBLE + 1]; /* single, mixed, double */
} known[] = {
    {"cpu", {1e-5, 1e-5, 1e-13}},
#ifdef EIPNN_HAVE_KOKKOS
    {"kokkos", {1e-5, 1e-5, 1e-13}},
    {"kokkos-host", {1e-5, 1e-5, 1e-13}},
#endif
};

/* Test code: a backend of the build that does not start ends the program with a message. */
static const eipnn_backend *start(const char *name)
{
  const eipnn_backend *backend = NULL;
  if (eipnn_backend_find(name, &backend) == EIPNN_OK) return backend;
  fprintf(stderr, "%s: %s\n", name, eipnn_last_error());
  abort();
}

size_t tested_backends(const char *only, tested_backend list[TESTED_BACKENDS])
{
  size_t count = 0;
  for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
    if (only && strcmp(only, known[k].name)) continue;
    tested_backend tested = {.backend = start(known[k].name)};
    memcpy(tested.tolerance, known[k].tolerance, sizeof tested.tolerance);
    if (count &&
        list[count - 1].backend->kernel[EIPNN_OP_ADD] == tested.backend->kernel[EIPNN_OP_ADD])
      continue;
    list[count++] = tested;
  }
  return count;
}
