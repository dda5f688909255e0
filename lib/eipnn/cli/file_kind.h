/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_FILE_KIND_H
#define EIPNN_CLI_FILE_KIND_H

#include <eipnn/status.h>
#include <stdint.h>

/* What an HDF5 file says it is. */
typedef struct cli_file_kind {
  char format[64];         /* root attribute "format" */
  int checkpoint;          /* a model file with the state of a training */
  int64_t step, best_step; /* of that training */
  double best_mae;         /* eV */
} cli_file_kind;

eipnn_status cli_read_file_kind(const char *path, cli_file_kind *kind);

#endif
