/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <eipnn/eip.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FILE_NAME "test_eip_list.json"

static eipnn_status read_text(const char *text, eipnn_eip_list **list)
{
  FILE *stream = fopen(FILE_NAME, "wb");
  assert_non_null(stream);
  fputs(text, stream);
  fclose(stream);
  return eipnn_eip_list_read(FILE_NAME, list);
}

static void reads_both_providers(void **state)
{
  (void)state;
  eipnn_eip_list *list;
  assert_int_equal(
      read_text("[{\"name\": \"edip\", \"species\": [\"Si\", \"C\"], \"provider\": \"kim\","
                " \"model\": \"EDIP_X\"},\n"
                " {\"name\": \"tmod\", \"species\": [\"Si\"], \"provider\": \"lammps\","
                " \"commands\": [\"pair_style tersoff/mod\", \"pair_coeff * * F Si\"]}]",
                &list),
      EIPNN_OK);
  assert_int_equal(list->count, 2);
  assert_string_equal(list->entry[0].name, "edip");
  assert_string_equal(list->entry[0].model, "EDIP_X");
  assert_int_equal(list->entry[0].nspecies, 2);
  assert_int_equal(list->entry[0].species[0], 14);
  assert_int_equal(list->entry[0].species[1], 6);
  assert_string_equal(list->entry[1].provider, "lammps");
  assert_int_equal(list->entry[1].ncommands, 2);
  assert_string_equal(list->entry[1].commands[1], "pair_coeff * * F Si");
  eipnn_eip_list_free(&list);
  assert_null(list);
  eipnn_eip_list_free(&list);
}

static void silicon_list_holds_eight(void **state)
{
  (void)state;
  eipnn_eip_list *list;
  assert_int_equal(eipnn_eip_list_read(SILICON_LIST, &list), EIPNN_OK);
  assert_int_equal(list->count, 8);
  eipnn_eip_list_free(&list);
}

#define ENTRY "{\"name\": \"a\", \"species\": [\"Si\"], \"provider\": \"kim\", \"model\": \"M\""

static void bad_lists_are_refused(void **state)
{
  (void)state;
  static const struct {
    const char *text, *message;
  } bad[] = {
      {"", ":1: not valid JSON: the file is empty"},
      {"[]", "at least 1 element"},
      {"{}", "must hold an array, not an object"},
      {"[1]", "element 1 must be an object"},
      {"[" ENTRY "}", "not valid JSON"},
      {"[" ENTRY ",\n\"modell\": 1}]",
       ":2: unknown key \"modell\"; known keys: name, species, provider, model, commands"},
      {"[" ENTRY ",\n\"commands\": [\"x\"]}]",
       ":2: provider \"kim\" takes no \"commands\"; it takes \"model\""},
      {"[{\"name\": \"a\", \"species\": [\"Si\"], \"provider\": \"lammps\",\n\"model\": \"M\"}]",
       ":2: provider \"lammps\" takes no \"model\"; it takes \"commands\", lines of LAMMPS input"},
      {"[" ENTRY "},\n" ENTRY "}]", ":2: the name \"a\" is used twice"},
      {"[{\"species\": [\"Si\"]}]", "the key \"name\" is missing"},
      {"[{\"name\": \"a/b\"}]", "may only hold letters"},
      {"[{\"name\": \"\"}]", "must have 1 to 63 characters"},
      {"[{\"name\": 3}]", "\"name\" must be a string, not a whole number"},
      {"[{\"name\": \"a\"}]", "the key \"species\" is missing"},
      {"[{\"name\": \"a\", \"species\": \"Si\"}]", "\"species\" must be an array"},
      {"[{\"name\": \"a\", \"species\": []}]", "at least 1 element"},
      {"[{\"name\": \"a\", \"species\": [14]}]", "chemical symbols"},
      {"[{\"name\": \"a\", \"species\": [\"Sj\"]}]", "\"Sj\" is not a chemical symbol"},
      {"[{\"name\": \"a\", \"species\": [\"Si\", \"Si\"]}]", "given twice"},
      {"[{\"name\": \"a\", \"species\": [\"Si\"], \"provider\": \"asap\"}]",
       "unknown provider \"asap\"; known providers: kim, lammps"},
      {"[{\"name\": \"a\", \"species\": [\"Si\"], \"provider\": \"kim\"}]",
       "the key \"model\" is missing"},
      {"[{\"name\": \"a\", \"species\": [\"Si\"], \"provider\": \"lammps\", \"commands\": [1]}]",
       "lines of LAMMPS input"},
      {"[{\"name\": \"a\", \"species\": [\"Si\"], \"provider\": \"lammps\", \"commands\": []}]",
       "\"commands\" needs at least 1 element"},
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    eipnn_eip_list *list = NULL;
    assert_int_equal(read_text(bad[i].text, &list), EIPNN_ERROR_FORMAT);
    assert_null(list);
    if (!strstr(eipnn_last_error(), bad[i].message) || !strstr(eipnn_last_error(), FILE_NAME ":"))
      fail_msg("case %zu: \"%s\" lacks \"%s\"", i, eipnn_last_error(), bad[i].message);
  }
  remove(FILE_NAME);
}

static void a_missing_list_is_an_error(void **state)
{
  (void)state;
  eipnn_eip_list *list = NULL;
  assert_int_equal(eipnn_eip_list_read("no_such_list.json", &list), EIPNN_ERROR_IO);
  assert_null(list);
}

/* Every beginning of a good file is an error, none a crash. */
static void truncated_lists_are_refused(void **state)
{
  (void)state;
  static const char good[] = "[" ENTRY "}]";
  char part[sizeof good];
  for (size_t length = 0; length + 1 < sizeof good; length++) {
    memcpy(part, good, length);
    part[length] = '\0';
    eipnn_eip_list *list = NULL;
    assert_int_equal(read_text(part, &list), EIPNN_ERROR_FORMAT);
    assert_null(list);
  }
  remove(FILE_NAME);
}

/* A list that is written is read back the same. */
static void written_lists_are_read(void **state)
{
  (void)state;
  eipnn_eip_list *list, *again;
  char *text;
  assert_int_equal(eipnn_eip_list_read(SILICON_LIST, &list), EIPNN_OK);
  assert_int_equal(eipnn_eip_list_text(list, &text), EIPNN_OK);
  assert_int_equal(read_text(text, &again), EIPNN_OK);
  assert_int_equal(again->count, list->count);
  for (int i = 0; i < list->count; i++) {
    const eipnn_eip_entry *a = &list->entry[i], *b = &again->entry[i];
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->provider, b->provider);
    assert_string_equal(a->model, b->model);
    assert_int_equal(b->nspecies, 1);
    assert_int_equal(b->species[0], 14);
    assert_int_equal(a->ncommands, b->ncommands);
    for (int c = 0; c < a->ncommands; c++) assert_string_equal(a->commands[c], b->commands[c]);
  }
  free(text);
  eipnn_eip_list_free(&list);
  eipnn_eip_list_free(&again);
  remove(FILE_NAME);
}

static void installed_models_have_names_of_their_own(void **state)
{
  (void)state;
  const int species[2] = {47, 79};
  eipnn_eip_list *list;
  assert_int_equal(eipnn_eip_list_installed("lammps", 2, species, &list), EIPNN_ERROR_ARGUMENT);
  assert_int_equal(eipnn_eip_list_installed("kim", 0, species, &list),
                   eipnn_eip_provider_available("kim") ? EIPNN_ERROR_ARGUMENT
                                                       : EIPNN_ERROR_UNSUPPORTED);
  if (!eipnn_eip_provider_available("kim")) skip();
  remove("kim.log");
  assert_int_equal(eipnn_eip_list_installed("kim", 2, species, &list), EIPNN_OK);
  assert_int_not_equal(access("kim.log", F_OK), 0); /* the user's folder stays as it was */
  for (int i = 0; i < list->count; i++) {
    assert_int_equal(list->entry[i].nspecies, 2);
    assert_true(list->entry[i].name[0] && strlen(list->entry[i].name) < 64);
    for (int j = 0; j < i; j++) {
      assert_string_not_equal(list->entry[i].name, list->entry[j].name);
      assert_string_not_equal(list->entry[i].model, list->entry[j].model);
    }
  }
  eipnn_eip_list_free(&list);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(written_lists_are_read),
      cmocka_unit_test(installed_models_have_names_of_their_own),
      cmocka_unit_test(reads_both_providers),
      cmocka_unit_test(silicon_list_holds_eight),
      cmocka_unit_test(bad_lists_are_refused),
      cmocka_unit_test(a_missing_list_is_an_error),
      cmocka_unit_test(truncated_lists_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
