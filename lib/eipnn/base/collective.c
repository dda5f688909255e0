/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/collective.h"

#include <stdio.h>

int eipnn_collective_rank(const eipnn_parallel *parallel)
{
  return parallel ? parallel->rank : 0;
}

int eipnn_collective_size(const eipnn_parallel *parallel)
{
  return parallel && parallel->size > 1 ? parallel->size : 1;
}

eipnn_status eipnn_collective_sum(const eipnn_parallel *parallel, double *values, size_t count)
{
  if (eipnn_collective_size(parallel) == 1) return EIPNN_OK;
  if (parallel->sum(parallel->context, values, count))
    return eipnn_error(EIPNN_ERROR_CALLBACK, "the sum of %zu values over %d ranks failed", count,
                       parallel->size);
  return EIPNN_OK;
}

eipnn_status eipnn_collective_maximum(const eipnn_parallel *parallel, double *values, size_t count)
{
  if (eipnn_collective_size(parallel) == 1) return EIPNN_OK;
  if (parallel->maximum(parallel->context, values, count))
    return eipnn_error(EIPNN_ERROR_CALLBACK, "the maximum of %zu values over %d ranks failed",
                       count, parallel->size);
  return EIPNN_OK;
}

eipnn_status eipnn_collective_broadcast(const eipnn_parallel *parallel, void *bytes, size_t count)
{
  if (eipnn_collective_size(parallel) == 1) return EIPNN_OK;
  if (parallel->broadcast(parallel->context, bytes, count, 0))
    return eipnn_error(EIPNN_ERROR_CALLBACK, "the broadcast of %zu bytes to %d ranks failed", count,
                       parallel->size);
  return EIPNN_OK;
}

eipnn_status eipnn_collective_agree(const eipnn_parallel *parallel, eipnn_status status)
{
  if (eipnn_collective_size(parallel) == 1) return status;
  double first = status == EIPNN_OK ? 0 : parallel->size - parallel->rank;
  EIPNN_TRY(eipnn_collective_maximum(parallel, &first, 1));
  if (first == 0) return EIPNN_OK;
  struct {
    int status;
    char text[1024];
  } message = {.status = (int)status};
  snprintf(message.text, sizeof message.text, "%s", eipnn_last_error());
  if (parallel->broadcast(parallel->context, &message, sizeof message, parallel->size - (int)first))
    return eipnn_error(EIPNN_ERROR_CALLBACK, "the broadcast of an error message failed");
  return eipnn_error((eipnn_status)message.status, "%s", message.text);
}
