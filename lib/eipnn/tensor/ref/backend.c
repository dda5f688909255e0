/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/host_memory.h"
#include "tensor/ref/kernels.h"

#include <stdlib.h>

static int supports(eipnn_precision precision)
{
  return precision == EIPNN_PRECISION_DOUBLE;
}

#define ENTRY(OP, name) [EIPNN_OP_##OP] = eipnn_ref_##name,

static const eipnn_backend ref = {
    .name = "ref",
    .supports = supports,
    .real_size = eipnn_host_real_size,
    .allocate = eipnn_host_allocate,
    .release = free,
    .upload = eipnn_host_upload,
    .download = eipnn_host_download,
    .bind_structure = eipnn_host_bind_structure,
    .scratch = eipnn_host_scratch,
    .kernel = {EIPNN_KERNEL_LIST(ENTRY)},
};

const eipnn_backend *eipnn_backend_ref(void)
{
  return &ref;
}
