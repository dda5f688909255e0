/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_BACKEND_H
#define EIPNN_TENSOR_BACKEND_H

/* The table a backend fills: memory, copies, and one kernel per operation.
   Nothing above this table knows on which device tensors live. */

#include "tensor/graph.h"
#include "tensor/structure.h"

#include <eipnn/halo.h>
#include <eipnn/precision.h>

/* A tensor in backend memory, row major without padding. */
typedef struct eipnn_matrix {
  void *data;  /* float or double after the backend and precision; NULL where absent */
  int rows, cols;
} eipnn_matrix;

/* All a kernel may look at. */
typedef struct eipnn_kernel_arguments {
  const eipnn_node *node;
  eipnn_matrix out;
  eipnn_matrix input[EIPNN_MAX_INPUTS];
  const eipnn_structure *structure; /* integer maps in backend memory */
  const int *index;                 /* the map of GATHER and SCATTER, resolved */
  const eipnn_halo *halo;           /* NULL: no ghosts */
  eipnn_precision precision;
  void *aux;                        /* second output of a fused kernel, else NULL */
} eipnn_kernel_arguments;

typedef eipnn_status (*eipnn_kernel)(const eipnn_kernel_arguments *arguments);

typedef struct eipnn_backend {
  const char *name;
  int (*supports)(eipnn_precision precision);
  size_t (*real_size)(eipnn_precision precision); /* bytes per tensor element */
  void *(*allocate)(size_t bytes);                /* 64-byte aligned; NULL on failure */
  void (*release)(void *memory);
  void (*upload)(void *to, const double *from, size_t count, eipnn_precision precision);   /* host doubles -> elements */
  void (*download)(double *to, const void *from, size_t count, eipnn_precision precision);
  /* Integer maps: a host backend returns its argument's arrays as they are. */
  eipnn_status (*bind_structure)(const eipnn_structure *host, eipnn_structure *bound);
  eipnn_kernel kernel[EIPNN_OP_COUNT];            /* NULL for leaves */
} eipnn_backend;

/* "ref": plain loops in double, the oracle. "cpu": BLAS and SIMD, every
   precision. An unknown name is an error that lists the known ones. */
eipnn_status eipnn_backend_find(const char *name, const eipnn_backend **backend);
const eipnn_backend *eipnn_backend_ref(void);
const eipnn_backend *eipnn_backend_cpu(void);

#endif
