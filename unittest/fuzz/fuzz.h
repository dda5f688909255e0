/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_FUZZ_H
#define EIPNN_FUZZ_H

/* A fuzzer is a reader (read_NAME.c) behind an input front end: text_input.c hands the bytes to
   the reader as a file, h5_input.c makes an HDF5 file of them. The engine is libFuzzer (target
   fuzz_NAME, EIPNN_FUZZ=ON) or replay.c (target replay_NAME, any compiler). */

#include <eipnn/status.h>

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Of the front end: one execution, always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of the front end (HDF5) or the reader (text): hands inputs worth starting from to store. */
typedef void (*fuzz_store)(void *context, const void *data, size_t size);
void fuzz_seeds(fuzz_store store, void *context);

/* Of the reader: reads the file, checks what the reader promises. 1 if the file was accepted. */
int fuzz_read(const char *path);

/* Ends the process as a crash does: a promise was broken. */
#define FUZZ_PROMISE(condition)                                                                    \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                    \
      fprintf(stderr, "last error: %s\n", eipnn_last_error());                                     \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

/* A failure has a message. */
static inline void fuzz_check_status(eipnn_status status)
{
  FUZZ_PROMISE(status == EIPNN_OK || eipnn_last_error()[0]);
}

#endif
