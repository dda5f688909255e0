/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_BACKEND_OPTION_H
#define EIPNN_CLI_BACKEND_OPTION_H

/* The option --backend, the same in every command that evaluates networks. */

#include "cli/command.h"

#define CLI_BACKEND_ARGUMENT "cpu|kokkos|kokkos-host|ref"
#define CLI_BACKEND_HELP "kokkos: GPU or cores, whatever Kokkos was built for; ref is slow"

/* Starts the backend, before any file is read. A failure where the build lacks it or its device
   is not there. */
int cli_backend_check(const char *name);

/* One line on standard output, on rank 0: the backend and its device. */
void cli_backend_report(const cli_context *context, const char *name);

#endif
