/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "timed_backend.h"

#include "thread_clock.h"

#include "tensor/backend.h"

#include <pthread.h>
#include <string.h>

static _Thread_local int enabled;
static _Thread_local double seconds[TIMED_KINDS];
static _Thread_local int table_rows; /* of radial tables, learnt from the splines over them */

static const eipnn_backend *cpu; /* the library's, and a copy with timed kernels */
static eipnn_backend timed;

static const char *const names[TIMED_KINDS] = {
    [TIMED_DENSE_ATOMS] = "dense layers, atoms (BLAS)",
    [TIMED_DENSE_TABLE] = "dense layers, table nodes (BLAS)",
    [TIMED_CONVOLUTION] = "convolution",
    [TIMED_CONVOLUTION_ATOMS] = "convolution, gradient by features",
    [TIMED_CONVOLUTION_FILTER] = "convolution, gradient by filter",
    [TIMED_UNARY] = "activations and other functions",
    [TIMED_ELEMENTWISE] = "additions and products",
    [TIMED_SUMS] = "sums and broadcasts",
    [TIMED_INDEX] = "gather and scatter",
    [TIMED_SPLINE] = "splines of tables",
    [TIMED_OTHER] = "other tensor operations",
};

const char *timed_kind_name(timed_kind kind)
{
  return names[kind];
}

void timed_backend_enable(int enable)
{
  enabled = enable;
  memset(seconds, 0, sizeof seconds);
}

const double *timed_backend_seconds(void)
{
  return seconds;
}

static timed_kind dense_kind(const eipnn_kernel_arguments *arguments)
{
  const int transposed = arguments->node->op == EIPNN_OP_MATMUL && arguments->node->p.matmul.ta;
  const int rows = transposed ? arguments->input[0].rows : arguments->out.rows;
  return rows == table_rows ? TIMED_DENSE_TABLE : TIMED_DENSE_ATOMS;
}

static timed_kind filter_kind(const eipnn_node *node)
{
  switch (node->p.filter.slot) {
    case EIPNN_SLOT_U: return TIMED_CONVOLUTION;
    case EIPNN_SLOT_FILTER: return TIMED_CONVOLUTION_FILTER;
    default: return TIMED_CONVOLUTION_ATOMS;
  }
}

static timed_kind kind_of(const eipnn_kernel_arguments *arguments)
{
  switch (arguments->node->op) {
    case EIPNN_OP_MATMUL:
    case EIPNN_OP_LINEAR: return dense_kind(arguments);
    case EIPNN_OP_FILTER: return filter_kind(arguments->node);
    case EIPNN_OP_UNARY: return TIMED_UNARY;
    case EIPNN_OP_ADD:
    case EIPNN_OP_MUL:
    case EIPNN_OP_AFFINE: return TIMED_ELEMENTWISE;
    case EIPNN_OP_SUM_ROWS:
    case EIPNN_OP_SUM_COLS:
    case EIPNN_OP_REPEAT: return TIMED_SUMS;
    case EIPNN_OP_GATHER:
    case EIPNN_OP_SCATTER: return TIMED_INDEX;
    case EIPNN_OP_SPLINE: return TIMED_SPLINE;
    default: return TIMED_OTHER;
  }
}

static eipnn_status run_timed(const eipnn_kernel_arguments *arguments)
{
  const eipnn_kernel kernel = cpu->kernel[arguments->node->op];
  if (!enabled) return kernel(arguments);
  if (arguments->node->op == EIPNN_OP_SPLINE && !arguments->node->p.spline.transposed)
    table_rows = arguments->input[0].rows;
  const double start = thread_seconds();
  const eipnn_status status = kernel(arguments);
  seconds[kind_of(arguments)] += thread_seconds() - start;
  return status;
}

/* Names that the linker's --wrap gives the library's function and the one in its place. */
const eipnn_backend *__real_eipnn_backend_cpu(void);
const eipnn_backend *__wrap_eipnn_backend_cpu(void);

static void wrap(void)
{
  cpu = __real_eipnn_backend_cpu();
  timed = *cpu;
  for (int op = 0; op < EIPNN_OP_COUNT; op++)
    if (cpu->kernel[op]) timed.kernel[op] = run_timed;
}

const eipnn_backend *__wrap_eipnn_backend_cpu(void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, wrap);
  return &timed;
}
