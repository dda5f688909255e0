/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _XOPEN_SOURCE 700
#include "tensor/host_memory.h"

#include <stdlib.h>
#include <string.h>

size_t eipnn_host_real_size(eipnn_precision precision)
{
  return precision == EIPNN_PRECISION_DOUBLE ? sizeof(double) : sizeof(float);
}

void *eipnn_host_allocate(size_t bytes)
{
  void *memory = NULL;
  return posix_memalign(&memory, 64, bytes ? bytes : 64) ? NULL : memory;
}

void eipnn_host_upload(void *to, const double *from, size_t count, eipnn_precision precision)
{
  if (precision == EIPNN_PRECISION_DOUBLE) {
    if (count) memcpy(to, from, count * sizeof *from);
    return;
  }
  float *values = to;
  for (size_t k = 0; k < count; k++) values[k] = (float)from[k];
}

void eipnn_host_download(double *to, const void *from, size_t count, eipnn_precision precision)
{
  if (precision == EIPNN_PRECISION_DOUBLE) {
    if (count) memcpy(to, from, count * sizeof *to);
    return;
  }
  const float *values = from;
  for (size_t k = 0; k < count; k++) to[k] = (double)values[k];
}

eipnn_status eipnn_host_bind_structure(const eipnn_structure *host, eipnn_structure *bound)
{
  *bound = *host;
  return EIPNN_OK;
}
