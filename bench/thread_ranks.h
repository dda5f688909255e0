/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_THREAD_RANKS_H
#define BENCH_THREAD_RANKS_H

/* Ranks of a data-parallel run as threads of one program, which measures each one's CPU time
   without the busy waiting of an MPI. */

#include <eipnn/parallel.h>

#include <pthread.h>

enum { THREAD_RANKS = 64 };

typedef struct thread_team thread_team;

typedef struct thread_rank {
  thread_team *team;
  eipnn_parallel parallel; /* what the library sees */
  double *values;          /* of the collective call in progress */
  void *argument;          /* of work */
  eipnn_status (*work)(struct thread_rank *rank);
  /* Before and after every sum, with the number of values; may be NULL. */
  void (*before_sum)(struct thread_rank *rank, size_t count);
  void (*after_sum)(struct thread_rank *rank, size_t count);
  eipnn_status status;
  char error[1024];
} thread_rank;

struct thread_team {
  int size;
  pthread_barrier_t barrier;
  thread_rank rank[THREAD_RANKS];
};

/* Runs work on every rank of a team whose size, work, argument and hooks are set; the first
   failure becomes the calling thread's last error. */
eipnn_status thread_team_run(thread_team *team);

#endif
