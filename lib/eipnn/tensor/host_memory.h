/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_HOST_MEMORY_H
#define EIPNN_TENSOR_HOST_MEMORY_H

/* Memory functions of backends whose tensors lie in host memory; meaning:
   eipnn_backend in tensor/backend.h. Elements are double in double precision,
   float in the others. */

#include "tensor/backend.h"

size_t eipnn_host_real_size(eipnn_precision precision);
void *eipnn_host_allocate(size_t bytes); /* released by free() */
eipnn_status eipnn_host_upload(void *to, const double *from, size_t count,
                               eipnn_precision precision);
eipnn_status eipnn_host_download(double *to, const void *from, size_t count,
                                 eipnn_precision precision);
eipnn_status eipnn_host_bind_structure(void **maps, const eipnn_structure *given,
                                       eipnn_structure *bound);
/* A copy of the input of HALO_SUM, which the host sums in place. */
size_t eipnn_host_scratch(const eipnn_node *node, const eipnn_extents *extents, size_t real_size);

#endif
