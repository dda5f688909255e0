/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_PARALLEL_H
#define EIPNN_CLI_PARALLEL_H

#include <eipnn/parallel.h>

/* The ranks this command was started on. One of parallel_serial.c and
   parallel_mpi.c is compiled, see EIPNN_MPI. */

/* Fills *parallel; rank 0 and size 1 in a serial build. Returns an exit code. */
int cli_parallel_begin(int *count, char ***word, eipnn_parallel *parallel);

/* Collective. Returns the same exit code on every rank: CLI_GOOD if all have
   that, else the worst; then every rank holds the message of the first rank
   that failed. Where the other ranks do not come, the job is aborted. */
int cli_parallel_agree(const eipnn_parallel *parallel, int code);

/* The same for a library call: a failure of any rank becomes one of all. */
static inline eipnn_status cli_parallel_status(const eipnn_parallel *parallel, eipnn_status status)
{
  int code = cli_parallel_agree(parallel, status != EIPNN_OK);
  return status == EIPNN_OK && code ? EIPNN_ERROR_CALLBACK : status;
}

void cli_parallel_end(void);

#endif
