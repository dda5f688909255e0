/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes are an HDF5 file where they begin as one; else they say what is changed in a good file,
   first through HDF5, then byte by byte. */
#define _POSIX_C_SOURCE 200809L
#include "fuzz/h5_input.h"
#include "fuzz/fuzz.h"
#include "fuzz/h5_edit.h"
#include "fuzz/scratch.h"

#include <hdf5.h>

#include <string.h>
#include <unistd.h>

typedef struct input_file {
  scratch file;
  uint8_t *good; /* the bytes of a good file */
  size_t size;
} input_file;

static const char signature[] = "\211HDF\r\n\032\n";

static void prepare(input_file *input)
{
  H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  scratch_open(&input->file);
  char path[] = "/tmp/eipnn-fuzz-XXXXXX";
  const int file = mkstemp(path);
  FUZZ_PROMISE(file >= 0);
  fuzz_write_good(path);
  input->size = 0;
  FILE *stream = fopen(path, "rb");
  FUZZ_PROMISE(stream && (input->good = malloc((size_t)1 << 20)));
  input->size = fread(input->good, 1, (size_t)1 << 20, stream);
  fclose(stream);
  close(file);
  unlink(path);
}

static const input_file *the_input(void)
{
  static input_file input = {.file = {.file = -1}};
  if (input.file.file < 0) prepare(&input);
  return &input;
}

/* Up to three bytes, or the end of the file. */
static void damage(const scratch *file, edit_bytes *bytes)
{
  const uint8_t ways = edit_byte(bytes);
  if (ways < 160) return;
  size_t size;
  uint8_t *data = scratch_load(file, &size);
  for (int k = ways % 4; k > 0 && size > 0; k--) {
    const size_t at = edit_byte(bytes) << 16 | edit_byte(bytes) << 8 | edit_byte(bytes);
    if (k == 3)
      size = at % size;
    else
      data[at % size] ^= edit_byte(bytes);
  }
  scratch_store(file, data, size);
  free(data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const input_file *input = the_input();
  if (size >= 8 && !memcmp(data, signature, 8)) {
    scratch_store(&input->file, data, size);
  } else {
    edit_bytes bytes = {data, data + size};
    scratch_store(&input->file, input->good, input->size);
    h5_edit(input->file.path, &bytes);
    damage(&input->file, &bytes);
  }
  fuzz_read(input->file.path);
  FUZZ_PROMISE(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL) == 0);
  return 0;
}

void fuzz_seeds(fuzz_store store, void *context)
{
  const input_file *input = the_input();
  uint8_t bytes[64];
  store(context, input->good, input->size);
  store(context, "", 0);
  for (unsigned int seed = 1; seed < 40; seed++) {
    unsigned int state = seed * 2654435761u;
    for (size_t k = 0; k < sizeof bytes; k++) {
      state = state * 1664525u + 1013904223u;
      bytes[k] = (uint8_t)(state >> 24);
    }
    store(context, bytes, 8 + seed);
  }
}
