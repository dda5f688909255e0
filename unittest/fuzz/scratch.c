/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE /* memfd_create */
#include "fuzz/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail(const char *what)
{
  perror(what);
  exit(3);
}

void scratch_open(scratch *file)
{
  file->file = memfd_create("eipnn-fuzz", 0);
  if (file->file < 0) fail("memfd_create");
  snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->file);
}

void scratch_store(const scratch *file, const uint8_t *data, size_t size)
{
  if (ftruncate(file->file, 0)) fail("ftruncate");
  for (size_t done = 0; done < size;) {
    const ssize_t wrote = pwrite(file->file, data + done, size - done, (off_t)done);
    if (wrote <= 0) fail("pwrite");
    done += (size_t)wrote;
  }
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
