/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Builders of the operations: shapes are checked here, once. */
#include "tensor/graph_internal.h"

/* rows of the domain and range of an index map; 0: any fixed extent */
static const struct {
  int domain, range;
} index_rows[EIPNN_INDEX_COUNT] = {
    [EIPNN_INDEX_PAIR_I] = {EIPNN_ROWS_PAIR, EIPNN_ROWS_ATOM},
    [EIPNN_INDEX_PAIR_J] = {EIPNN_ROWS_PAIR, EIPNN_ROWS_ALL},
    [EIPNN_INDEX_PAIR_CONFIG] = {EIPNN_ROWS_PAIR, EIPNN_ROWS_CONFIG},
    [EIPNN_INDEX_ATOM_CONFIG] = {EIPNN_ROWS_ATOM, EIPNN_ROWS_CONFIG},
    [EIPNN_INDEX_ATOM_SPECIES] = {EIPNN_ROWS_ATOM, 0},
};

static int rows_of(const eipnn_graph *g, eipnn_tensor a)
{
  return eipnn_graph_node(g, a)->rows;
}

static int cols_of(const eipnn_graph *g, eipnn_tensor a)
{
  return eipnn_graph_node(g, a)->cols;
}

static eipnn_node unary_node(eipnn_op op, eipnn_tensor a, int rows, int cols)
{
  eipnn_node node = eipnn_node_blank(op, rows, cols);
  node.ninputs = 1;
  node.input[0] = a;
  return node;
}

static eipnn_tensor broadcast_op(eipnn_graph *g, eipnn_op op, eipnn_tensor a, eipnn_tensor b)
{
  if (!eipnn_graph_valid(g, 2, (eipnn_tensor[]){a, b})) return EIPNN_NO_TENSOR;
  int rows = rows_of(g, b), cols = cols_of(g, b);
  if ((rows != rows_of(g, a) && rows != 1) || (cols != cols_of(g, a) && cols != 1))
    return eipnn_graph_fail(g, "%s of [%d][%d] and [%d][%d]", op == EIPNN_OP_ADD ? "add" : "mul",
                            rows_of(g, a), cols_of(g, a), rows, cols);
  eipnn_node node = unary_node(op, a, rows_of(g, a), cols_of(g, a));
  node.ninputs = 2;
  node.input[1] = b;
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_add(eipnn_graph *g, eipnn_tensor a, eipnn_tensor b)
{
  return broadcast_op(g, EIPNN_OP_ADD, a, b);
}

eipnn_tensor eipnn_mul(eipnn_graph *g, eipnn_tensor a, eipnn_tensor b)
{
  return broadcast_op(g, EIPNN_OP_MUL, a, b);
}

eipnn_tensor eipnn_affine(eipnn_graph *g, eipnn_tensor a, double alpha, double beta)
{
  if (!eipnn_graph_valid(g, 1, &a)) return EIPNN_NO_TENSOR;
  eipnn_node node = unary_node(EIPNN_OP_AFFINE, a, rows_of(g, a), cols_of(g, a));
  node.p.affine.alpha = alpha;
  node.p.affine.beta = beta;
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_unary(eipnn_graph *g, eipnn_function function, eipnn_tensor a)
{
  if (!eipnn_graph_valid(g, 1, &a)) return EIPNN_NO_TENSOR;
  eipnn_node node = unary_node(EIPNN_OP_UNARY, a, rows_of(g, a), cols_of(g, a));
  node.p.function = function;
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_activation(eipnn_graph *g, eipnn_function function, eipnn_tensor a,
                              eipnn_tensor bias)
{
  if (!eipnn_graph_valid(g, 2, (eipnn_tensor[]){a, bias})) return EIPNN_NO_TENSOR;
  if (rows_of(g, bias) != 1 || cols_of(g, bias) != cols_of(g, a))
    return eipnn_graph_fail(g, "activation of [%d][%d] with bias [%d][%d]", rows_of(g, a),
                            cols_of(g, a), rows_of(g, bias), cols_of(g, bias));
  eipnn_node node = unary_node(EIPNN_OP_UNARY, a, rows_of(g, a), cols_of(g, a));
  node.ninputs = 2;
  node.input[1] = bias;
  node.p.function = function;
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_matmul(eipnn_graph *g, eipnn_tensor a, int ta, eipnn_tensor b, int tb)
{
  if (!eipnn_graph_valid(g, 2, (eipnn_tensor[]){a, b})) return EIPNN_NO_TENSOR;
  int rows = ta ? cols_of(g, a) : rows_of(g, a);
  int cols = tb ? rows_of(g, b) : cols_of(g, b);
  int inner_a = ta ? rows_of(g, a) : cols_of(g, a);
  int inner_b = tb ? cols_of(g, b) : rows_of(g, b);
  if (inner_a != inner_b || cols < 1)
    return eipnn_graph_fail(g, "matmul of [%d][%d]%s and [%d][%d]%s", rows_of(g, a), cols_of(g, a),
                            ta ? " transposed" : "", rows_of(g, b), cols_of(g, b),
                            tb ? " transposed" : "");
  eipnn_node node = unary_node(EIPNN_OP_MATMUL, a, rows, cols);
  node.ninputs = 2;
  node.input[1] = b;
  node.p.matmul.ta = ta != 0;
  node.p.matmul.tb = tb != 0;
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_linear(eipnn_graph *g, eipnn_tensor a, eipnn_tensor weight, eipnn_tensor bias)
{
  if (!eipnn_graph_valid(g, 3, (eipnn_tensor[]){a, weight, bias})) return EIPNN_NO_TENSOR;
  if (cols_of(g, a) != rows_of(g, weight) || rows_of(g, bias) != 1 ||
      cols_of(g, bias) != cols_of(g, weight))
    return eipnn_graph_fail(g, "linear layer of [%d][%d] with weight [%d][%d], bias [%d][%d]",
                            rows_of(g, a), cols_of(g, a), rows_of(g, weight), cols_of(g, weight),
                            rows_of(g, bias), cols_of(g, bias));
  eipnn_node node = unary_node(EIPNN_OP_LINEAR, a, rows_of(g, a), cols_of(g, weight));
  node.ninputs = 3;
  node.input[1] = weight;
  node.input[2] = bias;
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_linear_residual(eipnn_graph *g, eipnn_tensor a, eipnn_tensor weight,
                                   eipnn_tensor bias, eipnn_tensor residual)
{
  eipnn_tensor linear = eipnn_linear(g, a, weight, bias);
  if (!eipnn_graph_valid(g, 2, (eipnn_tensor[]){linear, residual})) return EIPNN_NO_TENSOR;
  if (rows_of(g, residual) != rows_of(g, linear) || cols_of(g, residual) != cols_of(g, linear))
    return eipnn_graph_fail(g, "linear layer to [%d][%d] with residual [%d][%d]",
                            rows_of(g, linear), cols_of(g, linear), rows_of(g, residual),
                            cols_of(g, residual));
  eipnn_node node = *eipnn_graph_node(g, linear); /* which itself is run only if others read it */
  node.ninputs = 4;
  node.input[3] = residual;
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_sum_rows(eipnn_graph *g, eipnn_tensor a)
{
  if (!eipnn_graph_valid(g, 1, &a)) return EIPNN_NO_TENSOR;
  if (rows_of(g, a) == 1) return a;
  eipnn_node node = unary_node(EIPNN_OP_SUM_ROWS, a, 1, cols_of(g, a));
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_sum_cols(eipnn_graph *g, eipnn_tensor a)
{
  if (!eipnn_graph_valid(g, 1, &a)) return EIPNN_NO_TENSOR;
  if (cols_of(g, a) == 1) return a;
  eipnn_node node = unary_node(EIPNN_OP_SUM_COLS, a, rows_of(g, a), 1);
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_repeat(eipnn_graph *g, eipnn_tensor a, int rows, int cols)
{
  if (!eipnn_graph_valid(g, 1, &a)) return EIPNN_NO_TENSOR;
  if (rows == rows_of(g, a) && cols == cols_of(g, a)) return a;
  if ((rows_of(g, a) != 1 && rows_of(g, a) != rows) ||
      (cols_of(g, a) != 1 && cols_of(g, a) != cols))
    return eipnn_graph_fail(g, "[%d][%d] cannot be repeated to [%d][%d]", rows_of(g, a),
                            cols_of(g, a), rows, cols);
  eipnn_node node = unary_node(EIPNN_OP_REPEAT, a, rows, cols);
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_gather(eipnn_graph *g, eipnn_tensor a, eipnn_index index)
{
  if (!eipnn_graph_valid(g, 1, &a)) return EIPNN_NO_TENSOR;
  int range = index_rows[index].range;
  if (range ? rows_of(g, a) != range : rows_of(g, a) < 1)
    return eipnn_graph_fail(g, "gather through map %d from a tensor of %d rows", (int)index,
                            rows_of(g, a));
  eipnn_node node = unary_node(EIPNN_OP_GATHER, a, index_rows[index].domain, cols_of(g, a));
  node.p.index = index;
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_scatter(eipnn_graph *g, eipnn_tensor a, eipnn_index index, int rows)
{
  if (!eipnn_graph_valid(g, 1, &a)) return EIPNN_NO_TENSOR;
  int range = index_rows[index].range;
  if (rows_of(g, a) != index_rows[index].domain || (range ? rows != range : rows < 1))
    return eipnn_graph_fail(g, "scatter through map %d of %d rows to %d rows", (int)index,
                            rows_of(g, a), rows);
  eipnn_node node = unary_node(EIPNN_OP_SCATTER, a, rows, cols_of(g, a));
  node.p.index = index;
  return eipnn_graph_append(g, &node);
}

static eipnn_tensor halo_op(eipnn_graph *g, eipnn_op op, eipnn_tensor a, int from, int to)
{
  if (!eipnn_graph_valid(g, 1, &a)) return EIPNN_NO_TENSOR;
  if (rows_of(g, a) != from) return eipnn_graph_fail(g, "halo exchange of %d rows", rows_of(g, a));
  eipnn_node node = unary_node(op, a, to, cols_of(g, a));
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_halo_exchange(eipnn_graph *g, eipnn_tensor a)
{
  return halo_op(g, EIPNN_OP_HALO, a, EIPNN_ROWS_ATOM, EIPNN_ROWS_ALL);
}

eipnn_tensor eipnn_halo_sum(eipnn_graph *g, eipnn_tensor a)
{
  return halo_op(g, EIPNN_OP_HALO_SUM, a, EIPNN_ROWS_ALL, EIPNN_ROWS_ATOM);
}

static eipnn_tensor spline_op(eipnn_graph *g, eipnn_tensor a, int transposed)
{
  if (!eipnn_graph_valid(g, 1, &a)) return EIPNN_NO_TENSOR;
  int rows = rows_of(g, a) + (transposed ? -2 : 2);
  if (rows_of(g, a) < (transposed ? 6 : 4))
    return eipnn_graph_fail(g, "a spline of %d rows", rows_of(g, a));
  eipnn_node node = unary_node(EIPNN_OP_SPLINE, a, rows, cols_of(g, a));
  node.p.spline.transposed = transposed;
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_spline(eipnn_graph *g, eipnn_tensor nodes)
{
  return spline_op(g, nodes, 0);
}

eipnn_tensor eipnn_spline_adjoint(eipnn_graph *g, eipnn_tensor coefficients)
{
  return spline_op(g, coefficients, 1);
}
