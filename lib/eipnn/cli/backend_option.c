/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/backend_option.h"

#include "cli/command.h"
#include "tensor/backend.h"

#include <stdio.h>

int cli_backend_check(const char *name)
{
  char cause[1024];
  const eipnn_backend *backend;
  if (eipnn_backend_find(name, &backend) == EIPNN_OK) return CLI_GOOD;
  snprintf(cause, sizeof cause, "%s", eipnn_last_error());
  return cli_failure("--backend %s: %s", name, cause);
}
