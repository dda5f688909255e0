/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every operation: values against formulas of their own, gradients and gradients of
   gradients against central differences (backend "ref"), every other backend of the build in
   every precision against "ref".
     test_operations                          all that
     test_operations --backend NAME [FILE]    that backend against "ref" alone; FILE: what it
                                              computed, one line of hashes per operation
     test_operations --bench [TEXT]           time of each operation whose name contains TEXT */
#include "operation_bench.h"
#include "operation_problem.h"
#include "tested_backends.h"

#include "base/hash.h"
#include "base/memory.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What main was told. */
static struct {
  const char *only; /* NULL: all backends, and "ref" against formulas and differences */
  FILE *hashes;
  size_t nbackends;
  tested_backend backend[TESTED_BACKENDS];
} run;

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

/* Numbers of threads that agree in every bit give one hash. */
static uint64_t hash_tensors(const operation_problem *problem, const eipnn_executor *executor,
                             uint64_t hash, int count, const eipnn_tensor *tensor)
{
  for (int k = 0; k < count; k++) {
    if (tensor[k] == EIPNN_NO_TENSOR) continue;
    double *values = fetch(problem, executor, tensor[k]);
    hash = eipnn_hash_reals(hash, values, problem_count(problem, tensor[k]));
    free(values);
  }
  return hash;
}

static void write_hash(const operation_problem *problem, const eipnn_executor *executor,
                       eipnn_precision precision)
{
  uint64_t hash = EIPNN_HASH_START;
  hash = hash_tensors(problem, executor, hash, problem->noutputs, problem->output);
  hash = hash_tensors(problem, executor, hash, problem->ngradients, problem->gradient);
  hash = hash_tensors(problem, executor, hash, problem->nseconds, problem->second);
  fprintf(run.hashes, "%016" PRIx64 " %s, %s, %s\n", hash, problem->operation->name,
          problem->fixture->name, eipnn_precision_name(precision));
}

static void compare_backend(operation_problem *problem, const eipnn_executor *ref,
                            const tested_backend *tested, eipnn_precision precision)
{
  const double tolerance = tested->tolerance[precision];
  const char *name = tested->backend->name;
  char what[64];
  eipnn_executor *other = problem_executor(problem, tested->backend, precision);
  if (eipnn_executor_run(other, 0, eipnn_graph_size(problem->graph)) != EIPNN_OK)
    fail_msg("%s: %s: %s", problem->operation->name, name, eipnn_last_error());
  snprintf(what, sizeof what, "%s %s output", name, eipnn_precision_name(precision));
  compare_tensors(problem, ref, other, what, problem->noutputs, problem->output, tolerance);
  snprintf(what, sizeof what, "%s %s gradient", name, eipnn_precision_name(precision));
  compare_tensors(problem, ref, other, what, problem->ngradients, problem->gradient, tolerance);
  snprintf(what, sizeof what, "%s %s second gradient", name, eipnn_precision_name(precision));
  compare_tensors(problem, ref, other, what, problem->nseconds, problem->second, tolerance);
  if (run.hashes) write_hash(problem, other, precision);
  eipnn_executor_free(&other);
}

static void compare_backends(operation_problem *problem, eipnn_executor *ref)
{
  assert_int_equal(eipnn_executor_run(ref, 0, eipnn_graph_size(problem->graph)), EIPNN_OK);
  for (size_t b = 0; b < run.nbackends; b++)
    for (eipnn_precision p = EIPNN_PRECISION_SINGLE; p <= EIPNN_PRECISION_DOUBLE; p++)
      compare_backend(problem, ref, &run.backend[b], p);
}

/* Cases whose sums over atoms or pairs a backend may cut into blocks. */
static int has_long_sums(const operation_case *operation)
{
  static const char *const name[] = {
      "linear", "sum", "scatter", "gather", "filter u, table", "filter filter, table"};
  for (size_t k = 0; k < sizeof name / sizeof *name; k++)
    if (strncmp(operation->name, name[k], strlen(name[k])) == 0)
      return !strchr(operation->name, '\'') && !strstr(operation->name, "with s");
  return 0;
}

/* In single precision distances in units of a long table's spacing are too coarse for FILTER. */
static int is_spline(const operation_case *operation)
{
  return strncmp(operation->name, "spline", 6) == 0;
}

/* Products large enough to be shared by threads, and with matrices of one column. */
static int is_product(const operation_case *operation)
{
  return strncmp(operation->name, "matmul", 6) == 0 || strcmp(operation->name, "linear") == 0;
}

/* Sizes are chosen so that vectors of every width have a remainder. The larger are compared
   with values alone, or only between backends. */
enum { BACKENDS, VALUES, DERIVATIVES };
static const struct {
  structure_options structure;
  problem_sizes sizes;
  int level;
  int (*applies)(const operation_case *operation); /* NULL: to all */
} setting[] = {
    {{"ghosts", 7, 3, 24, 3, 2}, {3, 4, 2, 9}, DERIVATIVES, NULL},
    {{"no ghosts, one configuration", 5, 0, 13, 1, 1}, {2, 3, 1, 6}, DERIVATIVES, NULL},
    {{"no pairs", 3, 1, 0, 2, 2}, {3, 2, 2, 5}, DERIVATIVES, NULL},
    {{"no atoms", 0, 0, 0, 1, 2}, {3, 2, 2, 5}, DERIVATIVES, NULL},
    {{"many columns", 9, 4, 20, 2, 3}, {37, 19, 3, 45}, VALUES, NULL},
    {{"a layer", 20, 9, 130, 2, 3}, {128, 64, 3, 33}, BACKENDS, NULL},
    {{"very many columns", 4, 2, 11, 2, 3}, {531, 5, 3, 7}, BACKENDS, NULL},
    {{"shortest spline", 300, 3, 600, 40, 2}, {3, 2, 2, 4}, BACKENDS, NULL},
    {{"long spline", 4, 2, 11, 2, 3}, {3, 2, 3, 500}, BACKENDS, is_spline},
    {{"many rows", 500, 0, 20, 1, 2}, {96, 65, 3, 5}, BACKENDS, is_product},
    {{"one column", 500, 0, 20, 1, 2}, {1, 65, 3, 5}, BACKENDS, is_product},
    {{"many rows of one column", 40000, 0, 20, 1, 2}, {1, 65, 3, 5}, BACKENDS, is_product},
    {{"many atoms", 20000, 100, 50, 300, 20}, {2, 3, 20, 8}, BACKENDS, has_long_sums},
    {{"many pairs", 300, 40, 70100, 12, 2}, {2, 3, 2, 9}, BACKENDS, has_long_sums},
};

static void test_operation(void **state)
{
  const operation_case *operation = *state;
  eipnn_random random;
  for (size_t k = 0; k < sizeof setting / sizeof *setting; k++) {
    if (setting[k].applies && !setting[k].applies(operation)) continue;
    eipnn_random_seed(&random, 2024, k);
    structure_fixture fixture;
    operation_problem problem;
    structure_fixture_create(&fixture, &setting[k].structure, &random);
    problem_create(&problem, operation, &setting[k].sizes, &fixture, &random);
    eipnn_executor *ref = problem_executor(&problem, eipnn_backend_ref(), EIPNN_PRECISION_DOUBLE);
    assert_int_equal(eipnn_executor_run(ref, 0, eipnn_graph_size(problem.graph)), EIPNN_OK);
    if (!run.only && setting[k].level >= VALUES) check_values(&problem, ref);
    if (!run.only && setting[k].level >= DERIVATIVES) check_derivatives(&problem, ref);
    compare_backends(&problem, ref);
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

static void check_halo_failure(const operation_case *operation, const eipnn_backend *backend)
{
  eipnn_random random;
  eipnn_random_seed(&random, 5, 0);
  structure_fixture fixture;
  operation_problem problem;
  structure_fixture_create(&fixture, &setting[0].structure, &random);
  problem_create(&problem, operation, &setting[0].sizes, &fixture, &random);
  fixture.fail = 1;
  eipnn_executor *executor = problem_executor(&problem, backend, EIPNN_PRECISION_DOUBLE);
  assert_int_equal(eipnn_executor_run(executor, 0, eipnn_graph_size(problem.graph)),
                   EIPNN_ERROR_CALLBACK);
  eipnn_executor_free(&executor);
  problem_free(&problem);
  structure_fixture_free(&fixture);
}

/* A callback of the host that fails stops the run with its own status. */
static void test_halo_failure(void **state)
{
  (void)state;
  operation_case *list = NULL;
  size_t count = index_cases(&list, 0);
  const char *name[] = {"halo", "halo sum"};
  for (int k = 0; k < 2; k++) {
    const operation_case *operation = find_case(list, count, name[k]);
    check_halo_failure(operation, eipnn_backend_ref());
    for (size_t b = 0; b < run.nbackends; b++)
      check_halo_failure(operation, run.backend[b].backend);
  }
  free(list);
}

static void check_nan(operation_problem *problem, const eipnn_backend *backend,
                      eipnn_precision precision)
{
  eipnn_executor *executor = problem_executor(problem, backend, precision);
  assert_int_equal(eipnn_executor_run(executor, 0, eipnn_graph_size(problem->graph)), EIPNN_OK);
  double *values = fetch(problem, executor, problem->output[0]);
  int found = 0;
  for (size_t e = 0; e < problem_count(problem, problem->output[0]); e++) found |= isnan(values[e]);
  if (!found) fail_msg("%s: %s lost a NaN", problem->operation->name, backend->name);
  free(values);
  eipnn_executor_free(&executor);
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
    check_nan(&problem, eipnn_backend_ref(), EIPNN_PRECISION_DOUBLE);
    for (size_t b = 0; b < run.nbackends; b++)
      for (eipnn_precision p = EIPNN_PRECISION_SINGLE; p <= EIPNN_PRECISION_DOUBLE; p++)
        check_nan(&problem, run.backend[b].backend, p);
    problem_free(&problem);
    structure_fixture_free(&fixture);
  }
  free(list);
}

enum { ARGUMENTS = 14 };

/* ssp, sigmoid and exp of x on a backend */
static void evaluate_functions(const eipnn_backend *backend, eipnn_precision precision,
                               const double x[ARGUMENTS], double value[3][ARGUMENTS])
{
  static const eipnn_function function[3] = {EIPNN_FUNCTION_SSP, EIPNN_FUNCTION_SIGMOID,
                                             EIPNN_FUNCTION_EXP};
  const eipnn_structure structure = {.nconfig = 1};
  const eipnn_executor_options options = {backend, precision, 0, NULL};
  eipnn_tensor output[3];
  eipnn_graph *graph = NULL;
  eipnn_executor *executor = NULL;
  assert_int_equal(eipnn_graph_create(&graph), EIPNN_OK);
  eipnn_tensor a = eipnn_input(graph, 1, ARGUMENTS);
  for (int f = 0; f < 3; f++) output[f] = eipnn_unary(graph, function[f], a);
  assert_int_equal(eipnn_executor_create(graph, &options, 3, output, 0, &executor), EIPNN_OK);
  assert_int_equal(eipnn_executor_bind(executor, &structure), EIPNN_OK);
  assert_int_equal(eipnn_executor_set_input(executor, a, x), EIPNN_OK);
  assert_int_equal(eipnn_executor_run(executor, 0, eipnn_graph_size(graph)), EIPNN_OK);
  for (int f = 0; f < 3; f++)
    assert_int_equal(eipnn_executor_get(executor, output[f], value[f]), EIPNN_OK);
  eipnn_executor_free(&executor);
  eipnn_graph_free(&graph);
}

static void check_limits(const eipnn_backend *backend, eipnn_precision precision)
{
  static const double x[ARGUMENTS] = {-1e4, -800.0, -104.0, -50.0, -0.05, -1e-3, -1e-30,
                                      0.0,  1e-30,  1e-3,   0.05,  50.0,  88.0,  1e4};
  const double ln2 = log(2.0);
  double value[3][ARGUMENTS];
  evaluate_functions(backend, precision, x, value);
  for (int k = 0; k < ARGUMENTS; k++) {
    const double limit = x[k] > 0.0 ? x[k] - ln2 : -ln2;
    const double ssp = fabs(x[k]) < 1.0 ? log1p(0.5 * expm1(x[k])) : limit;
    assert_true(fabs(value[0][k] - ssp) <= 5e-7 * fabs(ssp));
    assert_true(fabs(value[1][k] - 1.0 / (1.0 + exp(-x[k]))) <= 1e-7);
    const double limited =
        precision == EIPNN_PRECISION_DOUBLE ? exp(x[k]) : (double)expf((float)x[k]);
    if (isinf(limited))
      assert_true(isinf(value[2][k]) && value[2][k] > 0.0);
    else
      assert_true(fabs(value[2][k] - limited) <= 4e-7 * limited + 1e-38);
  }
}

/* Far from zero the functions neither overflow nor lose their limits; near it ssp is exact. */
static void test_function_limits(void **state)
{
  (void)state;
  for (size_t b = 0; b < run.nbackends; b++)
    for (eipnn_precision p = EIPNN_PRECISION_SINGLE; p <= EIPNN_PRECISION_DOUBLE; p++)
      check_limits(run.backend[b].backend, p);
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

static void test_backend_devices(void **state)
{
  (void)state;
  char text[64] = "";
  assert_int_equal(eipnn_backend_start("cpu"), EIPNN_OK);
  assert_int_equal(eipnn_backend_start("gpu"), EIPNN_ERROR_ARGUMENT);
  assert_int_equal(eipnn_backend_device("gpu", text, sizeof text), EIPNN_ERROR_ARGUMENT);
  assert_int_equal(eipnn_backend_device("cpu", text, sizeof text), EIPNN_OK);
  assert_string_equal(text, "1 core");
  assert_int_equal(eipnn_backend_device("cpu", text, 4), EIPNN_OK);
  assert_string_equal(text, "1 c");
#ifdef EIPNN_HAVE_KOKKOS
  assert_int_equal(eipnn_backend_device("kokkos-host", text, sizeof text), EIPNN_OK);
  assert_non_null(strstr(text, " thread"));
  assert_int_equal(eipnn_backend_device("kokkos", text, sizeof text), EIPNN_OK);
  assert_non_null(strchr(text, ','));
#endif
}

static int test(operation_case *list, size_t count)
{
  const struct CMUnitTest other[] = {
      cmocka_unit_test(test_halo_failure), cmocka_unit_test(test_nan),
      cmocka_unit_test(test_function_limits), cmocka_unit_test(test_backend_names),
      cmocka_unit_test(test_backend_devices)};
  const size_t nother = sizeof other / sizeof *other;
  struct CMUnitTest *tests = eipnn_calloc(count + nother, sizeof *tests);
  if (!tests) abort();
  for (size_t k = 0; k < count; k++)
    tests[k] = (struct CMUnitTest){list[k].name, test_operation, NULL, NULL, &list[k]};
  memcpy(tests + count, other, sizeof other);
  const int result = _cmocka_run_group_tests("operations", tests, count + nother, NULL, NULL);
  free(tests);
  return result;
}

int main(int argc, char **argv)
{
  operation_case *list = NULL;
  size_t count = elementwise_cases(&list, 0);
  count = matrix_cases(&list, count);
  count = index_cases(&list, count);
  count = filter_cases(&list, count);
  const int bench = argc > 1 && strcmp(argv[1], "--bench") == 0;
  if (argc > 2 && strcmp(argv[1], "--backend") == 0) {
    run.only = argv[2];
    if (argc > 3) run.hashes = fopen(argv[3], "w");
  }
  run.nbackends = tested_backends(run.only, run.backend);
  int result = 0;
  if (bench)
    operation_bench(list, count, argc > 2 ? argv[2] : "");
  else
    result = test(list, count);
  if (run.hashes && fclose(run.hashes)) result = 1;
  free(list);
  return result;
}
