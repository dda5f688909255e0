/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_DISPATCH_H
#define EIPNN_CLI_DISPATCH_H

#include <eipnn/parallel.h>

/* Runs the command that the words name; word[0] is the program. Returns an exit code; unless
   CLI_GOOD, eipnn_last_error() says why. */
int cli_dispatch(int count, char **word, const eipnn_parallel *parallel);

#endif
