/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_OPERATION_PROBLEM_H
#define EIPNN_UNITTEST_OPERATION_PROBLEM_H

/* One operation on random operands: what tests and benchmarks have in common. */

#include "structure_fixture.h"
#include "tensor/executor.h"

enum { PROBLEM_INPUTS = 16, PROBLEM_OUTPUTS = 2, PROBLEM_GRADIENTS = 16 };

/* Fixed extents of the operands. */
typedef struct problem_sizes {
  int cols, inner; /* features, and features of the other operand */
  int species;
  int nodes; /* of radial tables and splines */
} problem_sizes;

typedef struct operation_problem operation_problem;

typedef struct operation_case {
  char name[64];
  void (*build)(operation_problem *problem);
  /* Values of output m by a formula of its own. */
  void (*expect)(const operation_problem *problem, int m, double *values);
  int parameter[5]; /* meaning: see build */
} operation_case;

struct operation_problem {
  const operation_case *operation;
  problem_sizes sizes;
  structure_fixture *fixture;
  eipnn_random *random;
  eipnn_graph *graph;
  int ninputs, noutputs, ngradients, nseconds;
  int gradient_first, gradient_last;  /* nodes of the (first) gradient and its seeds */
  eipnn_tensor input[PROBLEM_INPUTS]; /* operands, then seeds of the derivatives */
  double *value[PROBLEM_INPUTS];      /* their values */
  eipnn_tensor output[PROBLEM_OUTPUTS];
  eipnn_tensor gradient[PROBLEM_GRADIENTS]; /* of sum <seed, output> by operand */
  eipnn_tensor
      second[PROBLEM_GRADIENTS]; /* of sum <seed, gradient> by operand and seed of output */
  double flops;                  /* of the operation, 0: not counted */
};

/* A new operand with random values in [low, high). */
eipnn_tensor problem_input(operation_problem *problem, int rows, int cols, double low, double high);

/* Builds the operation, its gradient and the gradient of that. */
void problem_create(operation_problem *problem, const operation_case *operation,
                    const problem_sizes *sizes, structure_fixture *fixture, eipnn_random *random);
void problem_free(operation_problem *problem);

int problem_rows(const operation_problem *problem, eipnn_tensor tensor);
int problem_cols(const operation_problem *problem, eipnn_tensor tensor);
size_t problem_count(const operation_problem *problem, eipnn_tensor tensor);

/* An executor with every input set, ready to run. */
eipnn_executor *problem_executor(operation_problem *problem, const eipnn_backend *backend,
                                 eipnn_precision precision);

/* The cases: appended to a list that grows. Returns the new count. */
size_t elementwise_cases(operation_case **list, size_t count);
size_t matrix_cases(operation_case **list, size_t count);
size_t index_cases(operation_case **list, size_t count);
size_t filter_cases(operation_case **list, size_t count);
/* Appends prototype under the name that format gives. */
void case_append(operation_case **list, size_t *count, const operation_case *prototype,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
