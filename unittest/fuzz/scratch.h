/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_FUZZ_SCRATCH_H
#define EIPNN_FUZZ_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

/* A file of this process, in memory where the system has a folder for that. */
typedef struct scratch {
  int file;
  char path[64];
} scratch;

void scratch_open(scratch *file);
/* Replaces the contents. */
void scratch_store(const scratch *file, const uint8_t *data, size_t size);
/* Looks at what is at the path now. */
void scratch_reopen(scratch *file);
void scratch_remove(const scratch *file);
/* Malloced copy of the contents. */
uint8_t *scratch_load(const scratch *file, size_t *size);

#endif
