/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_THREAD_RANKS_H
#define EIPNN_UNITTEST_THREAD_RANKS_H

/* Threads that act as the ranks of a communicator, for tests without MPI.
   Include after defining _POSIX_C_SOURCE. */

#include <eipnn/parallel.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_RANKS = 8 };

typedef struct thread_ranks {
  pthread_barrier_t barrier;
  int size;
  void *argument[MOST_RANKS];
} thread_ranks;

typedef struct thread_rank {
  thread_ranks *ranks;
  int rank;
  void (*function)(const eipnn_parallel *parallel, void *argument);
  void *argument;
} thread_rank;

static int thread_ranks_combine(void *context, double *values, size_t count, int maximum)
{
  thread_rank *self = context;
  thread_ranks *ranks = self->ranks;
  double *result = malloc((count + 1) * sizeof *result);
  ranks->argument[self->rank] = values;
  pthread_barrier_wait(&ranks->barrier);
  for (size_t k = 0; k < count; k++) {
    result[k] = ((double *)ranks->argument[0])[k];
    for (int r = 1; r < ranks->size; r++) {
      double other = ((double *)ranks->argument[r])[k];
      if (!maximum)
        result[k] += other;
      else if (other > result[k])
        result[k] = other;
    }
  }
  pthread_barrier_wait(&ranks->barrier);
  memcpy(values, result, count * sizeof *result);
  free(result);
  return 0;
}

static int thread_ranks_sum(void *context, double *values, size_t count)
{
  return thread_ranks_combine(context, values, count, 0);
}

static int thread_ranks_maximum(void *context, double *values, size_t count)
{
  return thread_ranks_combine(context, values, count, 1);
}

static int thread_ranks_broadcast(void *context, void *bytes, size_t count, int root)
{
  thread_rank *self = context;
  self->ranks->argument[self->rank] = bytes;
  pthread_barrier_wait(&self->ranks->barrier);
  if (self->rank != root) memcpy(bytes, self->ranks->argument[root], count);
  pthread_barrier_wait(&self->ranks->barrier);
  return 0;
}

static int thread_ranks_barrier(void *context)
{
  thread_rank *self = context;
  pthread_barrier_wait(&self->ranks->barrier);
  return 0;
}

static void *thread_ranks_run_one(void *context)
{
  thread_rank *self = context;
  const eipnn_parallel parallel = {
      self->rank,           self->ranks->size,    self,
      thread_ranks_sum,     thread_ranks_maximum, thread_ranks_broadcast,
      thread_ranks_barrier,
  };
  self->function(&parallel, self->argument);
  return NULL;
}

/* Runs function(parallel, arguments[rank]) on `size` ranks and waits for them. */
static inline void
thread_ranks_run(int size, void (*function)(const eipnn_parallel *parallel, void *argument),
                 void *const *arguments)
{
  thread_ranks ranks = {.size = size};
  thread_rank rank[MOST_RANKS];
  pthread_t thread[MOST_RANKS];
  pthread_barrier_init(&ranks.barrier, NULL, (unsigned)size);
  for (int r = 0; r < size; r++) {
    rank[r] = (thread_rank){&ranks, r, function, arguments[r]};
    pthread_create(&thread[r], NULL, thread_ranks_run_one, &rank[r]);
  }
  for (int r = 0; r < size; r++) pthread_join(thread[r], NULL);
  pthread_barrier_destroy(&ranks.barrier);
}

#endif
