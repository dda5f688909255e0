/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_EXECUTOR_H
#define EIPNN_TENSOR_EXECUTOR_H

/* Runs a graph on a backend. Memory comes from one arena: nodes whose lifetimes
   do not overlap share it. Offsets are recomputed when extents change; the
   arena is reallocated only when it must grow. */

#include "tensor/backend.h"

typedef struct eipnn_executor eipnn_executor;

typedef struct eipnn_executor_options {
  const eipnn_backend *backend;
  eipnn_precision precision;
  int frozen;             /* 1: weights do not change after the first run: nodes that depend on
                             them alone (radial tables) are computed once */
  const eipnn_halo *halo; /* copied; NULL: none */
} eipnn_executor_options;

/* The graph must be complete, and outlive the executor. outputs: tensors that
   will be read; nodes nothing needs are left out. nweights: length of the flat
   weight array. */
eipnn_status eipnn_executor_create(const eipnn_graph *graph, const eipnn_executor_options *options,
                                   int noutputs, const eipnn_tensor *outputs, size_t nweights,
                                   eipnn_executor **executor);
void eipnn_executor_free(eipnn_executor **executor);

/* Host weights into the backend (frozen executors: also forgets the tables). */
eipnn_status eipnn_executor_set_weights(eipnn_executor *executor, const double *weights);

/* Extents and maps of the next runs; plans memory. */
eipnn_status eipnn_executor_bind(eipnn_executor *executor, const eipnn_structure *structure);

/* Values of an input leaf, [rows][cols] of the bound extents. */
eipnn_status eipnn_executor_set_input(eipnn_executor *executor, eipnn_tensor input,
                                      const double *values);

/* Runs the nodes numbered first..last-1 that are needed (0, size: all). A graph
   is run in order, possibly in stages: e.g. up to the energies, then, after the
   seeds of the gradient were set as inputs, the rest. */
eipnn_status eipnn_executor_run(eipnn_executor *executor, int first, int last);

/* Values of an output, [rows][cols], as doubles. */
eipnn_status eipnn_executor_get(const eipnn_executor *executor, eipnn_tensor output,
                                double *values);

/* Weight gradients side by side, in the order of the weights, so that one copy fetches them all.
   gradient[k], an output, is that by parameter[k]; EIPNN_NO_TENSOR: zero. place before the first
   bind, and get with the same arguments: values [nweights]. */
eipnn_status eipnn_executor_place_gradient(eipnn_executor *executor, int count,
                                           const eipnn_tensor *parameter,
                                           const eipnn_tensor *gradient);
eipnn_status eipnn_executor_get_gradient(const eipnn_executor *executor, int count,
                                         const eipnn_tensor *parameter,
                                         const eipnn_tensor *gradient, double *values);

/* An input or output of the bound graph in place, in the backend's memory, elements as the
   precision says; NULL if no output depends on it. Valid until the next bind. */
void *eipnn_executor_data(const eipnn_executor *executor, eipnn_tensor tensor);

/* The bound structure as kernels see it: maps and adjacency in the backend's memory. */
const eipnn_structure *eipnn_executor_structure(const eipnn_executor *executor);

/* Gives back all memory that a bind reserved. */
void eipnn_executor_unbind(eipnn_executor *executor);

/* Bytes of tensors that a bind with these extents (no array is read) would hold. Leaves the
   executor unbound. */
eipnn_status eipnn_executor_measure(eipnn_executor *executor, const eipnn_structure *extents,
                                    size_t *bytes);

size_t eipnn_executor_bytes(const eipnn_executor *executor);

#endif
