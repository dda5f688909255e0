/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "thread_ranks.h"

#include "base/error.h"

#include <stdio.h>
#include <string.h>

static double combine(int maximum, double a, double b)
{
  return maximum ? (a > b ? a : b) : a + b;
}

/* Rank r combines its part of the values, in the order of the ranks, and writes it to all. */
static int reduce(thread_rank *self, double *values, size_t count, int maximum)
{
  thread_team *team = self->team;
  const size_t size = (size_t)team->size, rank = (size_t)self->parallel.rank;
  self->values = values;
  pthread_barrier_wait(&team->barrier);
  for (size_t k = count * rank / size; k < count * (rank + 1) / size; k++) {
    double result = team->rank[0].values[k];
    for (size_t r = 1; r < size; r++) result = combine(maximum, result, team->rank[r].values[k]);
    for (size_t r = 0; r < size; r++) team->rank[r].values[k] = result;
  }
  pthread_barrier_wait(&team->barrier);
  return 0;
}

static int sum(void *context, double *values, size_t count)
{
  thread_rank *self = context;
  if (self->before_sum) self->before_sum(self, count);
  const int failed = reduce(self, values, count, 0);
  if (self->after_sum) self->after_sum(self, count);
  return failed;
}

static int maximum(void *context, double *values, size_t count)
{
  return reduce(context, values, count, 1);
}

static int broadcast(void *context, void *bytes, size_t count, int root)
{
  thread_rank *self = context;
  thread_team *team = self->team;
  self->values = bytes;
  pthread_barrier_wait(&team->barrier);
  if (self->parallel.rank != root) memcpy(bytes, team->rank[root].values, count);
  pthread_barrier_wait(&team->barrier);
  return 0;
}

static int barrier(void *context)
{
  thread_rank *self = context;
  pthread_barrier_wait(&self->team->barrier);
  return 0;
}

static void *run_rank(void *argument)
{
  thread_rank *self = argument;
  self->status = self->work(self);
  snprintf(self->error, sizeof self->error, "%s", eipnn_last_error());
  return NULL;
}

eipnn_status thread_team_run(thread_team *team)
{
  pthread_t thread[THREAD_RANKS];
  pthread_barrier_init(&team->barrier, NULL, (unsigned)team->size);
  for (int r = 0; r < team->size; r++) {
    thread_rank *rank = &team->rank[r];
    rank->team = team;
    rank->parallel = (eipnn_parallel){.rank = r,
                                      .size = team->size,
                                      .context = rank,
                                      .sum = sum,
                                      .maximum = maximum,
                                      .broadcast = broadcast,
                                      .barrier = barrier};
    if (pthread_create(&thread[r], NULL, run_rank, rank))
      return eipnn_error(EIPNN_ERROR_MEMORY, "thread %d could not be started", r);
  }
  for (int r = 0; r < team->size; r++) pthread_join(thread[r], NULL);
  pthread_barrier_destroy(&team->barrier);
  for (int r = 0; r < team->size; r++)
    if (team->rank[r].status != EIPNN_OK)
      return eipnn_error(team->rank[r].status, "%s", team->rank[r].error);
  return EIPNN_OK;
}
