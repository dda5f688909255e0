/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "operation_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Shortest time of nodes first..last-1, in seconds, of runs that fill `budget`. */
static double time_of(eipnn_executor *executor, int first, int last, double budget)
{
  double best = 1e30;
  const double end = now() + budget;
  do {
    const double start = now();
    if (eipnn_executor_run(executor, first, last) != EIPNN_OK) abort();
    const double elapsed = now() - start;
    if (elapsed < best) best = elapsed;
  } while (now() < end);
  return best;
}

static void bench(operation_problem *problem, const eipnn_backend *backend,
                  eipnn_precision precision)
{
  const double budget = strcmp(backend->name, "ref") == 0 ? 0.0 : 0.1;
  eipnn_executor *executor = problem_executor(problem, backend, precision);
  const double forward = time_of(executor, 0, problem->gradient_first, budget);
  const double gradient =
      time_of(executor, problem->gradient_first, problem->gradient_last, budget);
  size_t elements = 0;
  for (int m = 0; m < problem->noutputs; m++)
    elements += problem_count(problem, problem->output[m]);
  printf("%-32s %-4s %-7s %10.1f us %8.3f ns/element", problem->operation->name, backend->name,
         eipnn_precision_name(precision), 1e6 * forward, 1e9 * forward / (double)elements);
  if (problem->flops > 0.0)
    printf(" %7.1f GFLOP/s", 1e-9 * problem->flops / forward);
  else
    printf(" %15s", "");
  printf("   gradient %10.1f us\n", 1e6 * gradient);
  eipnn_executor_free(&executor);
}

void operation_bench(const operation_case *list, size_t count, const char *text)
{
  const structure_options options = {"layer", 1000, 0, 14000, 1, 2};
  const problem_sizes sizes = {128, 128, 2, 500};
  for (size_t k = 0; k < count; k++) {
    if (!strstr(list[k].name, text)) continue;
    eipnn_random random;
    eipnn_random_seed(&random, 1, 1);
    structure_fixture fixture;
    operation_problem problem;
    structure_fixture_create(&fixture, &options, &random);
    problem_create(&problem, &list[k], &sizes, &fixture, &random);
    bench(&problem, eipnn_backend_ref(), EIPNN_PRECISION_DOUBLE);
    for (int p = EIPNN_PRECISION_SINGLE; p <= EIPNN_PRECISION_DOUBLE; p++)
      bench(&problem, eipnn_backend_cpu(), (eipnn_precision)p);
    problem_free(&problem);
    structure_fixture_free(&fixture);
  }
}
