/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _XOPEN_SOURCE 700
#include "base/file.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static eipnn_status sync_path(const char *path, int flags)
{
  int file = open(path, flags);
  if (file < 0) return eipnn_error(EIPNN_ERROR_IO, "cannot open %s: %s", path, strerror(errno));
  int failed = fsync(file);
  int cause = errno;
  close(file);
  /* Some file systems cannot sync a folder; the rename is atomic all the same. */
  if (failed && cause != EINVAL)
    return eipnn_error(EIPNN_ERROR_IO, "cannot write %s to disk: %s", path, strerror(cause));
  return EIPNN_OK;
}

eipnn_status eipnn_replacement_begin(eipnn_replacement *replacement, const char *path)
{
  memset(replacement, 0, sizeof *replacement);
  char *resolved = realpath(path, NULL);
  replacement->target = resolved ? resolved : eipnn_strdup(path);
  if (!replacement->target) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a file name");
  size_t size = strlen(replacement->target) + 32;
  replacement->temporary = malloc(size);
  if (!replacement->temporary) {
    eipnn_replacement_discard(replacement);
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a file name");
  }
  snprintf(replacement->temporary, size, "%s.tmp%ld", replacement->target, (long)getpid());
  return EIPNN_OK;
}

static eipnn_status sync_folder_of(const char *path)
{
  char *copy = eipnn_strdup(path);
  if (!copy) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a file name");
  eipnn_status status = sync_path(dirname(copy), O_RDONLY | O_DIRECTORY);
  free(copy);
  return status;
}

eipnn_status eipnn_replacement_commit(eipnn_replacement *replacement)
{
  eipnn_status status = sync_path(replacement->temporary, O_RDONLY);
  if (status == EIPNN_OK && rename(replacement->temporary, replacement->target))
    status = eipnn_error(EIPNN_ERROR_IO, "cannot rename %s to %s: %s", replacement->temporary,
                         replacement->target, strerror(errno));
  if (status == EIPNN_OK) {
    free(replacement->temporary);
    replacement->temporary = NULL;
    status = sync_folder_of(replacement->target);
  }
  eipnn_replacement_discard(replacement);
  return status;
}

void eipnn_replacement_discard(eipnn_replacement *replacement)
{
  if (replacement->temporary) unlink(replacement->temporary);
  free(replacement->temporary);
  free(replacement->target);
  replacement->temporary = NULL;
  replacement->target = NULL;
}
