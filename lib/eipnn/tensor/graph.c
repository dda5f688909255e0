/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/graph_internal.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct eipnn_graph {
  eipnn_node *node;
  size_t count, capacity;
  int inputs;              /* input leaves so far */
  double **constant;       /* values of constants, owned */
  size_t constants, constant_capacity;
  eipnn_status status;
  char message[256];
};

eipnn_status eipnn_graph_create(eipnn_graph **graph)
{
  *graph = eipnn_calloc(1, sizeof **graph);
  return *graph ? EIPNN_OK : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a tensor graph");
}

void eipnn_graph_free(eipnn_graph **graph)
{
  if (!*graph) return;
  for (size_t k = 0; k < (*graph)->constants; k++) free((*graph)->constant[k]);
  free((*graph)->constant);
  free((*graph)->node);
  free(*graph);
  *graph = NULL;
}

eipnn_status eipnn_graph_status(const eipnn_graph *graph)
{
  if (graph->status != EIPNN_OK) return eipnn_error(graph->status, "%s", graph->message);
  return EIPNN_OK;
}

int eipnn_graph_size(const eipnn_graph *graph)
{
  return (int)graph->count;
}

const eipnn_node *eipnn_graph_node(const eipnn_graph *graph, eipnn_tensor tensor)
{
  return &graph->node[tensor];
}

int eipnn_is_leaf(const eipnn_node *node)
{
  return node->op == EIPNN_OP_INPUT || node->op == EIPNN_OP_PARAMETER ||
         node->op == EIPNN_OP_CONSTANT;
}

eipnn_tensor eipnn_graph_fail(eipnn_graph *g, const char *format, ...)
{
  if (g->status == EIPNN_OK) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(g->message, sizeof g->message, format, arguments);
    va_end(arguments);
    g->status = EIPNN_ERROR_ARGUMENT;
  }
  return EIPNN_NO_TENSOR;
}

int eipnn_graph_valid(eipnn_graph *g, int count, const eipnn_tensor *tensors)
{
  if (g->status != EIPNN_OK) return 0;
  for (int k = 0; k < count; k++)
    if (tensors[k] < 0 || (size_t)tensors[k] >= g->count) {
      eipnn_graph_fail(g, "operand %d of an operation is not a tensor of this graph", k);
      return 0;
    }
  return 1;
}

eipnn_node eipnn_node_blank(eipnn_op op, int rows, int cols)
{
  eipnn_node node;
  memset(&node, 0, sizeof node); /* padding too: identical nodes are found by memcmp */
  node.op = op;
  node.rows = rows;
  node.cols = cols;
  for (int k = 0; k < EIPNN_MAX_INPUTS; k++) node.input[k] = EIPNN_NO_TENSOR;
  return node;
}

/* Common subexpressions (a network differentiated twice has many) are kept once. */
static eipnn_tensor find_identical(const eipnn_graph *g, const eipnn_node *node)
{
  if (node->ninputs == 0 && node->op != EIPNN_OP_PARAMETER) return EIPNN_NO_TENSOR;
  for (size_t k = 0; k < g->count; k++)
    if (memcmp(&g->node[k], node, sizeof *node) == 0) return (eipnn_tensor)k;
  return EIPNN_NO_TENSOR;
}

eipnn_tensor eipnn_graph_append(eipnn_graph *g, const eipnn_node *node)
{
  if (g->status != EIPNN_OK) return EIPNN_NO_TENSOR;
  eipnn_tensor same = find_identical(g, node);
  if (same != EIPNN_NO_TENSOR) return same;
  if (eipnn_grow((void **)&g->node, &g->capacity, g->count + 1, sizeof *g->node) != EIPNN_OK) {
    eipnn_graph_fail(g, "no memory for a tensor graph of %zu nodes", g->count + 1);
    g->status = EIPNN_ERROR_MEMORY;
    return EIPNN_NO_TENSOR;
  }
  memcpy(&g->node[g->count], node, sizeof *node);
  return (eipnn_tensor)g->count++;
}

eipnn_tensor eipnn_input(eipnn_graph *g, int rows, int cols)
{
  eipnn_node node = eipnn_node_blank(EIPNN_OP_INPUT, rows, cols);
  if (rows == 0 || rows < -EIPNN_ROWS_KINDS || cols < 1)
    return eipnn_graph_fail(g, "an input of %d rows and %d columns", rows, cols);
  node.p.input.id = g->inputs++;
  return eipnn_graph_append(g, &node);
}

eipnn_tensor eipnn_parameter(eipnn_graph *g, size_t offset, int rows, int cols)
{
  eipnn_node node = eipnn_node_blank(EIPNN_OP_PARAMETER, rows, cols);
  if (rows < 1 || cols < 1)
    return eipnn_graph_fail(g, "a parameter of %d rows and %d columns", rows, cols);
  node.p.parameter.offset = offset;
  return eipnn_graph_append(g, &node);
}

/* Copies values into memory the graph owns; NULL on failure. */
static const double *keep_values(eipnn_graph *g, const double *values, size_t count)
{
  if (eipnn_grow((void **)&g->constant, &g->constant_capacity, g->constants + 1,
                 sizeof *g->constant) != EIPNN_OK)
    return NULL;
  double *copy = eipnn_calloc(count, sizeof *copy);
  if (!copy) return NULL;
  memcpy(copy, values, count * sizeof *copy);
  g->constant[g->constants++] = copy;
  return copy;
}

eipnn_tensor eipnn_constant(eipnn_graph *g, int rows, int cols, const double *values)
{
  eipnn_node node = eipnn_node_blank(EIPNN_OP_CONSTANT, rows, cols);
  if (g->status != EIPNN_OK) return EIPNN_NO_TENSOR;
  if (rows < 1 || cols < 1)
    return eipnn_graph_fail(g, "a constant of %d rows and %d columns", rows, cols);
  node.p.constant.values = keep_values(g, values, (size_t)rows * (size_t)cols);
  if (!node.p.constant.values) return eipnn_graph_fail(g, "no memory for a constant");
  return eipnn_graph_append(g, &node);
}
