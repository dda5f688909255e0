/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "operation_problem.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Test code: what cannot fail in a correct library ends the program with a message. */
static void require(eipnn_status status, const operation_problem *problem)
{
  if (status == EIPNN_OK) return;
  fprintf(stderr, "%s: %s\n", problem->operation->name, eipnn_last_error());
  abort();
}

void case_append(operation_case **list, size_t *count, const operation_case *prototype,
                 const char *format, ...)
{
  operation_case *grown = realloc(*list, (*count + 1) * sizeof **list);
  if (!grown) abort();
  *list = grown;
  operation_case *operation = &grown[(*count)++];
  *operation = *prototype;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(operation->name, sizeof operation->name, format, arguments);
  va_end(arguments);
}

int problem_rows(const operation_problem *problem, eipnn_tensor tensor)
{
  return structure_fixture_rows(problem->fixture, eipnn_graph_node(problem->graph, tensor)->rows);
}

int problem_cols(const operation_problem *problem, eipnn_tensor tensor)
{
  return eipnn_graph_node(problem->graph, tensor)->cols;
}

size_t problem_count(const operation_problem *problem, eipnn_tensor tensor)
{
  return (size_t)problem_rows(problem, tensor) * (size_t)problem_cols(problem, tensor);
}

eipnn_tensor problem_input(operation_problem *problem, int rows, int cols, double low, double high)
{
  if (problem->ninputs == PROBLEM_INPUTS) abort();
  eipnn_tensor input = eipnn_input(problem->graph, rows, cols);
  require(eipnn_graph_status(problem->graph), problem);
  size_t count = problem_count(problem, input);
  double *value = eipnn_calloc(count, sizeof *value);
  if (!value) abort();
  for (size_t k = 0; k < count; k++)
    value[k] = low + (high - low) * eipnn_random_uniform(problem->random);
  problem->input[problem->ninputs] = input;
  problem->value[problem->ninputs++] = value;
  return input;
}

/* Seeds for `count` tensors, those that are absent left out; differentiates. */
static int differentiate(operation_problem *problem, int count, const eipnn_tensor *tensor,
                         int nwrt, const eipnn_tensor *wrt, eipnn_tensor *result)
{
  eipnn_tensor output[PROBLEM_GRADIENTS], seed[PROBLEM_GRADIENTS];
  int noutputs = 0;
  for (int k = 0; k < count; k++) {
    if (tensor[k] == EIPNN_NO_TENSOR) continue;
    const eipnn_node node = *eipnn_graph_node(problem->graph, tensor[k]);
    output[noutputs] = tensor[k];
    seed[noutputs++] = problem_input(problem, node.rows, node.cols, -1.0, 1.0);
  }
  require(eipnn_graph_gradient(problem->graph, noutputs, output, seed, nwrt, wrt, result), problem);
  return nwrt;
}

void problem_create(operation_problem *problem, const operation_case *operation,
                    const problem_sizes *sizes, structure_fixture *fixture, eipnn_random *random)
{
  memset(problem, 0, sizeof *problem);
  problem->operation = operation;
  problem->sizes = *sizes;
  problem->fixture = fixture;
  problem->random = random;
  require(eipnn_graph_create(&problem->graph), problem);
  operation->build(problem);
  require(eipnn_graph_status(problem->graph), problem);
  eipnn_tensor wrt[PROBLEM_INPUTS];
  problem->gradient_first = eipnn_graph_size(problem->graph);
  int operands = problem->ninputs;
  memcpy(wrt, problem->input, sizeof wrt);
  problem->ngradients =
      differentiate(problem, problem->noutputs, problem->output, operands, wrt, problem->gradient);
  problem->gradient_last = eipnn_graph_size(problem->graph);
  int variables = problem->ninputs;
  memcpy(wrt, problem->input, sizeof wrt);
  problem->nseconds = differentiate(problem, problem->ngradients, problem->gradient, variables, wrt,
                                    problem->second);
}

void problem_free(operation_problem *problem)
{
  for (int k = 0; k < problem->ninputs; k++) free(problem->value[k]);
  eipnn_graph_free(&problem->graph);
}

eipnn_executor *problem_executor(operation_problem *problem, const eipnn_backend *backend,
                                 eipnn_precision precision)
{
  eipnn_tensor outputs[PROBLEM_OUTPUTS + 2 * PROBLEM_GRADIENTS];
  int n = 0;
  for (int k = 0; k < problem->noutputs; k++) outputs[n++] = problem->output[k];
  for (int k = 0; k < problem->ngradients; k++) outputs[n++] = problem->gradient[k];
  for (int k = 0; k < problem->nseconds; k++) outputs[n++] = problem->second[k];
  eipnn_halo halo = structure_fixture_halo(problem->fixture);
  eipnn_executor_options options = {backend, precision, 0, &halo};
  eipnn_executor *executor = NULL;
  require(eipnn_executor_create(problem->graph, &options, n, outputs, 0, &executor), problem);
  require(eipnn_executor_bind(executor, &problem->fixture->structure), problem);
  for (int k = 0; k < problem->ninputs; k++)
    require(eipnn_executor_set_input(executor, problem->input[k], problem->value[k]), problem);
  return executor;
}
