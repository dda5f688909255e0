/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_FUZZ_SCRATCH_H
#define EIPNN_FUZZ_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

/* A file in memory, reached by a path: no disk is touched, nothing is left behind. */
typedef struct scratch {
  int file;
  char path[32];
} scratch;

void scratch_open(scratch *file);
/* Replaces the contents. */
void scratch_store(const scratch *file, const uint8_t *data, size_t size);
/* Malloced copy of the contents. */
uint8_t *scratch_load(const scratch *file, size_t *size);

#endif
