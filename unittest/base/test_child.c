/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static eipnn_child *start_shell(const char *script)
{
  char *argument[] = {"sh", "-c", (char *)(uintptr_t)script, NULL};
  char *environment[] = {"GREETING=hello", "PATH=/usr/bin:/bin", NULL};
  eipnn_child *child;
  if (eipnn_child_start("/bin/sh", argument, environment, &child) != EIPNN_OK)
    fail_msg("%s", eipnn_last_error());
  return child;
}

static eipnn_status ask(eipnn_child *child, const char *text, const char **answer)
{
  return eipnn_child_ask(child, text, strlen(text), "END", 20, answer);
}

static void answers_one_after_the_other(void **state)
{
  (void)state;
  const char *answer;
  eipnn_child *child = start_shell("echo $GREETING; exec cat");
  assert_int_equal(ask(child, "one\nEND 1\n", &answer), EIPNN_OK);
  assert_string_equal(answer, "hello\none\nEND 1\n");
  assert_int_equal(ask(child, "two\nEND 2\n", &answer), EIPNN_OK);
  assert_string_equal(answer, "two\nEND 2\n");
  eipnn_child_close(&child);
  assert_null(child);
  eipnn_child_close(&child);
}

/* More than fits into pipes, in both directions at once. */
static void long_texts_do_not_block(void **state)
{
  (void)state;
  enum { LENGTH = 3000000 };
  const char *answer;
  char *text = malloc(LENGTH + 6);
  assert_non_null(text);
  memset(text, 'x', LENGTH);
  strcpy(text + LENGTH, "\nEND\n");
  eipnn_child *child = start_shell("exec cat");
  assert_int_equal(ask(child, text, &answer), EIPNN_OK);
  assert_string_equal(answer, text);
  eipnn_child_close(&child);
  free(text);
}

static void ends_and_silence_are_errors(void **state)
{
  (void)state;
  const char *answer;
  eipnn_child *child = start_shell("echo last words >&2; exit 3");
  assert_int_equal(ask(child, "x\n", &answer), EIPNN_ERROR_IO);
  assert_string_equal(eipnn_last_error(), "it ended");
  assert_string_equal(answer, "last words\n");
  assert_int_equal(ask(child, "x\n", &answer), EIPNN_ERROR_IO); /* and no signal */
  eipnn_child_close(&child);
  child = start_shell("sleep 1000 & exec sleep 1000");
  assert_int_equal(eipnn_child_ask(child, "x\n", 2, "END", 0.2, &answer), EIPNN_ERROR_IO);
  assert_string_equal(eipnn_last_error(), "it did not answer within 0.2 seconds");
  eipnn_child_close(&child);
}

static void missing_programs_are_named(void **state)
{
  (void)state;
  char *nothing[] = {"none", NULL};
  eipnn_child *child;
  assert_int_equal(eipnn_child_start("/no/such/program", nothing, nothing + 1, &child),
                   EIPNN_ERROR_IO);
  assert_null(child);
  assert_non_null(strstr(eipnn_last_error(), "/no/such/program"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(answers_one_after_the_other),
      cmocka_unit_test(long_texts_do_not_block),
      cmocka_unit_test(ends_and_silence_are_errors),
      cmocka_unit_test(missing_programs_are_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
