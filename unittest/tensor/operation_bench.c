/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "operation_bench.h"

#include "tested_backends.h"

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

/* A device may still compute when a run returns: a copy from it waits. */
static void wait_for(const operation_problem *problem, const eipnn_executor *executor,
                     const eipnn_backend *backend, eipnn_precision precision)
{
  double value;
  if (problem_count(problem, problem->output[0]))
    (void)backend->download(&value, eipnn_executor_data(executor, problem->output[0]), 1,
                            precision);
}

/* What is timed: nodes first..last-1, again and again for `budget` seconds. */
typedef struct stretch {
  int first, last;
  double budget;
} stretch;

/* Seconds of one of `repeats` runs. */
static double time_runs(const operation_problem *problem, eipnn_executor *executor,
                        const eipnn_backend *backend, eipnn_precision precision, stretch nodes,
                        int repeats)
{
  const double start = now();
  for (int k = 0; k < repeats; k++)
    if (eipnn_executor_run(executor, nodes.first, nodes.last) != EIPNN_OK) abort();
  wait_for(problem, executor, backend, precision);
  return (now() - start) / repeats;
}

/* Shortest time of a run, in seconds. Short runs are timed many at once, so that waiting for a
   device does not count. */
static double time_of(const operation_problem *problem, eipnn_executor *executor,
                      const eipnn_backend *backend, eipnn_precision precision, stretch nodes)
{
  const double end = now() + nodes.budget;
  double best = time_runs(problem, executor, backend, precision, nodes, 1);
  while (now() < end) {
    const int repeats = 1 + (int)(2e-4 / best);
    const double time = time_runs(problem, executor, backend, precision, nodes, repeats);
    if (time < best) best = time;
  }
  return best;
}

static void bench(operation_problem *problem, const eipnn_backend *backend,
                  eipnn_precision precision)
{
  stretch nodes = {0, problem->gradient_first, strcmp(backend->name, "ref") ? 0.1 : 0.0};
  eipnn_executor *executor = problem_executor(problem, backend, precision);
  const double forward = time_of(problem, executor, backend, precision, nodes);
  nodes.first = problem->gradient_first;
  nodes.last = problem->gradient_last;
  const double gradient = time_of(problem, executor, backend, precision, nodes);
  size_t elements = 0;
  for (int m = 0; m < problem->noutputs; m++)
    elements += problem_count(problem, problem->output[m]);
  printf("%-32s %-11s %-7s %10.1f us %8.3f ns/element", problem->operation->name, backend->name,
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
  tested_backend backend[TESTED_BACKENDS];
  const size_t nbackends = tested_backends(NULL, backend);
  for (size_t k = 0; k < count; k++) {
    if (!strstr(list[k].name, text)) continue;
    eipnn_random random;
    eipnn_random_seed(&random, 1, 1);
    structure_fixture fixture;
    operation_problem problem;
    structure_fixture_create(&fixture, &options, &random);
    problem_create(&problem, &list[k], &sizes, &fixture, &random);
    bench(&problem, eipnn_backend_ref(), EIPNN_PRECISION_DOUBLE);
    for (size_t b = 0; b < nbackends; b++)
      for (eipnn_precision p = EIPNN_PRECISION_SINGLE; p <= EIPNN_PRECISION_DOUBLE; p++)
        bench(&problem, backend[b].backend, p);
    problem_free(&problem);
    structure_fixture_free(&fixture);
  }
}
