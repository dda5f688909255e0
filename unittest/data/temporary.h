/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TEMPORARY_H
#define TEMPORARY_H

/* A folder for the files of one test program, as cmocka's group state. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline int temporary_setup(void **state)
{
  const char *parent = getenv("TMPDIR");
  char *folder = malloc(4096);
  if (!folder) return -1;
  snprintf(folder, 4096, "%s/eipnn-test-XXXXXX", parent ? parent : "/tmp");
  *state = mkdtemp(folder);
  return *state ? 0 : -1;
}

static inline int temporary_teardown(void **state)
{
  char path[8192];
  DIR *folder = opendir(*state);
  for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;) {
    snprintf(path, sizeof path, "%s/%s", (const char *)*state, entry->d_name);
    if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) unlink(path);
  }
  if (folder) closedir(folder);
  rmdir(*state);
  free(*state);
  return 0;
}

/* Path of a file in the folder; valid until the next call. */
static inline const char *temporary_path(const void *folder, const char *name)
{
  static char path[4200];
  snprintf(path, sizeof path, "%s/%s", (const char *)folder, name);
  return path;
}

#endif
