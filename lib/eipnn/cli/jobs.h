/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_JOBS_H
#define EIPNN_CLI_JOBS_H

#include <eipnn/parallel.h>
#include <sys/types.h>

/* Processes of this machine that share one piece of work, forked from this one:
   `--jobs N` without MPI. */
typedef struct cli_jobs {
  eipnn_parallel parallel; /* rank 0 is the process that called begin */
  struct cli_jobs_shared *shared;
  pid_t *child; /* [size-1], 0 once it has ended; rank 0 only */
} cli_jobs;

/* Returns count times, once in every process. */
eipnn_status cli_jobs_begin(cli_jobs *jobs, int count);

/* Ends the other processes, reporting their failures on standard error; returns in
   rank 0 only, with the status of all. */
eipnn_status cli_jobs_end(cli_jobs *jobs, eipnn_status status);

#endif
