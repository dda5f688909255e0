/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "base/error.h"
#include "cli/command.h"
#include "cli/parallel.h"

#include <limits.h>
#include <mpi.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* How long a failed rank waits for the others before it ends the job: they may
   be inside a collective call that this rank will never join. */
static const double patience = 30.0; /* seconds */

/* MPI_COMM_WORLD is the command's own; the copies keep the library's messages
   apart from those of the agreement. */
static MPI_Comm library_communicator = MPI_COMM_NULL;
static MPI_Comm agreement_communicator = MPI_COMM_NULL;

static int reduce(double *values, size_t count, MPI_Op operation)
{
  while (count > 0) {
    int part = count > INT_MAX ? INT_MAX : (int)count;
    if (MPI_Allreduce(MPI_IN_PLACE, values, part, MPI_DOUBLE, operation, library_communicator))
      return 1;
    values += part;
    count -= (size_t)part;
  }
  return 0;
}

static int sum(void *context, double *values, size_t count)
{
  (void)context;
  return reduce(values, count, MPI_SUM);
}

static int maximum(void *context, double *values, size_t count)
{
  (void)context;
  return reduce(values, count, MPI_MAX);
}

static int broadcast(void *context, void *bytes, size_t count, int root)
{
  (void)context;
  char *next = bytes;
  while (count > 0) {
    int part = count > INT_MAX ? INT_MAX : (int)count;
    if (MPI_Bcast(next, part, MPI_BYTE, root, library_communicator)) return 1;
    next += part;
    count -= (size_t)part;
  }
  return 0;
}

static int barrier(void *context)
{
  (void)context;
  return MPI_Barrier(library_communicator) != MPI_SUCCESS;
}

int cli_parallel_begin(int *count, char ***word, eipnn_parallel *parallel)
{
  *parallel = (eipnn_parallel){
      .size = 1, .sum = sum, .maximum = maximum, .broadcast = broadcast, .barrier = barrier};
  if (MPI_Init(count, word)) return cli_failure("MPI could not be started");
  MPI_Comm_dup(MPI_COMM_WORLD, &library_communicator);
  MPI_Comm_dup(MPI_COMM_WORLD, &agreement_communicator);
  MPI_Comm_rank(library_communicator, &parallel->rank);
  MPI_Comm_size(library_communicator, &parallel->size);
  return CLI_GOOD;
}

/* Waits for the agreement; a rank that failed gives up after its patience. */
static void wait_or_abort(MPI_Request *request, int code)
{
  int arrived = 0;
  double start = MPI_Wtime();
  const struct timespec pause = {0, 10 * 1000 * 1000};
  if (code == CLI_GOOD) {
    MPI_Wait(request, MPI_STATUS_IGNORE);
    return;
  }
  while (MPI_Test(request, &arrived, MPI_STATUS_IGNORE) == MPI_SUCCESS && !arrived) {
    if (MPI_Wtime() - start > patience) {
      fprintf(stderr, "eipnn: error: %s\n", eipnn_last_error());
      MPI_Abort(agreement_communicator, code);
    }
    nanosleep(&pause, NULL);
  }
}

int cli_parallel_agree(const eipnn_parallel *parallel, int code)
{
  if (parallel->size == 1) return code;
  /* {worst code, first rank that failed (as a negative, for the maximum)} */
  int mine[2] = {code, code ? -parallel->rank : -parallel->size}, all[2] = {0, 0};
  MPI_Request request;
  MPI_Iallreduce(mine, all, 2, MPI_INT, MPI_MAX, agreement_communicator, &request);
  wait_or_abort(&request, code);
  if (all[0] == CLI_GOOD) return CLI_GOOD;
  char message[1024];
  snprintf(message, sizeof message, "%s", eipnn_last_error());
  MPI_Bcast(message, (int)sizeof message, MPI_CHAR, -all[1], agreement_communicator);
  eipnn_error(EIPNN_ERROR_CALLBACK, "%s", message);
  return all[0];
}

void cli_parallel_end(void)
{
  if (library_communicator == MPI_COMM_NULL) return;
  MPI_Comm_free(&library_communicator);
  MPI_Comm_free(&agreement_communicator);
  MPI_Finalize();
}
