/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BASE_COLLECTIVE_H
#define EIPNN_BASE_COLLECTIVE_H

/* The host's parallel table with serial runs (NULL, or one rank) and failures
   taken care of. All functions are collective. */

#include "base/error.h"

#include <eipnn/parallel.h>

int eipnn_collective_rank(const eipnn_parallel *parallel);
int eipnn_collective_size(const eipnn_parallel *parallel);
eipnn_status eipnn_collective_sum(const eipnn_parallel *parallel, double *values, size_t count);
eipnn_status eipnn_collective_maximum(const eipnn_parallel *parallel, double *values, size_t count);
/* From rank 0. */
eipnn_status eipnn_collective_broadcast(const eipnn_parallel *parallel, void *bytes, size_t count);

/* Succeeds where every rank passes EIPNN_OK; otherwise fails on every rank, so
   that no rank waits for one that has given up: with the status and message of
   the first rank that did. */
eipnn_status eipnn_collective_agree(const eipnn_parallel *parallel, eipnn_status status);

#endif
