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

eipnn_status eipnn_host_upload(void *to, const double *from, size_t count,
                               eipnn_precision precision)
{
  if (precision == EIPNN_PRECISION_DOUBLE) {
    if (count) memcpy(to, from, count * sizeof *from);
    return EIPNN_OK;
  }
  float *values = to;
  for (size_t k = 0; k < count; k++) values[k] = (float)from[k];
  return EIPNN_OK;
}

eipnn_status eipnn_host_download(double *to, const void *from, size_t count,
                                 eipnn_precision precision)
{
  if (precision == EIPNN_PRECISION_DOUBLE) {
    if (count) memcpy(to, from, count * sizeof *to);
    return EIPNN_OK;
  }
  const float *values = from;
  for (size_t k = 0; k < count; k++) to[k] = (double)values[k];
  return EIPNN_OK;
}

eipnn_status eipnn_host_bind_structure(void **maps, const eipnn_structure *given,
                                       eipnn_structure *bound)
{
  (void)maps;
  *bound = *given;
  return EIPNN_OK;
}

size_t eipnn_host_scratch(const eipnn_node *node, const eipnn_extents *extents, size_t real_size)
{
  if (node->op != EIPNN_OP_HALO_SUM) return 0;
  return extents->rows[-EIPNN_ROWS_ALL] * (size_t)node->cols * real_size;
}
