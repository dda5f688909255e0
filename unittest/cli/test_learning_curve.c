/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/learning_curve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static const char path[] = "test_learning_curve.csv";

static void write_steps(int resume, int first, int last)
{
  cli_learning_curve curve;
  assert_int_equal(cli_learning_curve_open(&curve, path, resume), EIPNN_OK);
  for (int step = first; step <= last; step += 10) {
    eipnn_train_progress progress = {.step = step, .epoch = resume, .rate = 1e-3, .validated = 1};
    cli_learning_curve_row(&curve, &progress);
    progress.validated = 0;
    cli_learning_curve_row(&curve, &progress);
  }
  assert_int_equal(cli_learning_curve_close(&curve, path), EIPNN_OK);
}

/* The rows must be steps 10, 20, ... with the given epochs. */
static void check_rows(int count, const int *epoch)
{
  char line[256];
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  assert_non_null(fgets(line, sizeof line, file));
  assert_string_equal(line, "step,epoch,lr,loss,validation_mae,validation_atom_mae,sigma,labels_used\n");
  for (int k = 0; k < count; k++) {
    char expected[32];
    snprintf(expected, sizeof expected, "%d,%d,0.001,", 10 * (k + 1), epoch[k]);
    assert_non_null(fgets(line, sizeof line, file));
    assert_memory_equal(line, expected, strlen(expected));
  }
  assert_null(fgets(line, sizeof line, file));
  fclose(file);
}

static void test_resume_replaces_later_rows(void **state)
{
  (void)state;
  write_steps(0, 10, 50);
  check_rows(5, (int[]){0, 0, 0, 0, 0});
  write_steps(1, 40, 60);
  check_rows(6, (int[]){0, 0, 0, 1, 1, 1});
}

static void test_row_cut_off_by_a_kill(void **state)
{
  (void)state;
  write_steps(0, 10, 20);
  FILE *file = fopen(path, "a");
  fputs("30,0,0.0", file);
  fclose(file);
  write_steps(1, 30, 40);
  check_rows(4, (int[]){0, 0, 1, 1});
}

static void test_fresh_run_starts_over(void **state)
{
  (void)state;
  write_steps(0, 10, 50);
  write_steps(0, 10, 20);
  check_rows(2, (int[]){0, 0});
  remove(path);
  write_steps(1, 10, 20);
  check_rows(2, (int[]){1, 1});
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_resume_replaces_later_rows),
      cmocka_unit_test(test_row_cut_off_by_a_kill),
      cmocka_unit_test(test_fresh_run_starts_over),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
