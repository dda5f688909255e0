/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The continuous-filter convolution as one multilinear form (graph.h): every
   derivative of it is again the form with one argument replaced, which is
   what closes the operation under differentiation. */
#include "tensor/graph_internal.h"

int eipnn_filter_slot_input(eipnn_slot slot)
{
  static const int input[] = {[EIPNN_SLOT_U] = EIPNN_FILTER_U,
                              [EIPNN_SLOT_X] = EIPNN_FILTER_X,
                              [EIPNN_SLOT_FILTER] = EIPNN_FILTER_FILTER,
                              [EIPNN_SLOT_S] = EIPNN_FILTER_S};
  return input[slot];
}

/* Shape of what comes out of a slot. cols: columns of the features. */
static void slot_shape(eipnn_slot slot, int table, const eipnn_grid *grid, int cols,
                       eipnn_node *node)
{
  node->cols = slot == EIPNN_SLOT_S ? 1 : cols;
  switch (slot) {
    case EIPNN_SLOT_U: node->rows = EIPNN_ROWS_ATOM; break;
    case EIPNN_SLOT_X: node->rows = EIPNN_ROWS_ALL; break;
    case EIPNN_SLOT_S: node->rows = EIPNN_ROWS_PAIR; break;
    case EIPNN_SLOT_FILTER: node->rows = table ? grid->nodes + 2 : EIPNN_ROWS_PAIR; break;
  }
}

static int shape_is(const eipnn_graph *g, eipnn_tensor a, int rows, int cols)
{
  return a == EIPNN_NO_TENSOR ||
         (eipnn_graph_node(g, a)->rows == rows && eipnn_graph_node(g, a)->cols == cols);
}

static int inputs_fit(const eipnn_graph *g, int table, const eipnn_grid *grid,
                      const eipnn_tensor *input, int cols)
{
  return shape_is(g, input[EIPNN_FILTER_FILTER], table ? grid->nodes + 2 : EIPNN_ROWS_PAIR, cols) &&
         shape_is(g, input[EIPNN_FILTER_DISTANCE], EIPNN_ROWS_PAIR, 1) &&
         shape_is(g, input[EIPNN_FILTER_X], EIPNN_ROWS_ALL, cols) &&
         shape_is(g, input[EIPNN_FILTER_U], EIPNN_ROWS_ATOM, cols) &&
         shape_is(g, input[EIPNN_FILTER_S], EIPNN_ROWS_PAIR, 1);
}

eipnn_tensor eipnn_filter_form(eipnn_graph *g, eipnn_slot slot, int order, int table,
                               const eipnn_grid *grid, const eipnn_tensor input[EIPNN_MAX_INPUTS])
{
  /* Two of filter, x, u are always there and carry the number of columns. */
  eipnn_tensor carrier =
      slot == EIPNN_SLOT_FILTER ? input[EIPNN_FILTER_X] : input[EIPNN_FILTER_FILTER];
  if (!eipnn_graph_valid(g, 1, &carrier)) return EIPNN_NO_TENSOR;
  int cols = eipnn_graph_node(g, carrier)->cols;
  eipnn_node node = eipnn_node_blank(EIPNN_OP_FILTER, 0, 0);
  slot_shape(slot, table, grid, cols, &node);
  node.ninputs = EIPNN_MAX_INPUTS;
  for (int k = 0; k < EIPNN_MAX_INPUTS; k++)
    node.input[k] = k == eipnn_filter_slot_input(slot) ? EIPNN_NO_TENSOR : input[k];
  if (!inputs_fit(g, table, grid, node.input, cols))
    return eipnn_graph_fail(g, "a continuous-filter convolution whose operands do not fit");
  node.p.filter.slot = slot;
  node.p.filter.order = order;
  node.p.filter.table = table;
  if (table) node.p.filter.grid = *grid;
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_filter_convolution(eipnn_graph *g, eipnn_tensor filter, const eipnn_grid *grid,
                                      eipnn_tensor distance, eipnn_tensor x)
{
  int table = grid != NULL;
  if (table && grid->nodes < 4)
    return eipnn_graph_fail(g, "a radial table of %d nodes", grid->nodes);
  if (table && !eipnn_graph_valid(g, 1, &distance)) return EIPNN_NO_TENSOR;
  if (!eipnn_graph_valid(g, 2, (eipnn_tensor[]){filter, x})) return EIPNN_NO_TENSOR;
  eipnn_tensor input[EIPNN_MAX_INPUTS] = {filter, table ? distance : EIPNN_NO_TENSOR, x,
                                          EIPNN_NO_TENSOR, EIPNN_NO_TENSOR};
  return eipnn_filter_form(g, EIPNN_SLOT_U, 0, table, grid, input);
}
