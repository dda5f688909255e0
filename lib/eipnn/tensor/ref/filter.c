/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The continuous-filter convolution: every slot is a derivative of the form
   Phi defined in tensor/graph.h. */
#include "tensor/ref/kernels.h"

#include <math.h>

/* Where a pair's filter comes from: `weight[m]` times row `first + m`, m < count. */
typedef struct rows_of_pair {
  int first, count;
  double weight[4];
} rows_of_pair;

/* The four cubic B-splines that do not vanish at t in [0,1] of an interval of
   unit length, or their order-th derivatives by t. */
static void basis(int order, double t, double b[4])
{
  const double s = 1.0 - t;
  for (int m = 0; m < 4; m++) b[m] = t - t; /* 0, or NaN where t is NaN */
  if (order == 0) {
    b[0] = s * s * s / 6.0;
    b[1] = (3.0 * t * t * t - 6.0 * t * t + 4.0) / 6.0;
    b[2] = (3.0 * s * s * s - 6.0 * s * s + 4.0) / 6.0;
    b[3] = t * t * t / 6.0;
  } else if (order == 1) {
    b[0] = -s * s / 2.0;
    b[1] = (3.0 * t * t - 4.0 * t) / 2.0;
    b[2] = -(3.0 * s * s - 4.0 * s) / 2.0;
    b[3] = t * t / 2.0;
  } else if (order == 2) {
    b[0] = s;
    b[1] = 3.0 * t - 2.0;
    b[2] = 3.0 * s - 2.0;
    b[3] = t;
  } else if (order == 3) {
    b[0] += -1.0;
    b[1] += 3.0;
    b[2] += -3.0;
    b[3] += 1.0;
  }
}

/* Beyond the table the polynomial of the end interval goes on. */
static rows_of_pair locate(const eipnn_kernel_arguments *arguments, int order, int pair)
{
  if (!arguments->node->p.filter.table) return (rows_of_pair){pair, 1, {1.0, 0.0, 0.0, 0.0}};
  const eipnn_grid grid = arguments->node->p.filter.grid;
  const double distance = eipnn_ref_row(arguments->input[EIPNN_FILTER_DISTANCE], pair)[0];
  const double position = (distance - grid.origin) / grid.spacing;
  rows_of_pair rows = {.first = 0, .count = 4};
  if (position >= grid.nodes - 1)
    rows.first = grid.nodes - 2;
  else if (position > 0.0)
    rows.first = (int)position;
  basis(order, position - rows.first, rows.weight);
  for (int m = 0; m < 4; m++) rows.weight[m] /= pow(grid.spacing, order);
  return rows;
}

static double filter_value(const eipnn_kernel_arguments *arguments, rows_of_pair rows, int column)
{
  double value = 0.0;
  for (int m = 0; m < rows.count; m++)
    value += rows.weight[m] *
             eipnn_ref_row(arguments->input[EIPNN_FILTER_FILTER], rows.first + m)[column];
  return value;
}

static double pair_factor(const eipnn_kernel_arguments *arguments, int pair)
{
  return arguments->input[EIPNN_FILTER_S].data
             ? eipnn_ref_row(arguments->input[EIPNN_FILTER_S], pair)[0]
             : 1.0;
}

/* x_j u_i, and x_i u_j where j is an owned atom. */
static double pair_product(const eipnn_kernel_arguments *arguments, int pair, int column)
{
  const int i = arguments->structure->pair_i[pair], j = arguments->structure->pair_j[pair];
  const eipnn_matrix x = arguments->input[EIPNN_FILTER_X], u = arguments->input[EIPNN_FILTER_U];
  double product = eipnn_ref_row(x, j)[column] * eipnn_ref_row(u, i)[column];
  if (j < arguments->structure->natom)
    product += eipnn_ref_row(x, i)[column] * eipnn_ref_row(u, j)[column];
  return product;
}

static void slot_u(const eipnn_kernel_arguments *arguments, rows_of_pair rows, int pair)
{
  const int i = arguments->structure->pair_i[pair], j = arguments->structure->pair_j[pair];
  const eipnn_matrix out = arguments->out, x = arguments->input[EIPNN_FILTER_X];
  const double s = pair_factor(arguments, pair);
  for (int c = 0; c < out.cols; c++) {
    const double w = s * filter_value(arguments, rows, c);
    eipnn_ref_row(out, i)[c] += w * eipnn_ref_row(x, j)[c];
    if (j < arguments->structure->natom) eipnn_ref_row(out, j)[c] += w * eipnn_ref_row(x, i)[c];
  }
}

static void slot_x(const eipnn_kernel_arguments *arguments, rows_of_pair rows, int pair)
{
  const int i = arguments->structure->pair_i[pair], j = arguments->structure->pair_j[pair];
  const eipnn_matrix out = arguments->out, u = arguments->input[EIPNN_FILTER_U];
  const double s = pair_factor(arguments, pair);
  for (int c = 0; c < out.cols; c++) {
    const double w = s * filter_value(arguments, rows, c);
    eipnn_ref_row(out, j)[c] += w * eipnn_ref_row(u, i)[c];
    if (j < arguments->structure->natom) eipnn_ref_row(out, i)[c] += w * eipnn_ref_row(u, j)[c];
  }
}

static void slot_filter(const eipnn_kernel_arguments *arguments, rows_of_pair rows, int pair)
{
  const eipnn_matrix out = arguments->out;
  const double s = pair_factor(arguments, pair);
  for (int c = 0; c < out.cols; c++)
    for (int m = 0; m < rows.count; m++)
      eipnn_ref_row(out, rows.first + m)[c] +=
          s * rows.weight[m] * pair_product(arguments, pair, c);
}

static void slot_s(const eipnn_kernel_arguments *arguments, double *out, rows_of_pair rows,
                   int pair)
{
  out[pair] = 0.0;
  for (int c = 0; c < arguments->input[EIPNN_FILTER_U].cols; c++)
    out[pair] += filter_value(arguments, rows, c) * pair_product(arguments, pair, c);
}

eipnn_status eipnn_ref_filter(const eipnn_kernel_arguments *arguments)
{
  const int order = arguments->node->p.filter.order;
  eipnn_ref_clear(arguments->out);
  for (int pair = 0; pair < arguments->structure->npair; pair++) {
    const rows_of_pair rows = locate(arguments, order, pair);
    switch (arguments->node->p.filter.slot) {
      case EIPNN_SLOT_U: slot_u(arguments, rows, pair); break;
      case EIPNN_SLOT_X: slot_x(arguments, rows, pair); break;
      case EIPNN_SLOT_FILTER: slot_filter(arguments, rows, pair); break;
      case EIPNN_SLOT_S: slot_s(arguments, arguments->out.data, rows, pair); break;
    }
    /* Fused with SLOT_S of the next order: see executor.c. */
    if (arguments->aux) slot_s(arguments, arguments->aux, locate(arguments, order + 1, pair), pair);
  }
  return EIPNN_OK;
}
