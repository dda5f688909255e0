/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _XOPEN_SOURCE 700
#include "fuzz/scratch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail(const char *what)
{
  perror(what);
  exit(3);
}

void scratch_open(scratch *file)
{
  const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
  snprintf(file->path, sizeof file->path, "%s/eipnn-fuzz-XXXXXX", folder);
  file->file = mkstemp(file->path);
  if (file->file < 0) fail(file->path);
}

void scratch_store(const scratch *file, const uint8_t *data, size_t size)
{
  for (size_t done = 0; done < size;) {
    const ssize_t wrote = pwrite(file->file, data + done, size - done, (off_t)done);
    if (wrote <= 0) fail("pwrite");
    done += (size_t)wrote;
  }
  if (ftruncate(file->file, (off_t)size)) fail("ftruncate");
}

void scratch_reopen(scratch *file)
{
  close(file->file);
  file->file = open(file->path, O_RDWR);
  if (file->file < 0) fail(file->path);
}

void scratch_remove(const scratch *file)
{
  unlink(file->path);
}

uint8_t *scratch_load(const scratch *file, size_t *size)
{
  struct stat information;
  if (fstat(file->file, &information)) fail("fstat");
  *size = (size_t)information.st_size;
  uint8_t *data = malloc(*size + 1);
  if (!data || pread(file->file, data, *size, 0) != (ssize_t)*size) fail("pread");
  return data;
}
