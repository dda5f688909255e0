/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/input_file.h"

#include <stdio.h>
#include <string.h>

/* A JSON value as the word that would stand on the command line: numbers are
   printed into buffer, true and false become the matching word of a choice. */
static const char *value_word(const cli_option *option, const json_t *value, char buffer[64])
{
  if (json_is_string(value)) return json_string_value(value);
  if ((option->type == CLI_INTEGER || option->type == CLI_INT) && json_is_integer(value)) {
    snprintf(buffer, 64, "%lld", (long long)json_integer_value(value));
    return buffer;
  }
  if ((option->type == CLI_REAL || option->type == CLI_AUTO) && json_is_number(value)) {
    snprintf(buffer, 64, "%.17g", json_number_value(value));
    return buffer;
  }
  if (option->type == CLI_CHOICE && json_is_boolean(value)) {
    if (!strcmp(option->value, "no|yes")) return json_is_true(value) ? "yes" : "no";
    if (!strcmp(option->value, "off|on")) return json_is_true(value) ? "on" : "off";
  }
  return NULL;
}

static const char *expected(const cli_option *option)
{
  switch (option->type) {
    case CLI_FLAG: return "true or false";
    case CLI_INTEGER:
    case CLI_INT: return "a whole number";
    case CLI_REAL: return "a number";
    case CLI_AUTO: return "a number or \"auto\"";
    case CLI_TEXT: return "a text in quotes";
    case CLI_WORD:
    case CLI_NAME:
    case CLI_CHOICE: break;
  }
  return option->value;
}

/* The message of eipnn_json_error as wrong usage. */
static int wrong(const eipnn_json *member, const char *text)
{
  eipnn_json_error(member, "%s", text);
  return CLI_USAGE;
}

/* Every key must be an option of the command other than --input itself. */
static int check_keys(const cli_command *command, const eipnn_json *root)
{
  const char *known[CLI_MAXIMUM_OPTIONS + 1];
  size_t count = 0;
  for (size_t g = 0; g < command->group_count; g++)
    for (size_t k = 0; k < command->groups[g].count; k++)
      if (strcmp(command->groups[g].option[k].name, "input"))
        known[count++] = command->groups[g].option[k].name;
  known[count] = NULL;
  return eipnn_json_keys(root, known) == EIPNN_OK ? CLI_GOOD : CLI_USAGE;
}

static int take_member(const cli_command *command, const eipnn_json *member, void *values,
                       cli_parsed *parsed)
{
  char buffer[64], text[1024];
  const cli_group *group;
  size_t position;
  const cli_option *option = cli_find_option(command, member->key, &group, &position);
  if (option->type == CLI_FLAG && json_is_boolean(member->value)) {
    if (json_is_true(member->value)) cli_set_option(group, option, values, "");
    return CLI_GOOD;
  }
  const char *word = option->type == CLI_FLAG ? NULL : value_word(option, member->value, buffer);
  if (!word) {
    snprintf(text, sizeof text, "\"%s\" takes %s", option->name, expected(option));
    return wrong(member, text);
  }
  if (parsed->given[position]) return CLI_GOOD;
  if (cli_set_option(group, option, values, word)) {
    snprintf(text, sizeof text, "%s", eipnn_last_error());
    return wrong(member, text);
  }
  parsed->given[position] = 1;
  return CLI_GOOD;
}

int cli_read_input_file(const cli_command *command, const char *path, void *values,
                        cli_parsed *parsed, eipnn_json_file **file)
{
  eipnn_status status = eipnn_json_open(path, file);
  if (status != EIPNN_OK) return status == EIPNN_ERROR_FORMAT ? CLI_USAGE : CLI_FAILED;
  const eipnn_json root = eipnn_json_root(*file);
  int code = check_keys(command, &root);
  if (code) return code;
  const char *key;
  json_t *value;
  json_object_foreach(root.value, key, value)
  {
    const eipnn_json member = {.file = *file, .parent = &root, .value = value, .key = key};
    code = take_member(command, &member, values, parsed);
    if (code) return code;
  }
  return CLI_GOOD;
}

json_t *cli_option_json(const cli_group *group, const cli_option *option, const void *values)
{
  const void *place = (const char *)values + group->offset + option->offset;
  char text[64];
  switch (option->type) {
    case CLI_FLAG: return json_boolean(*(const int *)place);
    case CLI_INTEGER: return json_integer(*(const int64_t *)place);
    case CLI_INT: return json_integer(*(const int *)place);
    case CLI_AUTO:
    case CLI_REAL:
      if (isfinite(*(const double *)place)) return json_real(*(const double *)place);
      return option->type == CLI_AUTO ? json_string("auto") : NULL;
    case CLI_TEXT:
      return *(const char *const *)place ? json_string(*(const char *const *)place) : NULL;
    case CLI_WORD:
    case CLI_NAME:
    case CLI_CHOICE: break;
  }
  cli_option_text(group, option, values, text, sizeof text);
  return json_string(text);
}

json_t *cli_options_json(const cli_command *command, const void *values)
{
  json_t *object = json_object();
  for (size_t g = 0; g < command->group_count; g++)
    for (size_t k = 0; k < command->groups[g].count; k++) {
      const cli_option *option = &command->groups[g].option[k];
      json_t *value = cli_option_json(&command->groups[g], option, values);
      if (value) json_object_set_new(object, option->name, value);
    }
  return object;
}
