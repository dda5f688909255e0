/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/backend.h"
#include "tensor/host_blas.h"
#include "tensor/host_memory.h"
#include "tensor/kernel_list.h"

#include <stdlib.h>

#define DECLARE(OP, name)                                                                          \
  eipnn_status eipnn_cpu_single_##name(const eipnn_kernel_arguments *arguments);                   \
  eipnn_status eipnn_cpu_double_##name(const eipnn_kernel_arguments *arguments);
EIPNN_KERNEL_LIST(DECLARE)

static eipnn_status start(void)
{
  return eipnn_host_blas_start(1);
}

static int supports(eipnn_precision precision)
{
  return precision == EIPNN_PRECISION_SINGLE || precision == EIPNN_PRECISION_MIXED ||
         precision == EIPNN_PRECISION_DOUBLE;
}

static eipnn_status bind_structure(void **maps, const eipnn_structure *given,
                                   eipnn_structure *bound)
{
  eipnn_host_blas_one_thread();
  return eipnn_host_bind_structure(maps, given, bound);
}

/* run_NAME: the kernel of one operation for the precision asked for. */
#define DISPATCH(OP, name)                                                                         \
  static eipnn_status run_##name(const eipnn_kernel_arguments *arguments)                          \
  {                                                                                                \
    return arguments->precision == EIPNN_PRECISION_DOUBLE ? eipnn_cpu_double_##name(arguments)     \
                                                          : eipnn_cpu_single_##name(arguments);    \
  }
EIPNN_KERNEL_LIST(DISPATCH)
#define ENTRY(OP, name) [EIPNN_OP_##OP] = run_##name,

static const eipnn_backend cpu = {
    .name = "cpu",
    .start = start,
    .supports = supports,
    .real_size = eipnn_host_real_size,
    .allocate = eipnn_host_allocate,
    .release = free,
    .upload = eipnn_host_upload,
    .download = eipnn_host_download,
    .bind_structure = bind_structure,
    .scratch = eipnn_host_scratch,
    .kernel = {EIPNN_KERNEL_LIST(ENTRY)},
};

const eipnn_backend *eipnn_backend_cpu(void)
{
  return &cpu;
}
