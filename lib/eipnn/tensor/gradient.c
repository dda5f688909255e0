/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reverse-mode differentiation: the derivative of each operation, written in
   operations. */
#include "tensor/graph_internal.h"

#include "base/memory.h"

#include <stdlib.h>

/* State of one eipnn_graph_gradient call. */
typedef struct reverse {
  eipnn_graph *g;
  eipnn_tensor *adjoint; /* [size] of nodes at the start of the call */
  char *depends;         /* [size] 1: a wrt tensor is among the node's ancestors */
} reverse;

static int wanted(const reverse *r, eipnn_tensor a)
{
  return a != EIPNN_NO_TENSOR && r->depends[a];
}

static void accumulate(reverse *r, eipnn_tensor a, eipnn_tensor gradient)
{
  eipnn_tensor *sum = &r->adjoint[a];
  *sum = *sum == EIPNN_NO_TENSOR ? gradient : eipnn_add(r->g, *sum, gradient);
}

/* Sums gradient down to the shape of a, which had been broadcast. */
static eipnn_tensor reduce_to(eipnn_graph *g, eipnn_tensor gradient, eipnn_tensor a)
{
  if (eipnn_graph_status(g) != EIPNN_OK) return EIPNN_NO_TENSOR;
  int rows = eipnn_graph_node(g, a)->rows, cols = eipnn_graph_node(g, a)->cols;
  if (eipnn_graph_node(g, gradient)->cols != cols) gradient = eipnn_sum_cols(g, gradient);
  if (gradient >= 0 && eipnn_graph_node(g, gradient)->rows != rows)
    gradient = eipnn_sum_rows(g, gradient);
  return gradient;
}

static void add_gradient(reverse *r, eipnn_tensor n, eipnn_node node, eipnn_tensor gradient)
{
  (void)n;
  for (int k = 0; k < 2; k++)
    if (wanted(r, node.input[k]))
      accumulate(r, node.input[k], reduce_to(r->g, gradient, node.input[k]));
}

static void mul_gradient(reverse *r, eipnn_tensor n, eipnn_node node, eipnn_tensor gradient)
{
  (void)n;
  if (wanted(r, node.input[0]))
    accumulate(r, node.input[0], eipnn_mul(r->g, gradient, node.input[1]));
  if (wanted(r, node.input[1]))
    accumulate(r, node.input[1],
               reduce_to(r->g, eipnn_mul(r->g, gradient, node.input[0]), node.input[1]));
}

static void affine_gradient(reverse *r, eipnn_tensor n, eipnn_node node, eipnn_tensor gradient)
{
  (void)n;
  accumulate(r, node.input[0], eipnn_affine(r->g, gradient, node.p.affine.alpha, 0.0));
}

/* Another function of what node is one of. */
static eipnn_tensor function_of_same(eipnn_graph *g, eipnn_function function, eipnn_node node)
{
  return node.ninputs == 1 ? eipnn_unary(g, function, node.input[0])
                           : eipnn_activation(g, function, node.input[0], node.input[1]);
}

/* f', in terms of the node's inputs or of n = f. */
static eipnn_tensor derivative(eipnn_graph *g, eipnn_node node, eipnn_tensor n)
{
  switch (node.p.function) {
    case EIPNN_FUNCTION_SSP: return function_of_same(g, EIPNN_FUNCTION_SIGMOID, node);
    case EIPNN_FUNCTION_SIGMOID: return eipnn_mul(g, n, eipnn_affine(g, n, -1.0, 1.0));
    case EIPNN_FUNCTION_EXP: return n;
    case EIPNN_FUNCTION_SIN: return function_of_same(g, EIPNN_FUNCTION_COS, node);
    case EIPNN_FUNCTION_COS:
      return eipnn_affine(g, function_of_same(g, EIPNN_FUNCTION_SIN, node), -1.0, 0.0);
    case EIPNN_FUNCTION_SQRT:
      return eipnn_affine(g, eipnn_unary(g, EIPNN_FUNCTION_RECIPROCAL, n), 0.5, 0.0);
    case EIPNN_FUNCTION_RECIPROCAL: return eipnn_affine(g, eipnn_mul(g, n, n), -1.0, 0.0);
    case EIPNN_FUNCTION_COUNT: break;
  }
  return eipnn_graph_fail(g, "function %d has no derivative", (int)node.p.function);
}

static void unary_gradient(reverse *r, eipnn_tensor n, eipnn_node node, eipnn_tensor gradient)
{
  eipnn_tensor change = eipnn_mul(r->g, gradient, derivative(r->g, node, n));
  for (int k = 0; k < node.ninputs; k++)
    if (wanted(r, node.input[k]))
      accumulate(r, node.input[k], reduce_to(r->g, change, node.input[k]));
}

static void matmul_gradient(reverse *r, eipnn_tensor n, eipnn_node node, eipnn_tensor gradient)
{
  (void)n;
  eipnn_tensor a = node.input[0], b = node.input[1];
  int ta = node.p.matmul.ta, tb = node.p.matmul.tb;
  if (wanted(r, a))
    accumulate(r, a,
               ta ? eipnn_matmul(r->g, b, tb, gradient, 1)
                  : eipnn_matmul(r->g, gradient, 0, b, !tb));
  if (wanted(r, b))
    accumulate(r, b,
               tb ? eipnn_matmul(r->g, gradient, 1, a, ta)
                  : eipnn_matmul(r->g, a, !ta, gradient, 0));
}

static void linear_gradient(reverse *r, eipnn_tensor n, eipnn_node node, eipnn_tensor gradient)
{
  node.p.matmul.ta = node.p.matmul.tb = 0;
  matmul_gradient(r, n, node, gradient);
  if (wanted(r, node.input[2])) accumulate(r, node.input[2], eipnn_sum_rows(r->g, gradient));
  if (wanted(r, node.input[3])) accumulate(r, node.input[3], gradient);
}

static void sum_gradient(reverse *r, eipnn_tensor n, eipnn_node node, eipnn_tensor gradient)
{
  (void)n;
  const eipnn_node *a = eipnn_graph_node(r->g, node.input[0]);
  accumulate(r, node.input[0], eipnn_repeat(r->g, gradient, a->rows, a->cols));
}

static void repeat_gradient(reverse *r, eipnn_tensor n, eipnn_node node, eipnn_tensor gradient)
{
  (void)n;
  accumulate(r, node.input[0], reduce_to(r->g, gradient, node.input[0]));
}

static void gather_gradient(reverse *r, eipnn_tensor n, eipnn_node node, eipnn_tensor gradient)
{
  (void)n;
  int rows = eipnn_graph_node(r->g, node.input[0])->rows;
  accumulate(r, node.input[0], eipnn_scatter(r->g, gradient, node.p.index, rows));
}

static void scatter_gradient(reverse *r, eipnn_tensor n, eipnn_node node, eipnn_tensor gradient)
{
  (void)n;
  accumulate(r, node.input[0], eipnn_gather(r->g, gradient, node.p.index));
}

static void halo_gradient(reverse *r, eipnn_tensor n, eipnn_node node, eipnn_tensor gradient)
{
  (void)n;
  accumulate(r, node.input[0],
             node.op == EIPNN_OP_HALO ? eipnn_halo_sum(r->g, gradient)
                                      : eipnn_halo_exchange(r->g, gradient));
}

static void spline_gradient(reverse *r, eipnn_tensor n, eipnn_node node, eipnn_tensor gradient)
{
  (void)n;
  accumulate(r, node.input[0],
             node.p.spline.transposed ? eipnn_spline(r->g, gradient)
                                      : eipnn_spline_adjoint(r->g, gradient));
}

/* <gradient, dPhi/d slot> is Phi with gradient in the place of the slot, so its
   derivatives are the form again. */
static void filter_gradient(reverse *r, eipnn_tensor n, eipnn_node node, eipnn_tensor gradient)
{
  (void)n;
  eipnn_tensor argument[EIPNN_MAX_INPUTS];
  for (int k = 0; k < EIPNN_MAX_INPUTS; k++) argument[k] = node.input[k];
  argument[eipnn_filter_slot_input(node.p.filter.slot)] = gradient;
  const int order = node.p.filter.order, table = node.p.filter.table;
  for (eipnn_slot slot = EIPNN_SLOT_U; slot <= EIPNN_SLOT_S; slot++) {
    const eipnn_tensor input = node.input[eipnn_filter_slot_input(slot)];
    if (slot != node.p.filter.slot && wanted(r, input))
      accumulate(r, input,
                 eipnn_filter_form(r->g, slot, order, table, &node.p.filter.grid, argument));
  }
  if (!wanted(r, node.input[EIPNN_FILTER_DISTANCE])) return;
  eipnn_tensor slope =
      eipnn_filter_form(r->g, EIPNN_SLOT_S, order + 1, table, &node.p.filter.grid, argument);
  if (argument[EIPNN_FILTER_S] != EIPNN_NO_TENSOR)
    slope = eipnn_mul(r->g, slope, argument[EIPNN_FILTER_S]);
  accumulate(r, node.input[EIPNN_FILTER_DISTANCE], slope);
}

typedef void (*gradient_rule)(reverse *, eipnn_tensor, eipnn_node, eipnn_tensor);

static const gradient_rule rule[EIPNN_OP_COUNT] = {
    [EIPNN_OP_ADD] = add_gradient,         [EIPNN_OP_MUL] = mul_gradient,
    [EIPNN_OP_AFFINE] = affine_gradient,   [EIPNN_OP_UNARY] = unary_gradient,
    [EIPNN_OP_MATMUL] = matmul_gradient,   [EIPNN_OP_LINEAR] = linear_gradient,
    [EIPNN_OP_SUM_ROWS] = sum_gradient,    [EIPNN_OP_SUM_COLS] = sum_gradient,
    [EIPNN_OP_REPEAT] = repeat_gradient,   [EIPNN_OP_GATHER] = gather_gradient,
    [EIPNN_OP_SCATTER] = scatter_gradient, [EIPNN_OP_HALO] = halo_gradient,
    [EIPNN_OP_HALO_SUM] = halo_gradient,   [EIPNN_OP_SPLINE] = spline_gradient,
    [EIPNN_OP_FILTER] = filter_gradient,
};

/* Which nodes lie downstream of wrt. */
static void mark_dependents(reverse *r, int size, int nwrt, const eipnn_tensor *wrt)
{
  for (int k = 0; k < nwrt; k++) r->depends[wrt[k]] = 1;
  for (int n = 0; n < size; n++) {
    const eipnn_node *node = eipnn_graph_node(r->g, n);
    for (int k = 0; k < node->ninputs; k++)
      if (wanted(r, node->input[k])) r->depends[n] = 1;
  }
}

static eipnn_status check_seeds(eipnn_graph *g, int noutputs, const eipnn_tensor *output,
                                const eipnn_tensor *seed, int nwrt, const eipnn_tensor *wrt)
{
  if (!eipnn_graph_valid(g, noutputs, output) || !eipnn_graph_valid(g, noutputs, seed) ||
      !eipnn_graph_valid(g, nwrt, wrt))
    return eipnn_graph_status(g);
  for (int m = 0; m < noutputs; m++) {
    const eipnn_node *a = eipnn_graph_node(g, output[m]), *b = eipnn_graph_node(g, seed[m]);
    if (a->rows != b->rows || a->cols != b->cols)
      return eipnn_error(EIPNN_ERROR_ARGUMENT, "seed %d is [%d][%d], its output is [%d][%d]", m,
                         b->rows, b->cols, a->rows, a->cols);
  }
  return EIPNN_OK;
}

static eipnn_status propagate(reverse *r, int size, int noutputs, const eipnn_tensor *output,
                              const eipnn_tensor *seed)
{
  for (int n = 0; n < size; n++) r->adjoint[n] = EIPNN_NO_TENSOR;
  for (int m = 0; m < noutputs; m++)
    if (r->depends[output[m]]) accumulate(r, output[m], seed[m]);
  for (int n = size - 1; n >= 0; n--) {
    /* By value: appending nodes moves the array. */
    eipnn_node node = *eipnn_graph_node(r->g, n);
    if (r->adjoint[n] == EIPNN_NO_TENSOR || !r->depends[n] || eipnn_is_leaf(&node)) continue;
    if (!rule[node.op])
      return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "operation %d has no derivative", (int)node.op);
    rule[node.op](r, n, node, r->adjoint[n]);
    EIPNN_TRY(eipnn_graph_status(r->g));
  }
  return EIPNN_OK;
}

eipnn_status eipnn_graph_gradient(eipnn_graph *g, int noutputs, const eipnn_tensor *output,
                                  const eipnn_tensor *seed, int nwrt, const eipnn_tensor *wrt,
                                  eipnn_tensor *result)
{
  EIPNN_TRY(check_seeds(g, noutputs, output, seed, nwrt, wrt));
  int size = eipnn_graph_size(g);
  reverse r = {g, eipnn_calloc((size_t)size, sizeof *r.adjoint), eipnn_calloc((size_t)size, 1)};
  eipnn_status status = EIPNN_ERROR_MEMORY;
  if (r.adjoint && r.depends) {
    mark_dependents(&r, size, nwrt, wrt);
    status = propagate(&r, size, noutputs, output, seed);
  } else {
    eipnn_error(status, "no memory to differentiate a graph of %d nodes", size);
  }
  if (status == EIPNN_OK)
    for (int k = 0; k < nwrt; k++) result[k] = r.adjoint[wrt[k]];
  free(r.adjoint);
  free(r.depends);
  return status;
}
