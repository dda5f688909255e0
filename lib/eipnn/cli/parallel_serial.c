/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/command.h"
#include "cli/parallel.h"

#include <stdlib.h>

/* The number of processes that a launcher of MPI jobs says it has started. */
static int launched_ranks(void)
{
  static const char *const variable[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMIX_SIZE"};
  for (size_t k = 0; k < sizeof variable / sizeof variable[0]; k++) {
    const char *text = getenv(variable[k]);
    if (text && atoi(text) > 1) return atoi(text);
  }
  return 1;
}

int cli_parallel_begin(int *count, char ***word, eipnn_parallel *parallel)
{
  (void)count;
  (void)word;
  *parallel = (eipnn_parallel){.rank = 0, .size = 1};
  int ranks = launched_ranks();
  if (ranks > 1)
    return cli_failure("started on %d MPI ranks, but this eipnn was built without MPI and each "
                       "rank would do the whole work; configure with `cmake -D EIPNN_MPI=ON`, or "
                       "run it without mpirun",
                       ranks);
  return CLI_GOOD;
}

int cli_parallel_agree(const eipnn_parallel *parallel, int code)
{
  (void)parallel;
  return code;
}

void cli_parallel_end(void)
{
}
