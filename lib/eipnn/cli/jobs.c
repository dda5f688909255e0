/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _DEFAULT_SOURCE
#include "cli/jobs.h"

#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 4096 }; /* numbers exchanged at a time */

/* Memory that all processes see. */
struct cli_jobs_shared {
  atomic_int arrived;    /* at the present barrier */
  atomic_int generation; /* barriers passed */
  atomic_int broken;     /* a process has ended too early */
  pid_t parent;
  size_t bytes;
  double slot[]; /* [size][CHUNK] */
};

/* Rank 0 looks for processes that have died, the others for rank 0. */
static int someone_died(cli_jobs *jobs)
{
  if (atomic_load(&jobs->shared->broken)) return 1;
  if (jobs->parallel.rank) return getppid() != jobs->shared->parent;
  for (int k = 0; k < jobs->parallel.size - 1; k++)
    if (jobs->child[k] && waitpid(jobs->child[k], NULL, WNOHANG) == jobs->child[k]) {
      jobs->child[k] = 0;
      atomic_store(&jobs->shared->broken, 1);
      return 1;
    }
  return 0;
}

static int barrier(void *context)
{
  cli_jobs *jobs = context;
  struct cli_jobs_shared *shared = jobs->shared;
  const struct timespec pause = {0, 50 * 1000};
  int generation = atomic_load(&shared->generation);
  if (atomic_fetch_add(&shared->arrived, 1) == jobs->parallel.size - 1) {
    atomic_store(&shared->arrived, 0);
    atomic_fetch_add(&shared->generation, 1);
    return 0;
  }
  while (atomic_load(&shared->generation) == generation) {
    if (someone_died(jobs))
      return eipnn_error(EIPNN_ERROR_CALLBACK, "a process of --jobs has died");
    nanosleep(&pause, NULL);
  }
  return 0;
}

/* Sums or maxima of one chunk; every rank adds in the same order. */
static int reduce_chunk(cli_jobs *jobs, double *values, size_t count, int maximum)
{
  double *slot = jobs->shared->slot;
  memcpy(slot + (size_t)jobs->parallel.rank * CHUNK, values, count * sizeof *values);
  if (barrier(jobs)) return 1;
  memcpy(values, slot, count * sizeof *values);
  for (int rank = 1; rank < jobs->parallel.size; rank++)
    for (size_t k = 0; k < count; k++) {
      double other = slot[(size_t)rank * CHUNK + k];
      if (!maximum)
        values[k] += other;
      else if (other > values[k])
        values[k] = other;
    }
  return barrier(jobs);
}

static int reduce(cli_jobs *jobs, double *values, size_t count, int maximum)
{
  for (size_t done = 0; done < count; done += CHUNK)
    if (reduce_chunk(jobs, values + done, count - done < CHUNK ? count - done : CHUNK, maximum))
      return 1;
  return 0;
}

static int sum(void *context, double *values, size_t count)
{
  return reduce(context, values, count, 0);
}

static int maximum(void *context, double *values, size_t count)
{
  return reduce(context, values, count, 1);
}

static int broadcast(void *context, void *bytes, size_t count, int root)
{
  cli_jobs *jobs = context;
  const size_t chunk = CHUNK * sizeof(double);
  for (size_t done = 0; done < count; done += chunk) {
    size_t part = count - done < chunk ? count - done : chunk;
    if (jobs->parallel.rank == root) memcpy(jobs->shared->slot, (char *)bytes + done, part);
    if (barrier(jobs)) return 1;
    if (jobs->parallel.rank != root) memcpy((char *)bytes + done, jobs->shared->slot, part);
    if (barrier(jobs)) return 1;
  }
  return 0;
}

static eipnn_status share_memory(cli_jobs *jobs, int count)
{
  size_t bytes = sizeof *jobs->shared + (size_t)count * CHUNK * sizeof(double);
  jobs->child = eipnn_calloc((size_t)count, sizeof *jobs->child);
  if (!jobs->child) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %d jobs", count);
  jobs->shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (jobs->shared == MAP_FAILED) {
    free(jobs->child);
    return eipnn_error(EIPNN_ERROR_MEMORY, "no shared memory for %d jobs: %s", count,
                       strerror(errno));
  }
  jobs->shared->parent = getpid();
  jobs->shared->bytes = bytes;
  return EIPNN_OK;
}

static void release(cli_jobs *jobs)
{
  munmap(jobs->shared, jobs->shared->bytes);
  free(jobs->child);
}

eipnn_status cli_jobs_begin(cli_jobs *jobs, int count)
{
  *jobs = (cli_jobs){.parallel = {.size = count,
                                  .context = jobs,
                                  .sum = sum,
                                  .maximum = maximum,
                                  .broadcast = broadcast,
                                  .barrier = barrier}};
  EIPNN_TRY(share_memory(jobs, count));
  fflush(NULL); /* what is buffered must be printed once */
  for (int rank = 1; rank < count; rank++) {
    pid_t child = fork();
    if (child < 0) {
      eipnn_status status =
          eipnn_error(EIPNN_ERROR_MEMORY, "cannot start job %d: %s", rank + 1, strerror(errno));
      for (int k = 0; k < rank - 1; k++) kill(jobs->child[k], SIGKILL);
      for (int k = 0; k < rank - 1; k++) waitpid(jobs->child[k], NULL, 0);
      release(jobs);
      return status;
    }
    if (child == 0) {
      jobs->parallel.rank = rank;
      return EIPNN_OK;
    }
    jobs->child[rank - 1] = child;
  }
  return EIPNN_OK;
}

eipnn_status cli_jobs_end(cli_jobs *jobs, eipnn_status status)
{
  if (jobs->parallel.rank) {
    if (status != EIPNN_OK) fprintf(stderr, "eipnn: a job failed: %s\n", eipnn_last_error());
    _exit(status != EIPNN_OK);
  }
  int failed = 0;
  if (status != EIPNN_OK) atomic_store(&jobs->shared->broken, 1);
  for (int k = 0; k < jobs->parallel.size - 1; k++) {
    int result = 0;
    if (!jobs->child[k]) continue;
    while (waitpid(jobs->child[k], &result, 0) < 0 && errno == EINTR) continue;
    if (result) failed = 1;
  }
  release(jobs);
  if (failed && status == EIPNN_OK)
    return eipnn_error(EIPNN_ERROR_CALLBACK, "a process of --jobs failed");
  return status;
}
