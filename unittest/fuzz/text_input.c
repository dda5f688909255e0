/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes are the file. */
#include "fuzz/fuzz.h"
#include "fuzz/scratch.h"

static scratch file = {.file = -1};

static void remove_file(void)
{
  scratch_remove(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (file.file < 0) {
    scratch_open(&file);
    atexit(remove_file);
  }
  scratch_store(&file, data, size);
  fuzz_read(file.path);
  return 0;
}
