/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Preloaded (LD_PRELOAD) into LAMMPS: a computer on which EIPNN_TEST_FREE_KB kilobytes of memory
   are free, as the backends on the host see it. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

FILE *fopen(const char *path, const char *mode)
{
  static char text[64];
  const char *free_kb = getenv("EIPNN_TEST_FREE_KB");
  if (free_kb && strcmp(path, "/proc/meminfo") == 0) {
    const int length = snprintf(text, sizeof text, "MemAvailable: %s kB\n", free_kb);
    return fmemopen(text, (size_t)length, "r");
  }
  void *next = dlsym(RTLD_NEXT, "fopen");
  FILE *(*open_file)(const char *, const char *);
  memcpy(&open_file, &next, sizeof next);
  return open_file(path, mode);
}
