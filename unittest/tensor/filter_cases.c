/* SPDX-License-Identifier: GPL-2.0-or-later */
/* FILTER: every slot of the continuous-filter convolution. Expected values come from
   the form Phi of tensor/graph.h itself: it is linear in each argument, so that
   an element of a derivative is Phi with a unit vector in that argument's place. */
#include "operation_problem.h"

#include "base/memory.h"
#include "tensor/graph_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* parameter of a case. FUSED: a second output of the next order: slot S; with slot FILTER the same
   slot, 2: at other distances, 3: on another grid. */
enum { SLOT, ORDER, TABLE, FACTOR, FUSED };

static const int slot_place[] = {[EIPNN_SLOT_U] = EIPNN_FILTER_U,
                                 [EIPNN_SLOT_X] = EIPNN_FILTER_X,
                                 [EIPNN_SLOT_FILTER] = EIPNN_FILTER_FILTER,
                                 [EIPNN_SLOT_S] = EIPNN_FILTER_S};

static int second_slot(const int *parameter)
{
  return parameter[SLOT] == EIPNN_SLOT_FILTER ? EIPNN_SLOT_FILTER : EIPNN_SLOT_S;
}

/* second: of the second output */
static eipnn_grid grid_of(const operation_problem *problem, int second)
{
  const double width = second && problem->operation->parameter[FUSED] == 3 ? 5.8 : 4.6;
  return (eipnn_grid){0.4, width / (problem->sizes.nodes - 1), problem->sizes.nodes};
}

/* Operands in order of creation: FILTER, DISTANCE, X, U, S, without those the case lacks. */
static int has_operand(const int *parameter, int place)
{
  if (place == EIPNN_FILTER_DISTANCE) return parameter[TABLE];
  if (place == EIPNN_FILTER_S) return parameter[FACTOR];
  if (place == EIPNN_FILTER_X && parameter[FUSED]) return 1;
  return place != slot_place[parameter[SLOT]];
}

static void build_filter(operation_problem *problem)
{
  const int *parameter = problem->operation->parameter, cols = problem->sizes.cols;
  const eipnn_grid grid = grid_of(problem, 0), next = grid_of(problem, 1);
  const int rows[] = {parameter[TABLE] ? grid.nodes + 2 : EIPNN_ROWS_PAIR, EIPNN_ROWS_PAIR,
                      EIPNN_ROWS_ALL, EIPNN_ROWS_ATOM, EIPNN_ROWS_PAIR};
  eipnn_tensor input[EIPNN_MAX_INPUTS];
  for (int k = 0; k < EIPNN_MAX_INPUTS; k++) {
    const double low = k == EIPNN_FILTER_DISTANCE ? 0.1 : -1.0,
                 high = k == EIPNN_FILTER_DISTANCE ? 5.4 : 1.0;
    input[k] = EIPNN_NO_TENSOR;
    if (has_operand(parameter, k))
      input[k] =
          problem_input(problem, rows[k],
                        k == EIPNN_FILTER_DISTANCE || k == EIPNN_FILTER_S ? 1 : cols, low, high);
  }
  problem->output[problem->noutputs++] =
      eipnn_filter_form(problem->graph, (eipnn_slot)parameter[SLOT], parameter[ORDER],
                        parameter[TABLE], &grid, input);
  if (parameter[FUSED] == 2)
    input[EIPNN_FILTER_DISTANCE] =
        eipnn_affine(problem->graph, input[EIPNN_FILTER_DISTANCE], -1.0, 5.5);
  if (parameter[FUSED])
    problem->output[problem->noutputs++] =
        eipnn_filter_form(problem->graph, (eipnn_slot)second_slot(parameter), parameter[ORDER] + 1,
                          parameter[TABLE], &next, input);
  problem->flops = 12.0 * cols * problem->fixture->structure.npair * problem->noutputs;
}

/* m-th derivative of the cubic B-spline on the knots 0 1 2 3 4, by truncated powers. */
static double truncated_powers(int order, double u)
{
  static const double binomial[] = {1.0, -4.0, 6.0, -4.0, 1.0};
  double value = 0.0;
  for (int k = 0; k < 5; k++)
    if (u > k) value += binomial[k] * pow(u - k, 3 - order) / tgamma(4 - order);
  return order > 3 || u >= 4.0 ? 0.0 : value; /* the sum beyond 4 is rounding */
}

/* B-spline k at a position (in units of the spacing) of the table; outside, the
   Taylor series of the end interval about its inner part. */
static double basis_value(int order, int k, double position, int nodes)
{
  double inside = position;
  if (position < 0.0) inside = 0.25;
  if (position > nodes - 1) inside = nodes - 1.25;
  if (inside <= k - 3 || inside >= k + 1) return 0.0;
  double value = 0.0, factor = 1.0;
  for (int m = 0; order + m < 4; m++) {
    value += factor * truncated_powers(order + m, inside - k + 3.0);
    factor *= (position - inside) / (m + 1);
  }
  return value;
}

static double filter_value(const operation_problem *problem, double *const *argument, int order,
                           int pair, int column)
{
  const int cols = problem->sizes.cols;
  if (!problem->operation->parameter[TABLE])
    return argument[EIPNN_FILTER_FILTER][pair * cols + column];
  const int second = order > problem->operation->parameter[ORDER];
  const eipnn_grid grid = grid_of(problem, second);
  double distance = argument[EIPNN_FILTER_DISTANCE][pair];
  if (second && problem->operation->parameter[FUSED] == 2) distance = 5.5 - distance;
  const double position = (distance - grid.origin) / grid.spacing;
  double value = 0.0;
  for (int k = 0; k < grid.nodes + 2; k++) {
    const double coefficient = argument[EIPNN_FILTER_FILTER][k * cols + column];
    if (coefficient != 0.0) value += coefficient * basis_value(order, k, position, grid.nodes);
  }
  return value / pow(grid.spacing, order);
}

/* The part of Phi that pair and column contribute. */
static double form_term(const operation_problem *problem, double *const *argument, int order,
                        int pair, int column)
{
  const eipnn_structure *s = &problem->fixture->structure;
  const int cols = problem->sizes.cols;
  const int i = s->pair_i[pair] * cols + column, j = s->pair_j[pair] * cols + column;
  double product = argument[EIPNN_FILTER_X][j] * argument[EIPNN_FILTER_U][i];
  if (s->pair_j[pair] < s->natom)
    product += argument[EIPNN_FILTER_X][i] * argument[EIPNN_FILTER_U][j];
  if (product == 0.0) return 0.0;
  const double factor = argument[EIPNN_FILTER_S] ? argument[EIPNN_FILTER_S][pair] : 1.0;
  return factor * product * filter_value(problem, argument, order, pair, column);
}

static double form(const operation_problem *problem, double *const *argument, int order, int column)
{
  double sum = 0.0;
  for (int pair = 0; pair < problem->fixture->structure.npair; pair++)
    sum += form_term(problem, argument, order, pair, column);
  return sum;
}

static void expect_filter(const operation_problem *problem, int m, double *values)
{
  const int *parameter = problem->operation->parameter, cols = problem->sizes.cols;
  const int slot = m ? second_slot(parameter) : parameter[SLOT];
  double *argument[EIPNN_MAX_INPUTS] = {NULL};
  int next = 0;
  for (int k = 0; k < EIPNN_MAX_INPUTS; k++)
    if (has_operand(parameter, k)) argument[k] = problem->value[next++];
  const size_t count = problem_count(problem, problem->output[m]);
  double *unit = eipnn_calloc(count, sizeof *unit);
  if (!unit) abort();
  argument[slot_place[slot]] = unit;
  for (size_t k = 0; k < count; k++) {
    unit[k] = 1.0;
    values[k] = 0.0;
    for (int c = 0; c < cols; c++)
      if (slot == EIPNN_SLOT_S || c == (int)(k % (size_t)cols))
        values[k] += form(problem, argument, parameter[ORDER] + m, c);
    unit[k] = 0.0;
  }
  free(unit);
}

size_t filter_cases(operation_case **list, size_t count)
{
  static const char *name[] = {"u", "x", "filter", "s"};
  operation_case filter = {.build = build_filter, .expect = expect_filter};
  for (int k = 0; k < 4 * 4 * 2; k++) {
    const int slot = k / 8, order = k / 2 % 4 - 1, factor = k % 2;
    if (slot == EIPNN_SLOT_S && factor) continue;
    const int parameter[] = {slot, order < 0 ? 0 : order, order >= 0, factor, 0};
    memcpy(filter.parameter, parameter, sizeof parameter);
    case_append(list, &count, &filter, "filter %s, %s%s", name[slot],
                (const char *[]){"exact", "table", "table'", "table''"}[order + 1],
                factor ? ", with s" : "");
  }
  for (int order = 0; order < 3; order++) {
    memcpy(filter.parameter, (int[]){EIPNN_SLOT_X, order, 1, 0, 1}, sizeof filter.parameter);
    case_append(list, &count, &filter, "filter x and s fused, order %d", order);
  }
  for (int k = 1; k < 4; k++) {
    memcpy(filter.parameter, (int[]){EIPNN_SLOT_FILTER, 0, 1, 0, k}, sizeof filter.parameter);
    case_append(list, &count, &filter, "filter filter twice%s",
                (const char *[]){"", ", other distances", ", another grid"}[k - 1]);
  }
  return count;
}
