/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_TESTED_BACKENDS_H
#define EIPNN_UNITTEST_TESTED_BACKENDS_H

/* The backends of this build that are compared with "ref". */

#include "tensor/backend.h"

enum { TESTED_BACKENDS = 3 };

typedef struct tested_backend {
  const eipnn_backend *backend;
  /* Of one operation and its derivatives, by precision: relative to the largest element of a
     tensor, or to 1 where that is larger. */
  double tolerance[EIPNN_PRECISION_DOUBLE + 1];
} tested_backend;

/* Lists and starts them; only: its name, or NULL for all. "kokkos-host" is left out where it is the
   same code as "kokkos". Returns their number. */
size_t tested_backends(const char *only, tested_backend list[TESTED_BACKENDS]);

#endif
