/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_LANES_BACKEND_H
#define EIPNN_UNITTEST_LANES_BACKEND_H

/* Backend "kokkos-host", whose kernels with teams run on the threads and lanes of lanes.h. */

#include "tensor/backend.h"

/* Start "kokkos-host" first. */
const eipnn_backend *lanes_backend(void);

/* The thread of a team that runs first (modulo their number), and whether those after it have
   falling numbers, as have the lanes. */
void lanes_set_order(int first, int backwards);

#endif
