/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/random.h"
#include "tensor/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static size_t take(eipnn_arena *arena, size_t size)
{
  size_t offset = 0;
  assert_int_equal(eipnn_arena_take(arena, size, &offset), EIPNN_OK);
  assert_int_equal(offset % 64, 0);
  return offset;
}

static void test_reuse(void **state)
{
  (void)state;
  eipnn_arena arena = {0};
  const size_t a = take(&arena, 100), b = take(&arena, 64), c = take(&arena, 1000);
  assert_int_equal(arena.peak, 128 + 64 + 1024);
  assert_int_equal(eipnn_arena_give(&arena, a, 100), EIPNN_OK);
  assert_int_equal(take(&arena, 64), a);
  assert_int_equal(take(&arena, 64), a + 64);
  assert_int_equal(eipnn_arena_give(&arena, b, 64), EIPNN_OK);
  assert_int_equal(eipnn_arena_give(&arena, c, 1000), EIPNN_OK);
  assert_int_equal(eipnn_arena_give(&arena, a + 64, 64), EIPNN_OK);
  /* b and c joined the space above: a block of any size fits behind a. */
  assert_int_equal(take(&arena, 5000), a + 64);
  assert_int_equal(take(&arena, 0), 0);
  eipnn_arena_free(&arena);
}

typedef struct block {
  size_t offset, size;
} block;

/* Blocks in use never overlap, and everything given back is one range again. */
static void test_random_blocks(void **state)
{
  (void)state;
  enum { BLOCKS = 40 };
  block held[BLOCKS] = {{0, 0}};
  eipnn_arena arena = {0};
  eipnn_random random;
  eipnn_random_seed(&random, 3, 0);
  for (int step = 0; step < 5000; step++) {
    block *b = &held[(int)(eipnn_random_uniform(&random) * BLOCKS)];
    if (b->size) {
      assert_int_equal(eipnn_arena_give(&arena, b->offset, b->size), EIPNN_OK);
      b->size = 0;
      continue;
    }
    const size_t size = 1 + (size_t)(eipnn_random_uniform(&random) * 3000.0);
    const size_t offset = take(&arena, size);
    for (int k = 0; k < BLOCKS; k++)
      assert_true(held[k].size == 0 || offset + size <= held[k].offset ||
                  held[k].offset + held[k].size <= offset);
    *b = (block){offset, size};
    assert_true(offset + size <= arena.peak);
  }
  for (int k = 0; k < BLOCKS; k++)
    assert_int_equal(eipnn_arena_give(&arena, held[k].offset, held[k].size), EIPNN_OK);
  assert_int_equal(arena.top, 0);
  assert_int_equal(arena.count, 0);
  eipnn_arena_free(&arena);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_reuse),
                                     cmocka_unit_test(test_random_blocks)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
