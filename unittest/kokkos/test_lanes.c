/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernels with teams, on teams of a GPU's shapes (lanes.h): against "ref", and the same bits
   in whichever order threads and lanes run. */
#include "lanes_backend.h"
#include "operation_problem.h"

#include "base/memory.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TENSORS = PROBLEM_OUTPUTS + 2 * PROBLEM_GRADIENTS };

/* What an operation computes: outputs, gradients, gradients of those. */
typedef struct computed {
  int ntensors;
  size_t count[TENSORS];
  double *value[TENSORS];
} computed;

static void fetch(computed *result, const operation_problem *problem,
                  const eipnn_executor *executor, int ntensors, const eipnn_tensor *tensor)
{
  for (int k = 0; k < ntensors; k++) {
    if (tensor[k] == EIPNN_NO_TENSOR) continue;
    const int t = result->ntensors++;
    result->count[t] = problem_count(problem, tensor[k]);
    result->value[t] = eipnn_calloc(result->count[t], sizeof *result->value[t]);
    assert_non_null(result->value[t]);
    assert_int_equal(eipnn_executor_get(executor, tensor[k], result->value[t]), EIPNN_OK);
  }
}

static computed compute(operation_problem *problem, const eipnn_backend *backend,
                        eipnn_precision precision)
{
  computed result = {.ntensors = 0};
  eipnn_executor *executor = problem_executor(problem, backend, precision);
  assert_int_equal(eipnn_executor_run(executor, 0, eipnn_graph_size(problem->graph)), EIPNN_OK);
  fetch(&result, problem, executor, problem->noutputs, problem->output);
  fetch(&result, problem, executor, problem->ngradients, problem->gradient);
  fetch(&result, problem, executor, problem->nseconds, problem->second);
  eipnn_executor_free(&executor);
  return result;
}

static void computed_free(computed *result)
{
  for (int t = 0; t < result->ntensors; t++) free(result->value[t]);
}

/* tolerance: relative to the largest element of a tensor, or to 1 where that is larger; 0: equal */
static void assert_close(const operation_problem *problem, const char *what, const computed *got,
                         const computed *expected, double tolerance)
{
  assert_int_equal(got->ntensors, expected->ntensors);
  for (int t = 0; t < got->ntensors; t++) {
    double scale = 1.0;
    for (size_t k = 0; k < got->count[t]; k++) scale = fmax(scale, fabs(expected->value[t][k]));
    for (size_t k = 0; k < got->count[t]; k++)
      if (!(fabs(got->value[t][k] - expected->value[t][k]) <= tolerance * scale))
        fail_msg("%s (%s), %s: tensor %d, element %zu: %.17g, expected %.17g",
                 problem->operation->name, problem->fixture->name, what, t, k, got->value[t][k],
                 expected->value[t][k]);
  }
}

/* Two orders after the natural one: the first thread last, and one in the middle last, which then
   goes on before those whose sums it shares. */
static const struct {
  const char *name;
  int first, backwards;
} order[] = {{"thread 0 last", -1, 1}, {"thread 1 last", 2, 0}};

static void compare(operation_problem *problem, const computed *ref, eipnn_precision precision)
{
  const double tolerance = precision == EIPNN_PRECISION_DOUBLE ? 1e-13 : 1e-5;
  lanes_set_order(0, 0);
  computed natural = compute(problem, lanes_backend(), precision);
  assert_close(problem, eipnn_precision_name(precision), &natural, ref, tolerance);
  for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
    lanes_set_order(order[k].first, order[k].backwards);
    computed other = compute(problem, lanes_backend(), precision);
    assert_close(problem, order[k].name, &other, &natural, 0.0);
    computed_free(&other);
  }
  computed_free(&natural);
}

static int is_filter(const operation_case *operation)
{
  return strncmp(operation->name, "filter", 6) == 0;
}

static int is_sum(const operation_case *operation)
{
  return strncmp(operation->name, "scatter", 7) == 0 || strcmp(operation->name, "sum rows") == 0;
}

/* Columns of which a lane takes one, several at once, or a second turn; more pairs than a thread
   describes at a time; threads without an atom. */
static const struct {
  structure_options structure;
  problem_sizes sizes;
  int (*applies)(const operation_case *operation);
} setting[] = {
    {{"blocks of columns", 7, 3, 24, 3, 2}, {8, 4, 2, 6}, is_filter},
    {{"one column", 20, 4, 30, 2, 2}, {1, 4, 2, 4}, is_filter},
    {{"long lists, two turns", 2, 1, 90, 1, 2}, {37, 4, 2, 3}, is_filter},
    {{"many columns", 9, 4, 20, 2, 3}, {37, 3, 3, 3}, is_sum},
    {{"many rows", 600, 10, 700, 70, 2}, {3, 3, 3, 3}, is_sum},
};

static void test_operation(void **state)
{
  const operation_case *operation = *state;
  eipnn_random random;
  for (size_t k = 0; k < sizeof setting / sizeof *setting; k++) {
    if (!setting[k].applies(operation)) continue;
    eipnn_random_seed(&random, 1989, k);
    structure_fixture fixture;
    operation_problem problem;
    structure_fixture_create(&fixture, &setting[k].structure, &random);
    problem_create(&problem, operation, &setting[k].sizes, &fixture, &random);
    computed ref = compute(&problem, eipnn_backend_ref(), EIPNN_PRECISION_DOUBLE);
    compare(&problem, &ref, EIPNN_PRECISION_SINGLE);
    compare(&problem, &ref, EIPNN_PRECISION_DOUBLE);
    computed_free(&ref);
    problem_free(&problem);
    structure_fixture_free(&fixture);
  }
}

int main(int argc, char **argv)
{
  operation_case *list = NULL;
  size_t ntests = 0, count = matrix_cases(&list, 0);
  count = index_cases(&list, count);
  count = filter_cases(&list, count);
  struct CMUnitTest *tests = eipnn_calloc(count, sizeof *tests);
  if (!tests || eipnn_backend_start("kokkos-host") != EIPNN_OK) abort();
  for (size_t k = 0; k < count; k++)
    if ((is_filter(&list[k]) || is_sum(&list[k])) && (argc < 2 || strstr(list[k].name, argv[1])))
      tests[ntests++] = (struct CMUnitTest){list[k].name, test_operation, NULL, NULL, &list[k]};
  const int result = _cmocka_run_group_tests("lanes", tests, ntests, NULL, NULL);
  free(tests);
  free(list);
  return result;
}
