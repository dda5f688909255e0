/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/host_memory.h"
#include "tensor/ref/kernels.h"

#include <stdlib.h>

static int supports(eipnn_precision precision)
{
  return precision == EIPNN_PRECISION_DOUBLE;
}

static const eipnn_backend ref = {
    .name = "ref",
    .supports = supports,
    .real_size = eipnn_host_real_size,
    .allocate = eipnn_host_allocate,
    .release = free,
    .upload = eipnn_host_upload,
    .download = eipnn_host_download,
    .bind_structure = eipnn_host_bind_structure,
    .kernel = {[EIPNN_OP_ADD] = eipnn_ref_add,
               [EIPNN_OP_MUL] = eipnn_ref_mul,
               [EIPNN_OP_AFFINE] = eipnn_ref_affine,
               [EIPNN_OP_UNARY] = eipnn_ref_unary,
               [EIPNN_OP_MATMUL] = eipnn_ref_matmul,
               [EIPNN_OP_LINEAR] = eipnn_ref_linear,
               [EIPNN_OP_SUM_ROWS] = eipnn_ref_sum_rows,
               [EIPNN_OP_SUM_COLS] = eipnn_ref_sum_cols,
               [EIPNN_OP_REPEAT] = eipnn_ref_repeat,
               [EIPNN_OP_GATHER] = eipnn_ref_gather,
               [EIPNN_OP_SCATTER] = eipnn_ref_scatter,
               [EIPNN_OP_HALO] = eipnn_ref_halo,
               [EIPNN_OP_HALO_SUM] = eipnn_ref_halo_sum,
               [EIPNN_OP_SPLINE] = eipnn_ref_spline,
               [EIPNN_OP_FILTER] = eipnn_ref_filter},
};

const eipnn_backend *eipnn_backend_ref(void)
{
  return &ref;
}
