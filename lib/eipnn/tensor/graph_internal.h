/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_GRAPH_INTERNAL_H
#define EIPNN_TENSOR_GRAPH_INTERNAL_H

/* Shared by the files that append nodes; not for users of the graph. */

#include "tensor/graph.h"

/* A node with every optional field at its default. */
eipnn_node eipnn_node_blank(eipnn_op op, int rows, int cols);

/* Appends node, or returns an identical node that is already there. */
eipnn_tensor eipnn_graph_append(eipnn_graph *g, const eipnn_node *node);

/* Sets the sticky error (first one wins). Returns EIPNN_NO_TENSOR. */
eipnn_tensor eipnn_graph_fail(eipnn_graph *g, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* 1 if every tensor exists and the graph has no error. */
int eipnn_graph_valid(eipnn_graph *g, int count, const eipnn_tensor *tensors);

/* The input that a slot is the derivative by. */
int eipnn_filter_slot_input(eipnn_slot slot);

/* Appends the FILTER node of that slot; the slot's own input is left out. */
eipnn_tensor eipnn_filter_form(eipnn_graph *g, eipnn_slot slot, int order, int table,
                               const eipnn_grid *grid,
                               const eipnn_tensor input[EIPNN_MAX_INPUTS]);

#endif
