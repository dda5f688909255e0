/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every operation: values against formulas of their own, gradients and gradients of
   gradients against central differences (backend "ref"), backend "cpu" in
   every precision against "ref". With --bench [TEXT]: time of each operation whose
   name contains TEXT instead. */
#include "operation_bench.h"
#include "operation_problem.h"

#include "base/memory.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static double *fetch(const operation_problem *problem, const eipnn_executor *executor,
                     eipnn_tensor tensor)
{
  double *values = eipnn_calloc(problem_count(problem, tensor), sizeof *values);
  assert_non_null(values);
  assert_int_equal(eipnn_executor_get(executor, tensor, values), EIPNN_OK);
  return values;
}

static void assert_close(const operation_problem *problem, const char *what, int which,
                         const double *got, const double *expected, size_t count, double tolerance)
{
  double scale = 1.0;
  for (size_t k = 0; k < count; k++)
    if (fabs(expected[k]) > scale) scale = fabs(expected[k]);
  for (size_t k = 0; k < count; k++)
    if (!(fabs(got[k] - expected[k]) <= tolerance * scale))
      fail_msg("%s (%s): %s %d, element %zu: %.17g, expected %.17g", problem->operation->name,
               problem->fixture->name, what, which, k, got[k], expected[k]);
}

static void check_values(const operation_problem *problem, const eipnn_executor *executor)
{
  for (int m = 0; m < problem->noutputs; m++) {
    size_t count = problem_count(problem, problem->output[m]);
    double *got = fetch(problem, executor, problem->output[m]);
    double *expected = eipnn_calloc(count, sizeof *expected);
    assert_non_null(expected);
    problem->operation->expect(problem, m, expected);
    assert_close(problem, "output", m, got, expected, count, 1e-12);
    free(got);
    free(expected);
  }
}

/* sum over tensors of <tensor, its seed>; seeds are the inputs from first_seed on. */
static double weighted_sum(const operation_problem *problem, eipnn_executor *executor, int count,
                           const eipnn_tensor *tensor, int first_seed)
{
  assert_int_equal(eipnn_executor_run(executor, 0, eipnn_graph_size(problem->graph)), EIPNN_OK);
  double sum = 0.0;
  for (int k = 0; k < count; k++) {
    if (tensor[k] == EIPNN_NO_TENSOR) continue;
    double *values = fetch(problem, executor, tensor[k]);
    for (size_t e = 0; e < problem_count(problem, tensor[k]); e++)
      sum += values[e] * problem->value[first_seed][e];
    free(values);
    first_seed++;
  }
  return sum;
}

/* gradient of weighted_sum by input `which`, element by element */
static void check_gradient(const operation_problem *problem, eipnn_executor *executor, int count,
                           const eipnn_tensor *tensor, int first_seed, int which,
                           eipnn_tensor gradient)
{
  const double step = 1e-5;
  const size_t size = problem_count(problem, problem->input[which]);
  double *got = eipnn_calloc(size, sizeof *got), *expected = eipnn_calloc(size, sizeof *expected);
  assert_true(got && expected);
  assert_int_equal(eipnn_executor_run(executor, 0, eipnn_graph_size(problem->graph)), EIPNN_OK);
  if (gradient != EIPNN_NO_TENSOR)
    assert_int_equal(eipnn_executor_get(executor, gradient, got), EIPNN_OK);
  for (size_t e = 0; e < size; e++) {
    double *value = &problem->value[which][e];
    const double center = *value;
    for (int sign = 1; sign >= -1; sign -= 2) {
      *value = center + sign * step;
      eipnn_executor_set_input(executor, problem->input[which], problem->value[which]);
      expected[e] += sign * weighted_sum(problem, executor, count, tensor, first_seed);
    }
    expected[e] /= 2.0 * step;
    *value = center;
    eipnn_executor_set_input(executor, problem->input[which], problem->value[which]);
  }
  assert_close(problem, tensor == problem->output ? "gradient" : "second gradient", which, got,
               expected, size, 1e-7);
  free(got);
  free(expected);
}

static void check_derivatives(const operation_problem *problem, eipnn_executor *executor)
{
  const int variables = problem->ngradients + problem->noutputs;
  for (int k = 0; k < problem->ngradients; k++)
    check_gradient(problem, executor, problem->noutputs, problem->output, problem->ngradients, k,
                   problem->gradient[k]);
  for (int k = 0; k < problem->nseconds; k++)
    check_gradient(problem, executor, problem->ngradients, problem->gradient, variables, k,
                   problem->second[k]);
}

static void compare_tensors(const operation_problem *problem, const eipnn_executor *ref,
                            const eipnn_executor *other, const char *what, int count,
                            const eipnn_tensor *tensor, double tolerance)
{
  for (int k = 0; k < count; k++) {
    if (tensor[k] == EIPNN_NO_TENSOR) continue;
    double *expected = fetch(problem, ref, tensor[k]), *got = fetch(problem, other, tensor[k]);
    assert_close(problem, what, k, got, expected, problem_count(problem, tensor[k]), tolerance);
    free(expected);
    free(got);
  }
}

static void check_cpu(operation_problem *problem, eipnn_executor *ref)
{
  static const double tolerance[] = {[EIPNN_PRECISION_SINGLE] = 1e-5,
                                     [EIPNN_PRECISION_MIXED] = 1e-5,
                                     [EIPNN_PRECISION_DOUBLE] = 1e-13};
  const int size = eipnn_graph_size(problem->graph);
  assert_int_equal(eipnn_executor_run(ref, 0, size), EIPNN_OK);
  for (eipnn_precision p = EIPNN_PRECISION_SINGLE; p <= EIPNN_PRECISION_DOUBLE; p++) {
    eipnn_executor *cpu = problem_executor(problem, eipnn_backend_cpu(), p);
    assert_int_equal(eipnn_executor_run(cpu, 0, size), EIPNN_OK);
    compare_tensors(problem, ref, cpu, "cpu output", problem->noutputs, problem->output,
                    tolerance[p]);
    compare_tensors(problem, ref, cpu, "cpu gradient", problem->ngradients, problem->gradient,
                    tolerance[p]);
    compare_tensors(problem, ref, cpu, "cpu second gradient", problem->nseconds, problem->second,
                    tolerance[p]);
    eipnn_executor_free(&cpu);
  }
}

/* Sizes are chosen so that vectors of every width have a remainder. The larger are compared
   with values alone, or only between backends. */
enum { BACKENDS, VALUES, DERIVATIVES };
static const struct {
  structure_options structure;
  problem_sizes sizes;
  int level;
} setting[] = {
    {{"ghosts", 7, 3, 24, 3, 2}, {3, 4, 2, 9}, DERIVATIVES},
    {{"no ghosts, one configuration", 5, 0, 13, 1, 1}, {2, 3, 1, 6}, DERIVATIVES},
    {{"no pairs", 3, 1, 0, 2, 2}, {3, 2, 2, 5}, DERIVATIVES},
    {{"no atoms", 0, 0, 0, 1, 2}, {3, 2, 2, 5}, DERIVATIVES},
    {{"many columns", 9, 4, 20, 2, 3}, {37, 19, 3, 45}, VALUES},
    {{"a layer", 20, 9, 130, 2, 3}, {128, 64, 3, 33}, BACKENDS},
    {{"very many columns", 4, 2, 11, 2, 3}, {531, 5, 3, 7}, BACKENDS},
};

static void test_operation(void **state)
{
  const operation_case *operation = *state;
  eipnn_random random;
  for (size_t k = 0; k < sizeof setting / sizeof *setting; k++) {
    eipnn_random_seed(&random, 2024, k);
    structure_fixture fixture;
    operation_problem problem;
    structure_fixture_create(&fixture, &setting[k].structure, &random);
    problem_create(&problem, operation, &setting[k].sizes, &fixture, &random);
    eipnn_executor *ref = problem_executor(&problem, eipnn_backend_ref(), EIPNN_PRECISION_DOUBLE);
    assert_int_equal(eipnn_executor_run(ref, 0, eipnn_graph_size(problem.graph)), EIPNN_OK);
    if (setting[k].level >= VALUES) check_values(&problem, ref);
    if (setting[k].level >= DERIVATIVES) check_derivatives(&problem, ref);
    check_cpu(&problem, ref);
    eipnn_executor_free(&ref);
    problem_free(&problem);
    structure_fixture_free(&fixture);
  }
}

static const operation_case *find_case(const operation_case *list, size_t count, const char *name)
{
  for (size_t k = 0; k < count; k++)
    if (strcmp(list[k].name, name) == 0) return &list[k];
  return NULL;
}

/* A callback of the host that fails stops the run with its own status. */
static void test_halo_failure(void **state)
{
  (void)state;
  operation_case *list = NULL;
  size_t count = index_cases(&list, 0);
  const char *name[] = {"halo", "halo sum"};
  for (int k = 0; k < 4; k++) {
    eipnn_random random;
    eipnn_random_seed(&random, 5, 0);
    structure_fixture fixture;
    operation_problem problem;
    structure_fixture_create(&fixture, &setting[0].structure, &random);
    problem_create(&problem, find_case(list, count, name[k % 2]), &setting[0].sizes, &fixture,
                   &random);
    fixture.fail = 1;
    eipnn_executor *executor = problem_executor(
        &problem, k / 2 ? eipnn_backend_cpu() : eipnn_backend_ref(), EIPNN_PRECISION_DOUBLE);
    assert_int_equal(eipnn_executor_run(executor, 0, eipnn_graph_size(problem.graph)),
                     EIPNN_ERROR_CALLBACK);
    eipnn_executor_free(&executor);
    problem_free(&problem);
    structure_fixture_free(&fixture);
  }
  free(list);
}

/* NaN goes in, NaN comes out, and no table is read outside its rows. */
static void test_nan(void **state)
{
  (void)state;
  operation_case *list = NULL;
  size_t count = elementwise_cases(&list, 0);
  count = filter_cases(&list, count);
  for (size_t k = 0; k < count; k++) {
    eipnn_random random;
    eipnn_random_seed(&random, 6, 0);
    structure_fixture fixture;
    operation_problem problem;
    structure_fixture_create(&fixture, &setting[4].structure, &random);
    problem_create(&problem, &list[k], &setting[4].sizes, &fixture, &random);
    const int which = strncmp(list[k].name, "filter", 6) == 0 &&
                      strstr(list[k].name, "filter filter") == NULL &&
                      strstr(list[k].name, "exact") == NULL;
    for (size_t e = 0; e < problem_count(&problem, problem.input[which]); e++)
      problem.value[which][e] = e % 3 == 0 ? NAN : e % 2 ? 1e300 : -INFINITY;
    for (int p = -1; p <= EIPNN_PRECISION_DOUBLE; p++) {
      eipnn_executor *executor =
          problem_executor(&problem, p < 0 ? eipnn_backend_ref() : eipnn_backend_cpu(),
                           p < 0 ? EIPNN_PRECISION_DOUBLE : (eipnn_precision)p);
      assert_int_equal(eipnn_executor_run(executor, 0, eipnn_graph_size(problem.graph)), EIPNN_OK);
      double *values = fetch(&problem, executor, problem.output[0]);
      int found = 0;
      for (size_t e = 0; e < problem_count(&problem, problem.output[0]); e++)
        found |= isnan(values[e]);
      if (!found) fail_msg("%s lost a NaN", list[k].name);
      free(values);
      eipnn_executor_free(&executor);
    }
    problem_free(&problem);
    structure_fixture_free(&fixture);
  }
  free(list);
}

/* Far from zero the functions neither overflow nor lose their limits. */
static void test_function_limits(void **state)
{
  (void)state;
  const double x[] = {-1e4, -800.0, -104.0, -50.0, -1e-30, 0.0, 1e-30, 50.0, 88.0, 1e4};
  const double ln2 = log(2.0);
  for (int p = EIPNN_PRECISION_SINGLE; p <= EIPNN_PRECISION_DOUBLE; p++) {
    eipnn_graph *graph = NULL;
    eipnn_executor *executor = NULL;
    assert_int_equal(eipnn_graph_create(&graph), EIPNN_OK);
    eipnn_tensor a = eipnn_input(graph, 1, 10);
    eipnn_tensor output[3] = {eipnn_unary(graph, EIPNN_FUNCTION_SSP, a),
                              eipnn_unary(graph, EIPNN_FUNCTION_SIGMOID, a),
                              eipnn_unary(graph, EIPNN_FUNCTION_EXP, a)};
    eipnn_executor_options options = {eipnn_backend_cpu(), (eipnn_precision)p, 0, NULL};
    const eipnn_structure structure = {.nconfig = 1};
    assert_int_equal(eipnn_executor_create(graph, &options, 3, output, 0, &executor), EIPNN_OK);
    assert_int_equal(eipnn_executor_bind(executor, &structure), EIPNN_OK);
    assert_int_equal(eipnn_executor_set_input(executor, a, x), EIPNN_OK);
    assert_int_equal(eipnn_executor_run(executor, 0, eipnn_graph_size(graph)), EIPNN_OK);
    double ssp[10], sigmoid[10], exponential[10];
    assert_int_equal(eipnn_executor_get(executor, output[0], ssp), EIPNN_OK);
    assert_int_equal(eipnn_executor_get(executor, output[1], sigmoid), EIPNN_OK);
    assert_int_equal(eipnn_executor_get(executor, output[2], exponential), EIPNN_OK);
    for (int k = 0; k < 10; k++) {
      const double limit = x[k] > 0.0 ? x[k] - ln2 : -ln2;
      const double value = fabs(x[k]) < 1.0 ? 0.0 : limit;
      assert_true(fabs(ssp[k] - value) <= 1e-7 * (1.0 + fabs(value)));
      assert_true(fabs(sigmoid[k] - 1.0 / (1.0 + exp(-x[k]))) <= 1e-7);
      const double limited = p == EIPNN_PRECISION_DOUBLE ? exp(x[k]) : (double)expf((float)x[k]);
      if (isinf(limited))
        assert_true(isinf(exponential[k]) && exponential[k] > 0.0);
      else
        assert_true(fabs(exponential[k] - limited) <= 4e-7 * limited + 1e-38);
    }
    eipnn_executor_free(&executor);
    eipnn_graph_free(&graph);
  }
}

static void test_backend_names(void **state)
{
  (void)state;
  const eipnn_backend *backend = NULL;
  assert_int_equal(eipnn_backend_find("cpu", &backend), EIPNN_OK);
  assert_ptr_equal(backend, eipnn_backend_cpu());
  assert_int_equal(eipnn_backend_find("gpu", &backend), EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "ref, cpu"));
}

int main(int argc, char **argv)
{
  operation_case *list = NULL;
  size_t count = elementwise_cases(&list, 0);
  count = matrix_cases(&list, count);
  count = index_cases(&list, count);
  count = filter_cases(&list, count);
  int result = 0;
  if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
    operation_bench(list, count, argc > 2 ? argv[2] : "");
  } else {
    const struct CMUnitTest other[] = {
        cmocka_unit_test(test_halo_failure), cmocka_unit_test(test_nan),
        cmocka_unit_test(test_function_limits), cmocka_unit_test(test_backend_names)};
    const size_t nother = sizeof other / sizeof *other;
    struct CMUnitTest *test = eipnn_calloc(count + nother, sizeof *test);
    if (!test) abort();
    for (size_t k = 0; k < count; k++)
      test[k] = (struct CMUnitTest){list[k].name, test_operation, NULL, NULL, &list[k]};
    memcpy(test + count, other, sizeof other);
    result = _cmocka_run_group_tests("operations", test, count + nother, NULL, NULL);
    free(test);
  }
  free(list);
  return result;
}
