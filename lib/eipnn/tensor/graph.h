/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_GRAPH_H
#define EIPNN_TENSOR_GRAPH_H

/* The tensor graph: networks are written once, here, in a small set of
   operations that is closed under differentiation. A tensor is a matrix; its
   number of columns is fixed, its number of rows is fixed or a symbolic extent
   (atoms, pairs, ...) bound at each run. The graph only describes; an
   executor (executor.h) plans memory and runs it on a backend.

   Builders never fail one by one: a wrong shape sets the graph's sticky error,
   returned by eipnn_graph_status, and later calls return EIPNN_NO_TENSOR. */

#include "base/error.h"

#include <stddef.h>

/* Symbolic numbers of rows. Positive numbers are fixed extents. */
enum {
  EIPNN_ROWS_ATOM = -1,   /* owned atoms */
  EIPNN_ROWS_ALL = -2,    /* owned atoms, then ghosts of other ranks */
  EIPNN_ROWS_PAIR = -3,   /* pairs within the cutoff, each once */
  EIPNN_ROWS_CONFIG = -4, /* configurations of the batch */
  EIPNN_ROWS_KINDS = 4
};

/* Integer maps from rows of one extent to rows of another. */
typedef enum eipnn_index {
  EIPNN_INDEX_PAIR_I,      /* pair -> atom */
  EIPNN_INDEX_PAIR_J,      /* pair -> all */
  EIPNN_INDEX_PAIR_CONFIG, /* pair -> configuration */
  EIPNN_INDEX_ATOM_CONFIG, /* atom -> configuration, -1: does not contribute */
  EIPNN_INDEX_ATOM_SPECIES,/* atom -> species (fixed extent) */
  EIPNN_INDEX_COUNT
} eipnn_index;

typedef enum eipnn_op {
  EIPNN_OP_INPUT,      /* bound by the caller before each run */
  EIPNN_OP_PARAMETER,  /* a slice of the weights */
  EIPNN_OP_CONSTANT,
  EIPNN_OP_ADD,        /* a + b;  b as a, one row, one column, or 1 x 1 */
  EIPNN_OP_MUL,        /* a * b;  same broadcasting of b */
  EIPNN_OP_AFFINE,     /* alpha a + beta */
  EIPNN_OP_UNARY,      /* f(a), see eipnn_function, or f(a + bias row) */
  EIPNN_OP_MATMUL,     /* op(a) op(b), op = transpose where asked */
  EIPNN_OP_LINEAR,     /* a W + bias row, or that + residual */
  EIPNN_OP_SUM_ROWS,   /* [n][c] -> [1][c] */
  EIPNN_OP_SUM_COLS,   /* [n][c] -> [n][1] */
  EIPNN_OP_REPEAT,     /* [1][c] or [n][1] or [1][1] -> [n][c] */
  EIPNN_OP_GATHER,     /* out[r] = a[index[r]], zero where the index is -1 */
  EIPNN_OP_SCATTER,    /* out[index[r]] += a[r], skipped where the index is -1 */
  EIPNN_OP_HALO,       /* [atom][c] -> [all][c], ghosts fetched from their owners */
  EIPNN_OP_HALO_SUM,   /* its adjoint: [all][c] -> [atom][c] */
  EIPNN_OP_SPLINE,     /* node values -> cubic B-spline coefficients, per column */
  EIPNN_OP_FILTER,     /* continuous-filter convolution and its derivatives */
  EIPNN_OP_COUNT
} eipnn_op;

typedef enum eipnn_function {
  EIPNN_FUNCTION_SSP,        /* ln(1 + e^x) - ln 2 */
  EIPNN_FUNCTION_SIGMOID,    /* 1/(1 + e^-x) */
  EIPNN_FUNCTION_EXP,
  EIPNN_FUNCTION_SIN,
  EIPNN_FUNCTION_COS,
  EIPNN_FUNCTION_SQRT,
  EIPNN_FUNCTION_RECIPROCAL,
  EIPNN_FUNCTION_COUNT
} eipnn_function;

/* The convolution is a derivative of one multilinear form,
     Phi = sum_p s_p sum_f w_pf ( x[j_p]f u[i_p]f + own(j_p) x[i_p]f u[j_p]f ),
   own(j) = 1 where j is an owned atom (then the pair stands for both directions). The
   filter w_p is row p of a [pair] tensor, or the order-th derivative at
   distance d_p of the cubic B-spline whose coefficients are `filter` ([nodes + 2][c]).
   The slot says which argument Phi is differentiated by, i.e. what comes out. */
typedef enum eipnn_slot {
  EIPNN_SLOT_U,      /* [atom][c]: the convolution itself */
  EIPNN_SLOT_X,      /* [all][c]:  its adjoint */
  EIPNN_SLOT_FILTER, /* like filter */
  EIPNN_SLOT_S       /* [pair][1] */
} eipnn_slot;

/* Inputs of a FILTER node, in order: distance for tables only, s absent where it is 1,
   each absent in its own slot. */
enum {
  EIPNN_FILTER_FILTER,
  EIPNN_FILTER_DISTANCE,
  EIPNN_FILTER_X,
  EIPNN_FILTER_U,
  EIPNN_FILTER_S
};

/* Nodes of a radial table: distance of node k is origin + k*spacing. A spline
   on n nodes has n + 2 coefficients (SPLINE: [n][c] -> [n+2][c], natural ends). */
typedef struct eipnn_grid {
  double origin, spacing;
  int nodes;
} eipnn_grid;

typedef int eipnn_tensor;
#define EIPNN_NO_TENSOR (-1)
#define EIPNN_MAX_INPUTS 5

typedef struct eipnn_node {
  eipnn_op op;
  int rows, cols;                       /* rows: fixed or EIPNN_ROWS_* */
  int ninputs;
  eipnn_tensor input[EIPNN_MAX_INPUTS]; /* EIPNN_NO_TENSOR where optional and absent */
  union {
    struct { double alpha, beta; } affine;
    eipnn_function function;
    struct { int ta, tb; } matmul;
    eipnn_index index;
    struct { int transposed; } spline;
    struct { eipnn_slot slot; int order; int table; eipnn_grid grid; } filter;
    struct { size_t offset; } parameter; /* into the flat weight array */
    struct { int id; } input;            /* number for eipnn_executor_bind */
    struct { const double *values; } constant;
  } p;
} eipnn_node;

typedef struct eipnn_graph eipnn_graph;

eipnn_status eipnn_graph_create(eipnn_graph **graph);
void eipnn_graph_free(eipnn_graph **graph);
eipnn_status eipnn_graph_status(const eipnn_graph *graph); /* sticky; message as eipnn_last_error */
int eipnn_graph_size(const eipnn_graph *graph);
const eipnn_node *eipnn_graph_node(const eipnn_graph *graph, eipnn_tensor tensor);
int eipnn_is_leaf(const eipnn_node *node); /* 1: given, no operation computes it */

/* Leaves. Inputs are numbered in the order of creation. */
eipnn_tensor eipnn_input(eipnn_graph *g, int rows, int cols);
eipnn_tensor eipnn_parameter(eipnn_graph *g, size_t offset, int rows, int cols);
eipnn_tensor eipnn_constant(eipnn_graph *g, int rows, int cols, const double *values); /* copied */

eipnn_tensor eipnn_add(eipnn_graph *g, eipnn_tensor a, eipnn_tensor b);
eipnn_tensor eipnn_mul(eipnn_graph *g, eipnn_tensor a, eipnn_tensor b);
eipnn_tensor eipnn_affine(eipnn_graph *g, eipnn_tensor a, double alpha, double beta);
eipnn_tensor eipnn_unary(eipnn_graph *g, eipnn_function function, eipnn_tensor a);
eipnn_tensor eipnn_activation(eipnn_graph *g, eipnn_function function, eipnn_tensor a,
                              eipnn_tensor bias);
eipnn_tensor eipnn_matmul(eipnn_graph *g, eipnn_tensor a, int ta, eipnn_tensor b, int tb);
eipnn_tensor eipnn_linear(eipnn_graph *g, eipnn_tensor a, eipnn_tensor weight, eipnn_tensor bias);
eipnn_tensor eipnn_linear_residual(eipnn_graph *g, eipnn_tensor a, eipnn_tensor weight,
                                   eipnn_tensor bias, eipnn_tensor residual);
eipnn_tensor eipnn_sum_rows(eipnn_graph *g, eipnn_tensor a);
eipnn_tensor eipnn_sum_cols(eipnn_graph *g, eipnn_tensor a);
eipnn_tensor eipnn_repeat(eipnn_graph *g, eipnn_tensor a, int rows, int cols);
eipnn_tensor eipnn_gather(eipnn_graph *g, eipnn_tensor a, eipnn_index index);
eipnn_tensor eipnn_scatter(eipnn_graph *g, eipnn_tensor a, eipnn_index index, int rows);
eipnn_tensor eipnn_halo_exchange(eipnn_graph *g, eipnn_tensor a);
eipnn_tensor eipnn_halo_sum(eipnn_graph *g, eipnn_tensor a);
eipnn_tensor eipnn_spline(eipnn_graph *g, eipnn_tensor nodes);
eipnn_tensor eipnn_spline_adjoint(eipnn_graph *g, eipnn_tensor coefficients);

/* Continuous-filter convolution: y_i = sum_pairs x_j * w(d). filter: [pair][c]
   with grid NULL (exact), or spline coefficients with their grid and distances
   ([pair][1]). x: [all][c]. Result [atom][c]. */
eipnn_tensor eipnn_filter_convolution(eipnn_graph *g, eipnn_tensor filter, const eipnn_grid *grid,
                                      eipnn_tensor distance, eipnn_tensor x);

/* Reverse-mode differentiation as graph transformation: appends the nodes of
   result[k] = sum_m <seed[m], d output[m] / d wrt[k]>. Works on its own results
   (second order). result[k] is EIPNN_NO_TENSOR where nothing depends on wrt[k]. */
eipnn_status eipnn_graph_gradient(eipnn_graph *g, int noutputs, const eipnn_tensor *output,
                                  const eipnn_tensor *seed, int nwrt, const eipnn_tensor *wrt,
                                  eipnn_tensor *result);

#endif
