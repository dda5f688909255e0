/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/cpu/kernels.h"

const eipnn_kernel EIPNN_CPU(kernel)[EIPNN_OP_COUNT] = {
    [EIPNN_OP_ADD] = EIPNN_CPU(add),           [EIPNN_OP_MUL] = EIPNN_CPU(mul),
    [EIPNN_OP_AFFINE] = EIPNN_CPU(affine),     [EIPNN_OP_UNARY] = EIPNN_CPU(unary),
    [EIPNN_OP_MATMUL] = EIPNN_CPU(matmul),     [EIPNN_OP_LINEAR] = EIPNN_CPU(linear),
    [EIPNN_OP_SUM_ROWS] = EIPNN_CPU(sum_rows), [EIPNN_OP_SUM_COLS] = EIPNN_CPU(sum_cols),
    [EIPNN_OP_REPEAT] = EIPNN_CPU(repeat),     [EIPNN_OP_GATHER] = EIPNN_CPU(gather),
    [EIPNN_OP_SCATTER] = EIPNN_CPU(scatter),   [EIPNN_OP_HALO] = EIPNN_CPU(halo),
    [EIPNN_OP_HALO_SUM] = EIPNN_CPU(halo_sum), [EIPNN_OP_SPLINE] = EIPNN_CPU(spline),
    [EIPNN_OP_FILTER] = EIPNN_CPU(filter),
};
