/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _XOPEN_SOURCE 700
#include "tensor/backend.h"

#include <stdlib.h>
#include <string.h>

extern const eipnn_kernel eipnn_cpu_single_kernel[EIPNN_OP_COUNT];
extern const eipnn_kernel eipnn_cpu_double_kernel[EIPNN_OP_COUNT];

/* Present where the BLAS is OpenBLAS. One rank computes on one core: threads of
   the BLAS would compete with the other ranks. */
extern int openblas_get_num_threads(void) __attribute__((weak));
extern void openblas_set_num_threads(int count) __attribute__((weak));

static int supports(eipnn_precision precision)
{
  return precision == EIPNN_PRECISION_SINGLE || precision == EIPNN_PRECISION_MIXED ||
         precision == EIPNN_PRECISION_DOUBLE;
}

static size_t real_size(eipnn_precision precision)
{
  return precision == EIPNN_PRECISION_DOUBLE ? sizeof(double) : sizeof(float);
}

static void *allocate(size_t bytes)
{
  void *memory = NULL;
  return posix_memalign(&memory, 64, bytes ? bytes : 64) ? NULL : memory;
}

static void upload(void *to, const double *from, size_t count, eipnn_precision precision)
{
  if (precision == EIPNN_PRECISION_DOUBLE) {
    if (count) memcpy(to, from, count * sizeof *from);
    return;
  }
  float *values = to;
  for (size_t k = 0; k < count; k++) values[k] = (float)from[k];
}

static void download(double *to, const void *from, size_t count, eipnn_precision precision)
{
  if (precision == EIPNN_PRECISION_DOUBLE) {
    if (count) memcpy(to, from, count * sizeof *to);
    return;
  }
  const float *values = from;
  for (size_t k = 0; k < count; k++) to[k] = (double)values[k];
}

static eipnn_status bind_structure(const eipnn_structure *host, eipnn_structure *bound)
{
  if (openblas_get_num_threads && openblas_set_num_threads && openblas_get_num_threads() != 1)
    openblas_set_num_threads(1);
  *bound = *host;
  return EIPNN_OK;
}

static eipnn_status run(const eipnn_kernel_arguments *arguments)
{
  const eipnn_kernel *kernel = arguments->precision == EIPNN_PRECISION_DOUBLE
                                   ? eipnn_cpu_double_kernel
                                   : eipnn_cpu_single_kernel;
  return kernel[arguments->node->op](arguments);
}

static const eipnn_backend cpu = {
    .name = "cpu",
    .supports = supports,
    .real_size = real_size,
    .allocate = allocate,
    .release = free,
    .upload = upload,
    .download = download,
    .bind_structure = bind_structure,
    .kernel = {[EIPNN_OP_ADD] = run,
               [EIPNN_OP_MUL] = run,
               [EIPNN_OP_AFFINE] = run,
               [EIPNN_OP_UNARY] = run,
               [EIPNN_OP_MATMUL] = run,
               [EIPNN_OP_LINEAR] = run,
               [EIPNN_OP_SUM_ROWS] = run,
               [EIPNN_OP_SUM_COLS] = run,
               [EIPNN_OP_REPEAT] = run,
               [EIPNN_OP_GATHER] = run,
               [EIPNN_OP_SCATTER] = run,
               [EIPNN_OP_HALO] = run,
               [EIPNN_OP_HALO_SUM] = run,
               [EIPNN_OP_SPLINE] = run,
               [EIPNN_OP_FILTER] = run},
};

const eipnn_backend *eipnn_backend_cpu(void)
{
  return &cpu;
}
