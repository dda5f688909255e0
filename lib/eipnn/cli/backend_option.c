/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/backend_option.h"

#include <eipnn/backend.h>
#include <stdio.h>

int cli_backend_check(const char *name)
{
  char cause[1024];
  if (eipnn_backend_start(name) == EIPNN_OK) return CLI_GOOD;
  snprintf(cause, sizeof cause, "%s", eipnn_last_error());
  return cli_failure("--backend %s: %s", name, cause);
}

void cli_backend_report(const cli_context *context, const char *name)
{
  char device[256], first[64] = "";
  const int size = context->parallel->size;
  if (eipnn_backend_device(name, device, sizeof device) != EIPNN_OK) return;
  if (size > 1) snprintf(first, sizeof first, " (the first of %d processes)", size);
  cli_print(context, "backend %s: %s%s\n", name, device, first);
}
