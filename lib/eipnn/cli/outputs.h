/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_OUTPUTS_H
#define EIPNN_CLI_OUTPUTS_H

#include <stddef.h>

/* A file named on the command line. */
typedef struct cli_named_file {
  const char *what; /* "--out", "the dataset" */
  const char *path; /* NULL: not given */
} cli_named_file;

/* No output may be a file that the run reads, nor the file of another output; links and
   different spellings of a path are seen through. An exit code. */
int cli_outputs_check(size_t noutputs, const cli_named_file *output, size_t ninputs,
                      const cli_named_file *input);

#endif
