/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define FILE_NAME "test_json.json"

static eipnn_status open_text(const char *text, eipnn_json_file **file)
{
  FILE *stream = fopen(FILE_NAME, "wb");
  assert_non_null(stream);
  fputs(text, stream);
  fclose(stream);
  return eipnn_json_open(FILE_NAME, file);
}

static void expect_error(eipnn_status status, const char *text)
{
  assert_int_equal(status, EIPNN_ERROR_FORMAT);
  if (!strstr(eipnn_last_error(), text)) fail_msg("\"%s\" lacks \"%s\"", eipnn_last_error(), text);
}

static const char *const sample = "[\n"
                                  "  {\"name\": \"a, \\\"b\\\" {\", \"x\": [1, {\"y\": 2}]},\n"
                                  "  {\n"
                                  "    \"steps\": 12,\n"
                                  "    \"rate\": 0.5,\n"
                                  "    \"on\": true,\n"
                                  "    \"name\": \"z\"\n"
                                  "  }\n"
                                  "]\n";

static void reads_values(void **state)
{
  (void)state;
  eipnn_json_file *file;
  assert_int_equal(open_text(sample, &file), EIPNN_OK);
  eipnn_json root = eipnn_json_root(file);
  size_t size;
  assert_int_equal(eipnn_json_array(&root, 1, &size), EIPNN_OK);
  assert_int_equal(size, 2);
  eipnn_json item = eipnn_json_element(&root, 1);
  const char *name = NULL, *absent = "kept";
  assert_int_equal(eipnn_json_get_string(&item, "name", EIPNN_JSON_REQUIRED, &name), EIPNN_OK);
  assert_int_equal(eipnn_json_get_string(&item, "other", EIPNN_JSON_OPTIONAL, &absent), EIPNN_OK);
  assert_string_equal(name, "z");
  assert_string_equal(absent, "kept");
  eipnn_json_close(&file);
  assert_null(file);
}

static void errors_name_the_line(void **state)
{
  (void)state;
  eipnn_json_file *file;
  assert_int_equal(open_text(sample, &file), EIPNN_OK);
  eipnn_json root = eipnn_json_root(file);
  eipnn_json item = eipnn_json_element(&root, 1);
  const char *const known[] = {"name", "steps", "on", NULL};
  const char *text;
  size_t size;
  expect_error(eipnn_json_keys(&item, known),
               FILE_NAME ":5: unknown key \"rate\"; known keys: name, steps, on");
  expect_error(eipnn_json_keys(&root, known), FILE_NAME ":1: the file must hold an object");
  expect_error(eipnn_json_get_string(&item, "missing", EIPNN_JSON_REQUIRED, &text),
               FILE_NAME ":3: the key \"missing\" is missing");
  expect_error(eipnn_json_get_string(&item, "steps", EIPNN_JSON_REQUIRED, &text),
               FILE_NAME ":4: \"steps\" must be a string, not a whole number");
  expect_error(eipnn_json_get_string(&item, "rate", EIPNN_JSON_OPTIONAL, &text),
               FILE_NAME ":5: \"rate\" must be a string, not a number with a fraction");
  expect_error(eipnn_json_array(&item, 0, &size), FILE_NAME ":3: element 2 must be an array");
  expect_error(eipnn_json_array(&root, 3, &size), "at least 3 elements, it has 2");
  eipnn_json_close(&file);
}

static void bad_files_are_refused(void **state)
{
  (void)state;
  static const char *const bad[] = {
      "",      "  \n",          "{",           "[1,2",    "{\"a\":1,\"a\":2}",
      "[1] 2", "{\"a\":1e999}", "{\"a\":NaN}", "\x01\x02"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    eipnn_json_file *file = NULL;
    expect_error(open_text(bad[i], &file), FILE_NAME ":");
    assert_null(file);
  }
  eipnn_json_file *file = NULL;
  expect_error(open_text("[\n1,\n oops]", &file), FILE_NAME ":3: not valid JSON");
  assert_int_equal(eipnn_json_open("no_such_file.json", &file), EIPNN_ERROR_IO);
  assert_int_equal(eipnn_json_open(".", &file), EIPNN_ERROR_IO);
  assert_null(file);
  remove(FILE_NAME);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_values),
      cmocka_unit_test(errors_name_the_line),
      cmocka_unit_test(bad_files_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
