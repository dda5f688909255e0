/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_FUZZ_H5_EDIT_H
#define EIPNN_FUZZ_H5_EDIT_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that decide the edits; behind the last one all are 0. */
typedef struct edit_bytes {
  const uint8_t *next, *end;
} edit_bytes;
uint8_t edit_byte(edit_bytes *bytes);

/* A good file of *size bytes, changed through HDF5 itself, so that its checksums stay right and the
   reader's own checks are what is tried: links and attributes removed, renamed, linked elsewhere;
   arrays and attributes replaced by others of any type, shape and value; single values overwritten.
   Malloced, NULL where HDF5 cannot do it; *size becomes its length. */
uint8_t *h5_edit(const uint8_t *good, size_t *size, edit_bytes *bytes);

#endif
