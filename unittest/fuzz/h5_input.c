/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes are an HDF5 file where they begin as one; else they say what is changed in a good file,
   first through HDF5, then byte by byte. */
#include "fuzz/h5_input.h"
#include "fuzz/fuzz.h"
#include "fuzz/h5_edit.h"
#include "fuzz/scratch.h"

#include <hdf5.h>

#include <string.h>

typedef struct input_file {
  scratch file;
  uint8_t *good; /* the bytes of a good file */
  size_t size;
} input_file;

static const char signature[] = "\211HDF\r\n\032\n";

static input_file input = {.file = {.file = -1}};

static void remove_file(void)
{
  scratch_remove(&input.file);
}

static void prepare(void)
{
  H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  /* Each open file has a cache of over 1 MiB: faster where it is not mapped anew. */
  H5set_free_list_limits(-1, -1, -1, -1, -1, -1);
  scratch_open(&input.file);
  fuzz_write_good(input.file.path);
  /* Written to another name and renamed: the descriptor is that of the old file. */
  scratch_reopen(&input.file);
  input.good = scratch_load(&input.file, &input.size);
  FUZZ_PROMISE(fuzz_read(input.file.path));
  atexit(remove_file);
}

static const input_file *the_input(void)
{
  if (input.file.file < 0) prepare();
  return &input;
}

/* Changes up to three bytes, or cuts the end off. */
static void damage(uint8_t *data, size_t *size, edit_bytes *bytes)
{
  const uint8_t ways = edit_byte(bytes);
  for (int k = ways < 160 ? 0 : ways % 4; k > 0 && *size > 0; k--) {
    const size_t at = (size_t)edit_byte(bytes) << 16 | edit_byte(bytes) << 8 | edit_byte(bytes);
    if (k == 3)
      *size = at % *size;
    else
      data[at % *size] ^= edit_byte(bytes);
  }
}

static void store_changed(const input_file *in, const uint8_t *data, size_t size)
{
  edit_bytes bytes = {data, data + size};
  size_t length = in->size;
  uint8_t *changed = h5_edit(in->good, &length, &bytes);
  if (changed) {
    damage(changed, &length, &bytes);
    scratch_store(&in->file, changed, length);
  } else {
    scratch_store(&in->file, in->good, in->size);
  }
  free(changed);
}

/* Handles of HDF5 that no file owns: closing a file does not release them. */
static hsize_t open_handles(void)
{
  static const H5I_type_t types[] = {H5I_DATATYPE, H5I_DATASPACE, H5I_GENPROP_LST};
  hsize_t sum = 0;
  for (int k = 0; k < 3; k++) {
    hsize_t count = 0;
    H5Inmembers(types[k], &count);
    sum += count;
  }
  return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const input_file *in = the_input();
  if (size >= 8 && !memcmp(data, signature, 8))
    scratch_store(&in->file, data, size);
  else
    store_changed(in, data, size);
  const hsize_t before = open_handles();
  fuzz_read(in->file.path);
  FUZZ_PROMISE(open_handles() == before);
  FUZZ_PROMISE(H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL) == 0);
  return 0;
}

void fuzz_seeds(fuzz_store store, void *context)
{
  const input_file *in = the_input();
  uint8_t bytes[64];
  store(context, in->good, in->size);
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
