/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _XOPEN_SOURCE 700
#include "tensor/ref/kernels.h"

#include <stdlib.h>
#include <string.h>

static int supports(eipnn_precision precision)
{
  return precision == EIPNN_PRECISION_DOUBLE;
}

static size_t real_size(eipnn_precision precision)
{
  (void)precision;
  return sizeof(double);
}

static void *allocate(size_t bytes)
{
  void *memory = NULL;
  return posix_memalign(&memory, 64, bytes ? bytes : 64) ? NULL : memory;
}

static void upload(void *to, const double *from, size_t count, eipnn_precision precision)
{
  (void)precision;
  if (count) memcpy(to, from, count * sizeof *from);
}

static void download(double *to, const void *from, size_t count, eipnn_precision precision)
{
  (void)precision;
  if (count) memcpy(to, from, count * sizeof *to);
}

static eipnn_status bind_structure(const eipnn_structure *host, eipnn_structure *bound)
{
  *bound = *host;
  return EIPNN_OK;
}

static const eipnn_backend ref = {
    .name = "ref",
    .supports = supports,
    .real_size = real_size,
    .allocate = allocate,
    .release = free,
    .upload = upload,
    .download = download,
    .bind_structure = bind_structure,
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
