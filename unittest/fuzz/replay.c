/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An engine for any compiler: replay --seeds FOLDER writes the seeds, replay --runs N [SEED] makes
   N executions with seeds changed at random, replay FILE... executes files, such as a crash that
   libFuzzer has found. */
#include "base/random.h"
#include "fuzz/fuzz.h"

#include <string.h>

enum { MOST_SEEDS = 64, LONGEST = 1 << 20 };

typedef struct corpus {
  uint8_t *data[MOST_SEEDS];
  size_t size[MOST_SEEDS], count;
  const char *folder;
} corpus;

static void keep(void *context, const void *data, size_t size)
{
  corpus *c = context;
  FUZZ_PROMISE(c->count < MOST_SEEDS && size <= LONGEST);
  c->data[c->count] = malloc(size + 1);
  FUZZ_PROMISE(c->data[c->count]);
  memcpy(c->data[c->count], data, size);
  c->size[c->count++] = size;
}

static void write_seed(void *context, const void *data, size_t size)
{
  corpus *c = context;
  char path[4096];
  snprintf(path, sizeof path, "%s/seed%02zu", c->folder, c->count++);
  FILE *file = fopen(path, "wb");
  FUZZ_PROMISE(file && fwrite(data, 1, size, file) == size);
  fclose(file);
}

static size_t below(eipnn_random *random, size_t limit)
{
  return limit ? (size_t)(eipnn_random_next(random) % limit) : 0;
}

/* Removes, doubles or overwrites a piece, or changes one byte. */
static size_t change(eipnn_random *random, uint8_t *data, size_t size)
{
  static const char marks[] = "0123456789-+.eE \n\"=:[]{},\\nan";
  const size_t at = below(random, size), piece = below(random, size - at < 40 ? size - at : 40);
  if (size == 0) return 0;
  switch (below(random, 5)) {
    case 0: memmove(data + at, data + at + piece, size - at - piece); return size - piece;
    case 1:
      if (size + piece > LONGEST) return size;
      memmove(data + at + piece, data + at, size - at);
      return size + piece;
    case 2: memmove(data + below(random, size - piece), data + at, piece); return size;
    case 3: data[at] = (uint8_t)marks[below(random, sizeof marks - 1)]; return size;
    default: data[at] ^= (uint8_t)(1u << below(random, 8)); return size;
  }
}

static void run_random(long runs, unsigned long seed)
{
  static uint8_t data[LONGEST];
  corpus c = {.count = 0};
  eipnn_random random;
  eipnn_random_seed(&random, seed, 0);
  fuzz_seeds(keep, &c);
  for (size_t k = 0; k < c.count; k++) LLVMFuzzerTestOneInput(c.data[k], c.size[k]);
  for (long run = 0; run < runs; run++) {
    const size_t k = below(&random, c.count);
    size_t size = c.size[k];
    memcpy(data, c.data[k], size);
    for (size_t n = below(&random, 6) + 1; n > 0; n--) size = change(&random, data, size);
    LLVMFuzzerTestOneInput(data, size);
  }
  printf("%ld executions\n", runs + (long)c.count);
  for (size_t k = 0; k < c.count; k++) free(c.data[k]);
}

static void run_file(const char *path)
{
  static uint8_t data[LONGEST];
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    exit(2);
  }
  const size_t size = fread(data, 1, LONGEST, file);
  fclose(file);
  LLVMFuzzerTestOneInput(data, size);
}

int main(int count, char **word)
{
  if (count == 3 && !strcmp(word[1], "--seeds")) {
    corpus c = {.folder = word[2]};
    fuzz_seeds(write_seed, &c);
  } else if (count >= 3 && !strcmp(word[1], "--runs")) {
    run_random(atol(word[2]), count > 3 ? strtoul(word[3], NULL, 10) : 1);
  } else {
    for (int k = 1; k < count; k++) run_file(word[k]);
  }
  return 0;
}
