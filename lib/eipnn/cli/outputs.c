/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/outputs.h"

#include "cli/command.h"

#include <string.h>
#include <sys/stat.h>

static int same_file(const char *one, const char *other)
{
  struct stat a, b;
  if (!one || !other) return 0;
  if (!strcmp(one, other)) return 1;
  if (stat(one, &a) || stat(other, &b)) return 0;
  return S_ISREG(a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

int cli_outputs_check(size_t noutputs, const cli_named_file *output, size_t ninputs,
                      const cli_named_file *input)
{
  for (size_t o = 0; o < noutputs; o++) {
    for (size_t i = 0; i < ninputs; i++)
      if (same_file(output[o].path, input[i].path))
        return cli_usage_error("%s %s would replace %s", output[o].what, output[o].path,
                               input[i].what);
    for (size_t other = 0; other < o; other++)
      if (same_file(output[o].path, output[other].path))
        return cli_usage_error("%s and %s are the same file", output[other].what, output[o].what);
  }
  return CLI_GOOD;
}
