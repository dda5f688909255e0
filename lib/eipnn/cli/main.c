/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/command.h"
#include "cli/dispatch.h"
#include "cli/parallel.h"

#include <stdio.h>

int main(int count, char **word)
{
  eipnn_parallel parallel;
  int code = cli_parallel_begin(&count, &word, &parallel);
  if (code == CLI_GOOD) code = cli_parallel_agree(&parallel, cli_dispatch(count, word, &parallel));
  if (code == CLI_GOOD && parallel.rank == 0 && (fflush(stdout) || ferror(stdout)))
    code = cli_failure("cannot write to standard output");
  if (code != CLI_GOOD && parallel.rank == 0) {
    fflush(stdout);
    fprintf(stderr, "eipnn: error: %s\n", eipnn_last_error());
  }
  cli_parallel_end();
  return code;
}
