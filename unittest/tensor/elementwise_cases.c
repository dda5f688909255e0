/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ADD, MUL, AFFINE, UNARY, REPEAT. */
#include "operation_problem.h"

#include <math.h>
#include <string.h>

/* parameter: 0 add, 1 mul; 1: b has one row; 2: b has one column */
static void build_broadcast(operation_problem *problem)
{
  const int *parameter = problem->operation->parameter, cols = problem->sizes.cols;
  eipnn_tensor a = problem_input(problem, EIPNN_ROWS_ATOM, cols, -1.0, 1.0);
  eipnn_tensor b = problem_input(problem, parameter[1] ? 1 : EIPNN_ROWS_ATOM,
                                 parameter[2] ? 1 : cols, -1.0, 1.0);
  problem->output[problem->noutputs++] =
      parameter[0] ? eipnn_mul(problem->graph, a, b) : eipnn_add(problem->graph, a, b);
}

static void expect_broadcast(const operation_problem *problem, int m, double *values)
{
  (void)m;
  const int *parameter = problem->operation->parameter, cols = problem->sizes.cols;
  for (int r = 0; r < problem->fixture->structure.natom; r++)
    for (int c = 0; c < cols; c++) {
      int row = parameter[1] ? 0 : r, column = parameter[2] ? 0 : c;
      double a = problem->value[0][r * cols + c];
      double b = problem->value[1][row * (parameter[2] ? 1 : cols) + column];
      values[r * cols + c] = parameter[0] ? a * b : a + b;
    }
}

static void build_affine(operation_problem *problem)
{
  eipnn_tensor a = problem_input(problem, EIPNN_ROWS_PAIR, problem->sizes.cols, -1.0, 1.0);
  problem->output[problem->noutputs++] = eipnn_affine(problem->graph, a, -2.5, 0.75);
}

static void expect_affine(const operation_problem *problem, int m, double *values)
{
  (void)m;
  for (size_t k = 0; k < problem_count(problem, problem->output[0]); k++)
    values[k] = 0.75 - problem->value[0][k] * 2.5;
}

static const struct {
  const char *name;
  double low, high;
} function_range[EIPNN_FUNCTION_COUNT] = {
    [EIPNN_FUNCTION_SSP] = {"ssp", -8.0, 8.0},
    [EIPNN_FUNCTION_SIGMOID] = {"sigmoid", -8.0, 8.0},
    [EIPNN_FUNCTION_EXP] = {"exp", -3.0, 3.0},
    [EIPNN_FUNCTION_SIN] = {"sin", -7.0, 7.0},
    [EIPNN_FUNCTION_COS] = {"cos", -7.0, 7.0},
    [EIPNN_FUNCTION_SQRT] = {"sqrt", 0.2, 9.0},
    [EIPNN_FUNCTION_RECIPROCAL] = {"reciprocal", 0.5, 4.0},
};

/* parameter 0: the function; 1: with bias */
static void build_unary(operation_problem *problem)
{
  eipnn_function function = (eipnn_function)problem->operation->parameter[0];
  eipnn_tensor a = problem_input(problem, EIPNN_ROWS_ATOM, problem->sizes.cols,
                                 function_range[function].low, function_range[function].high);
  if (!problem->operation->parameter[1]) {
    problem->output[problem->noutputs++] = eipnn_unary(problem->graph, function, a);
    return;
  }
  eipnn_tensor bias = problem_input(problem, 1, problem->sizes.cols, 0.0, 0.5);
  problem->output[problem->noutputs++] = eipnn_activation(problem->graph, function, a, bias);
}

static double function_value(eipnn_function function, double x)
{
  switch (function) {
    case EIPNN_FUNCTION_SSP: return log(0.5 * exp(x) + 0.5);
    case EIPNN_FUNCTION_SIGMOID: return 0.5 + 0.5 * tanh(0.5 * x);
    case EIPNN_FUNCTION_EXP: return exp2(x / log(2.0));
    case EIPNN_FUNCTION_SIN: return cos(x - acos(0.0));
    case EIPNN_FUNCTION_COS: return sin(x + acos(0.0));
    case EIPNN_FUNCTION_SQRT: return pow(x, 0.5);
    case EIPNN_FUNCTION_RECIPROCAL: return pow(x, -1.0);
    case EIPNN_FUNCTION_COUNT: break;
  }
  return NAN;
}

static void expect_unary(const operation_problem *problem, int m, double *values)
{
  (void)m;
  const int *parameter = problem->operation->parameter;
  for (size_t k = 0; k < problem_count(problem, problem->output[0]); k++) {
    const double bias = parameter[1] ? problem->value[1][k % (size_t)problem->sizes.cols] : 0.0;
    values[k] = function_value((eipnn_function)parameter[0], problem->value[0][k] + bias);
  }
}

/* parameter 0: the operand has one row; 1: it has one column */
static void build_repeat(operation_problem *problem)
{
  const int *parameter = problem->operation->parameter, cols = problem->sizes.cols;
  eipnn_tensor a = problem_input(problem, parameter[0] ? 1 : EIPNN_ROWS_PAIR,
                                 parameter[1] ? 1 : cols, -1.0, 1.0);
  problem->output[problem->noutputs++] = eipnn_repeat(problem->graph, a, EIPNN_ROWS_PAIR, cols);
}

static void expect_repeat(const operation_problem *problem, int m, double *values)
{
  (void)m;
  const int *parameter = problem->operation->parameter, cols = problem->sizes.cols;
  for (int r = 0; r < problem->fixture->structure.npair; r++)
    for (int c = 0; c < cols; c++)
      values[r * cols + c] = problem->value[0][(parameter[0] ? 0 : r) * (parameter[1] ? 1 : cols) +
                                               (parameter[1] ? 0 : c)];
}

size_t elementwise_cases(operation_case **list, size_t count)
{
  static const char *shape[2][2] = {{"full", "one column"}, {"one row", "1 x 1"}};
  operation_case broadcast = {.build = build_broadcast, .expect = expect_broadcast};
  operation_case affine = {.build = build_affine, .expect = expect_affine};
  operation_case unary = {.build = build_unary, .expect = expect_unary};
  operation_case repeat = {.build = build_repeat, .expect = expect_repeat};
  for (int k = 0; k < 8; k++) {
    const int mul = k / 4, row = k / 2 % 2, column = k % 2;
    memcpy(broadcast.parameter, (int[]){mul, row, column}, 3 * sizeof(int));
    case_append(list, &count, &broadcast, "%s, b %s", mul ? "mul" : "add", shape[row][column]);
  }
  case_append(list, &count, &affine, "affine");
  for (int k = 0; k < 2 * EIPNN_FUNCTION_COUNT; k++) {
    unary.parameter[0] = k / 2;
    unary.parameter[1] = k % 2;
    case_append(list, &count, &unary, "unary %s%s", function_range[k / 2].name,
                k % 2 ? ", bias" : "");
  }
  for (int k = 1; k < 4; k++) {
    const int row = k / 2, column = k % 2;
    memcpy(repeat.parameter, (int[]){row, column}, 2 * sizeof(int));
    case_append(list, &count, &repeat, "repeat %s", shape[row][column]);
  }
  return count;
}
