/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_BACKEND_H
#define EIPNN_TENSOR_BACKEND_H

/* The table a backend fills: memory, copies, and one kernel per operation.
   Nothing above this table knows on which device tensors live. */

#include "tensor/graph.h"
#include "tensor/structure.h"

#include <eipnn/backend.h>
#include <eipnn/halo.h>
#include <eipnn/precision.h>

/* A tensor in backend memory, row major without padding. */
typedef struct eipnn_matrix {
  void *data; /* float or double after the backend and precision; NULL where absent */
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
  void *aux;     /* second output of a fused kernel, else NULL */
  void *scratch; /* as many bytes as the backend's scratch asked for */
  void *sorted;  /* as many bytes as the backend's sorted asked for */
  int is_sorted; /* 1: an earlier node of the run has filled them */
} eipnn_kernel_arguments;

typedef eipnn_status (*eipnn_kernel)(const eipnn_kernel_arguments *arguments);

/* What a kernel's scratch depends on. rows: rows of the tensors, by -rows (graph.h). */
typedef struct eipnn_extents {
  size_t rows[EIPNN_ROWS_KINDS + 1];
  size_t input_rows; /* of the node's first input */
} eipnn_extents;

typedef struct eipnn_backend {
  const char *name;
  eipnn_status (*start)(
      void); /* called before the first use, and again later; NULL: nothing to start */
  void (*device)(char *text, size_t size); /* what eipnn_backend_device says; NULL: "1 core" */
  int (*supports)(eipnn_precision precision);
  size_t (*real_size)(eipnn_precision precision); /* bytes per tensor element */
  void *(*allocate)(size_t bytes);                /* at least 64-byte aligned; NULL on failure */
  void (*release)(void *memory);
  /* Host doubles to elements, and back. An error may be that of a kernel before. */
  eipnn_status (*upload)(void *to, const double *from, size_t count, eipnn_precision precision);
  eipnn_status (*download)(double *to, const void *from, size_t count, eipnn_precision precision);
  /* Integer maps: a host backend returns its argument's arrays as they are. *maps: what the backend
     keeps of one executor's structure, NULL before the first call, given back to release_maps
     (NULL: this backend keeps nothing). */
  eipnn_status (*bind_structure)(void **maps, const eipnn_structure *given, eipnn_structure *bound);
  void (*release_maps)(void *maps);
  /* Bytes of scratch that the kernel of node wants; NULL: none ever. */
  size_t (*scratch)(const eipnn_node *node, const eipnn_extents *extents, size_t real_size);
  /* Bytes for an order of the pairs, which nodes that differentiate by coefficients on one grid at
     the same distances have in common; NULL: none ever. */
  size_t (*sorted)(const eipnn_node *node, const eipnn_extents *extents);
  eipnn_kernel kernel[EIPNN_OP_COUNT]; /* NULL for leaves */
} eipnn_backend;

/* "ref": plain loops in double, the oracle. "cpu": BLAS and SIMD, every precision. In builds with
   Kokkos also "kokkos", on the device that Kokkos was built for, and "kokkos-host", on the host's
   cores, every precision. Starts the backend. An unknown name is an error that lists the known
   ones. */
eipnn_status eipnn_backend_find(const char *name, const eipnn_backend **backend);
const eipnn_backend *eipnn_backend_ref(void);
const eipnn_backend *eipnn_backend_cpu(void);
#ifdef EIPNN_HAVE_KOKKOS
const eipnn_backend *eipnn_backend_kokkos(void);
const eipnn_backend *eipnn_backend_kokkos_host(void);
#endif

#endif
