/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/text_output.h"

#include "base/error.h"
#include "base/file.h"

#include <errno.h>
#include <string.h>

void cli_print_tag(FILE *file, const char *tag)
{
  for (; *tag; tag++) fputc(strchr(",\"\r\n", *tag) ? '_' : *tag, file);
}

eipnn_status cli_write_text(const char *path, cli_text_printer print, const void *data)
{
  eipnn_replacement replacement;
  EIPNN_TRY(eipnn_replacement_begin(&replacement, path));
  FILE *file = fopen(replacement.temporary, "w");
  eipnn_status status =
      file ? print(file, data)
           : eipnn_error(EIPNN_ERROR_IO, "cannot write %s: %s", path, strerror(errno));
  if (file) {
    int failed = ferror(file);
    failed |= fclose(file);
    if (failed && status == EIPNN_OK)
      status = eipnn_error(EIPNN_ERROR_IO, "cannot write %s: %s", path, strerror(errno));
  }
  if (status == EIPNN_OK) return eipnn_replacement_commit(&replacement);
  eipnn_replacement_discard(&replacement);
  return status;
}
