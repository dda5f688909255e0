/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MATMUL, LINEAR, SUM_ROWS, SUM_COLS, SPLINE. */
#include "operation_problem.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* parameter 0, 1: a, b transposed. The rows of a are atoms. */
static void build_matmul(operation_problem *problem)
{
  const int ta = problem->operation->parameter[0], tb = problem->operation->parameter[1];
  const int cols = problem->sizes.cols, inner = problem->sizes.inner;
  eipnn_tensor a = problem_input(problem, ta && tb ? inner : EIPNN_ROWS_ATOM, inner, -1.0, 1.0);
  int sum = ta && !tb ? EIPNN_ROWS_ATOM : inner;
  eipnn_tensor b = problem_input(problem, tb ? cols : sum, tb ? sum : cols, -1.0, 1.0);
  problem->output[problem->noutputs++] = eipnn_matmul(problem->graph, a, ta, b, tb);
  problem->flops = 2.0 * cols * (double)problem_count(problem, a);
}

/* The product of outer products: sums over the inner index outermost. */
static void expect_matmul(const operation_problem *problem, int m, double *values)
{
  (void)m;
  const int ta = problem->operation->parameter[0], tb = problem->operation->parameter[1];
  const int arows = problem_rows(problem, problem->input[0]);
  const int acols = problem_cols(problem, problem->input[0]);
  const int bcols = problem_cols(problem, problem->input[1]);
  const int rows = ta ? acols : arows, inner = ta ? arows : acols;
  const int cols = problem_cols(problem, problem->output[0]);
  memset(values, 0, (size_t)rows * (size_t)cols * sizeof *values);
  for (int k = 0; k < inner; k++)
    for (int r = 0; r < rows; r++)
      for (int c = 0; c < cols; c++)
        values[r * cols + c] += problem->value[0][ta ? k * acols + r : r * acols + k] *
                                problem->value[1][tb ? c * bcols + k : k * bcols + c];
}

/* parameter 2: with residual */
static void build_linear(operation_problem *problem)
{
  const int cols = problem->sizes.cols, inner = problem->sizes.inner;
  eipnn_tensor a = problem_input(problem, EIPNN_ROWS_ATOM, inner, -1.0, 1.0);
  eipnn_tensor weight = problem_input(problem, inner, cols, -1.0, 1.0);
  eipnn_tensor bias = problem_input(problem, 1, cols, -1.0, 1.0);
  problem->flops = 2.0 * cols * (double)problem_count(problem, a);
  if (!problem->operation->parameter[2]) {
    problem->output[problem->noutputs++] = eipnn_linear(problem->graph, a, weight, bias);
    return;
  }
  eipnn_tensor residual = problem_input(problem, EIPNN_ROWS_ATOM, cols, -1.0, 1.0);
  problem->output[problem->noutputs++] =
      eipnn_linear_residual(problem->graph, a, weight, bias, residual);
}

static void expect_linear(const operation_problem *problem, int m, double *values)
{
  const int cols = problem->sizes.cols;
  expect_matmul(problem, m, values);
  for (size_t k = 0; k < problem_count(problem, problem->output[0]); k++)
    values[k] += problem->value[2][k % (size_t)cols] +
                 (problem->operation->parameter[2] ? problem->value[3][k] : 0.0);
}

/* parameter 0: 0 rows, 1 columns are summed over */
static void build_sum(operation_problem *problem)
{
  eipnn_tensor a = problem_input(problem, EIPNN_ROWS_PAIR, problem->sizes.cols, -1.0, 1.0);
  problem->output[problem->noutputs++] = problem->operation->parameter[0]
                                             ? eipnn_sum_cols(problem->graph, a)
                                             : eipnn_sum_rows(problem->graph, a);
}

static void expect_sum(const operation_problem *problem, int m, double *values)
{
  (void)m;
  const size_t cols = (size_t)problem->sizes.cols;
  memset(values, 0, problem_count(problem, problem->output[0]) * sizeof *values);
  for (size_t k = problem_count(problem, problem->input[0]); k-- > 0;)
    values[problem->operation->parameter[0] ? k / cols : k % cols] += problem->value[0][k];
}

/* parameter 0: transposed */
static void build_spline(operation_problem *problem)
{
  const int transposed = problem->operation->parameter[0], nodes = problem->sizes.nodes;
  eipnn_tensor a =
      problem_input(problem, nodes + (transposed ? 2 : 0), problem->sizes.cols, -1.0, 1.0);
  problem->output[problem->noutputs++] =
      transposed ? eipnn_spline_adjoint(problem->graph, a) : eipnn_spline(problem->graph, a);
}

/* The conditions that define the coefficients, row by row: values at the nodes,
   then the second derivative at both ends. Or the transpose of all that. */
static void spline_conditions(double *matrix, int nodes, int transposed)
{
  const int n = nodes + 2;
  memset(matrix, 0, (size_t)n * (size_t)n * sizeof *matrix);
  for (int r = 0; r < n; r++) {
    const double value[3] = {1.0 / 6.0, 4.0 / 6.0, 1.0 / 6.0}, curvature[3] = {1.0, -2.0, 1.0};
    const int first = r < nodes ? r : (r - nodes) * (nodes - 1);
    for (int k = 0; k < 3; k++)
      matrix[transposed ? (first + k) * n + r : r * n + first + k] =
          r < nodes ? value[k] : curvature[k];
  }
}

static void swap_rows(double *matrix, int n, int a, int b)
{
  for (int c = 0; c < n; c++) {
    double swap = matrix[a * n + c];
    matrix[a * n + c] = matrix[b * n + c];
    matrix[b * n + c] = swap;
  }
}

/* Gauss-Jordan with partial pivoting; right-hand sides in columns. */
static void solve_dense(double *matrix, int n, double *rhs, int cols)
{
  for (int k = 0; k < n; k++) {
    int pivot = k;
    for (int r = k; r < n; r++)
      if (fabs(matrix[r * n + k]) > fabs(matrix[pivot * n + k])) pivot = r;
    if (pivot != k) {
      swap_rows(matrix, n, k, pivot);
      for (int c = 0; c < cols; c++) {
        double swap = rhs[k * cols + c];
        rhs[k * cols + c] = rhs[pivot * cols + c];
        rhs[pivot * cols + c] = swap;
      }
    }
    for (int r = 0; r < n; r++) {
      if (r == k) continue;
      const double factor = matrix[r * n + k] / matrix[k * n + k];
      for (int c = 0; c < n; c++) matrix[r * n + c] -= factor * matrix[k * n + c];
      for (int c = 0; c < cols; c++) rhs[r * cols + c] -= factor * rhs[k * cols + c];
    }
  }
  for (int k = 0; k < n; k++)
    for (int c = 0; c < cols; c++) rhs[k * cols + c] /= matrix[k * n + k];
}

static void expect_spline(const operation_problem *problem, int m, double *values)
{
  (void)m;
  const int nodes = problem->sizes.nodes, n = nodes + 2, cols = problem->sizes.cols;
  double *matrix = eipnn_calloc((size_t)(n * n), sizeof *matrix);
  double *rhs = eipnn_calloc((size_t)(n * cols), sizeof *rhs);
  if (!matrix || !rhs) abort();
  memcpy(rhs, problem->value[0], problem_count(problem, problem->input[0]) * sizeof *rhs);
  spline_conditions(matrix, nodes, problem->operation->parameter[0]);
  solve_dense(matrix, n, rhs, cols);
  memcpy(values, rhs, problem_count(problem, problem->output[0]) * sizeof *rhs);
  free(matrix);
  free(rhs);
}

size_t matrix_cases(operation_case **list, size_t count)
{
  operation_case matmul = {.build = build_matmul, .expect = expect_matmul};
  operation_case linear = {.build = build_linear, .expect = expect_linear};
  operation_case sum = {.build = build_sum, .expect = expect_sum};
  operation_case spline = {.build = build_spline, .expect = expect_spline};
  for (int k = 0; k < 4; k++) {
    matmul.parameter[0] = k / 2;
    matmul.parameter[1] = k % 2;
    case_append(list, &count, &matmul, "matmul a%s b%s", k / 2 ? "^T" : "", k % 2 ? "^T" : "");
  }
  case_append(list, &count, &linear, "linear");
  linear.parameter[2] = 1;
  case_append(list, &count, &linear, "linear, residual");
  for (int k = 0; k < 2; k++) {
    sum.parameter[0] = spline.parameter[0] = k;
    case_append(list, &count, &sum, k ? "sum cols" : "sum rows");
    case_append(list, &count, &spline, k ? "spline adjoint" : "spline");
  }
  return count;
}
