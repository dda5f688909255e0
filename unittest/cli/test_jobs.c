/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _DEFAULT_SOURCE
#include "cli/jobs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { COUNT = 10000, JOBS = 3 };

/* Collectives over more numbers than are exchanged at a time; each process checks its own
   result and reports through its status. */
static eipnn_status check_collectives(eipnn_parallel *parallel)
{
  static double values[COUNT];
  int wrong = 0;
  for (int k = 0; k < COUNT; k++) values[k] = k + 0.1 * parallel->rank;
  if (parallel->sum(parallel->context, values, COUNT)) return EIPNN_ERROR_CALLBACK;
  for (int k = 0; k < COUNT; k++)
    wrong += !(values[k] > 3 * k + 0.299 && values[k] < 3 * k + 0.301);
  for (int k = 0; k < COUNT; k++) values[k] = k % JOBS == parallel->rank ? k : -1;
  if (parallel->maximum(parallel->context, values, COUNT)) return EIPNN_ERROR_CALLBACK;
  for (int k = 0; k < COUNT; k++) wrong += values[k] != k;
  for (int k = 0; k < COUNT; k++) values[k] = parallel->rank;
  if (parallel->broadcast(parallel->context, values, sizeof values, 2)) return EIPNN_ERROR_CALLBACK;
  for (int k = 0; k < COUNT; k++) wrong += values[k] != 2;
  if (parallel->barrier(parallel->context)) return EIPNN_ERROR_CALLBACK;
  return wrong ? EIPNN_ERROR_NUMERIC : EIPNN_OK;
}

static void test_collectives(void **state)
{
  (void)state;
  cli_jobs jobs;
  assert_int_equal(cli_jobs_begin(&jobs, JOBS), EIPNN_OK);
  assert_int_equal(cli_jobs_end(&jobs, check_collectives(&jobs.parallel)), EIPNN_OK);
}

static void test_failure_is_reported(void **state)
{
  (void)state;
  cli_jobs jobs;
  assert_int_equal(cli_jobs_begin(&jobs, JOBS), EIPNN_OK);
  eipnn_status status = jobs.parallel.rank == 1 ? EIPNN_ERROR_NUMERIC : EIPNN_OK;
  assert_int_not_equal(cli_jobs_end(&jobs, status), EIPNN_OK);
}

/* A process that is killed makes the others' barrier fail instead of waiting for ever. */
static void test_death_is_noticed(void **state)
{
  (void)state;
  cli_jobs jobs;
  assert_int_equal(cli_jobs_begin(&jobs, JOBS), EIPNN_OK);
  if (jobs.parallel.rank == 2) raise(SIGKILL);
  int failed = jobs.parallel.barrier(jobs.parallel.context);
  if (jobs.parallel.rank == 0) assert_int_not_equal(failed, 0);
  assert_int_not_equal(cli_jobs_end(&jobs, failed ? EIPNN_ERROR_CALLBACK : EIPNN_OK), EIPNN_OK);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_collectives),
      cmocka_unit_test(test_failure_is_reported),
      cmocka_unit_test(test_death_is_noticed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
