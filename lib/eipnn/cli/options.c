/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options.h"

#include "base/memory.h"
#include "cli/command.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const cli_option *cli_find_option(const cli_command *command, const char *name,
                                  const cli_group **group, size_t *position)
{
  size_t before = 0;
  for (size_t g = 0; g < command->group_count; g++) {
    const cli_group *candidate = &command->groups[g];
    for (size_t k = 0; k < candidate->count; k++)
      if (!strcmp(candidate->option[k].name, name)) {
        *group = candidate;
        *position = before + k;
        return &candidate->option[k];
      }
    before += candidate->count;
  }
  return NULL;
}

void cli_list_options(const cli_command *command, char *text, size_t size)
{
  size_t used = 0;
  text[0] = '\0';
  for (size_t g = 0; g < command->group_count; g++)
    for (size_t k = 0; k < command->groups[g].count && used < size; k++)
      used += (size_t)snprintf(text + used, size - used, "%s--%s", used ? ", " : "",
                               command->groups[g].option[k].name);
}

int cli_choice_word(const char *choices, int index, char word[32])
{
  for (; index > 0; index--) {
    choices = strchr(choices, '|');
    if (!choices) return 0;
    choices++;
  }
  size_t length = strcspn(choices, "|");
  if (length >= 32) return 0;
  memcpy(word, choices, length);
  word[length] = '\0';
  return 1;
}

size_t cli_value_size(cli_type type)
{
  switch (type) {
    case CLI_FLAG:
    case CLI_INT:
    case CLI_CHOICE: break;
    case CLI_INTEGER: return sizeof(int64_t);
    case CLI_REAL:
    case CLI_AUTO: return sizeof(double);
    case CLI_TEXT:
    case CLI_WORD: return sizeof(const char *);
    case CLI_NAME: return CLI_NAME_SIZE;
  }
  return sizeof(int);
}

static int outside(const cli_option *option, double value)
{
  return option->minimum != option->maximum &&
         !(value >= option->minimum && value <= option->maximum);
}

/* The sentence about an option's limits, for its error message. */
static int refuse(const cli_option *option, const char *kind, const char *text)
{
  char limits[64] = "";
  if (option->minimum != option->maximum) {
    if (option->minimum == DBL_MIN)
      snprintf(limits, sizeof limits, " above 0");
    else if (isinf(option->maximum))
      snprintf(limits, sizeof limits, " of at least %g", option->minimum);
    else
      snprintf(limits, sizeof limits, " from %g to %g", option->minimum, option->maximum);
  }
  return cli_usage_error("--%s needs %s%s, not \"%s\"", option->name, kind, limits, text);
}

static int set_integer(const cli_option *option, void *place, const char *text)
{
  char *end;
  errno = 0;
  long long value = strtoll(text, &end, 10);
  if (end == text || *end || errno || outside(option, (double)value))
    return refuse(option, "a whole number", text);
  if (option->type == CLI_INT) {
    if (value < INT_MIN || value > INT_MAX) return refuse(option, "a whole number", text);
    *(int *)place = (int)value;
  } else {
    *(int64_t *)place = value;
  }
  return CLI_GOOD;
}

static int set_real(const cli_option *option, void *place, const char *text)
{
  char *end;
  double value = strtod(text, &end);
  int automatic = option->type == CLI_AUTO && !strcmp(text, "auto");
  if (automatic)
    value = NAN;
  else if (end == text || *end || !isfinite(value) || outside(option, value))
    return refuse(option, option->type == CLI_AUTO ? "auto or a number" : "a number", text);
  *(double *)place = value;
  return CLI_GOOD;
}

static int set_choice(const cli_option *option, void *place, const char *text)
{
  char word[32];
  int choice = 0, more;
  while ((more = cli_choice_word(option->value, choice, word)) && strcmp(word, text) != 0) choice++;
  if (!more)
    return cli_usage_error("--%s %s is not known; it takes one of: %s", option->name, text,
                           option->value);
  if (option->type == CLI_WORD)
    *(const char **)place = text;
  else if (option->type == CLI_NAME)
    snprintf(place, CLI_NAME_SIZE, "%s", text);
  else
    *(int *)place = choice;
  return CLI_GOOD;
}

int cli_set_option(const cli_group *group, const cli_option *option, void *values, const char *text)
{
  void *place = (char *)values + group->offset + option->offset;
  switch (option->type) {
    case CLI_FLAG: *(int *)place = 1; return CLI_GOOD;
    case CLI_INTEGER:
    case CLI_INT: return set_integer(option, place, text);
    case CLI_REAL:
    case CLI_AUTO: return set_real(option, place, text);
    case CLI_WORD:
    case CLI_NAME:
    case CLI_CHOICE: return set_choice(option, place, text);
    case CLI_TEXT: break;
  }
  if (!text[0]) return cli_usage_error("--%s needs a value", option->name);
  *(const char **)place = text;
  return CLI_GOOD;
}

void cli_option_text(const cli_group *group, const cli_option *option, const void *values,
                     char *text, size_t size)
{
  const void *place = (const char *)values + group->offset + option->offset;
  char word[32] = "";
  text[0] = '\0';
  switch (option->type) {
    case CLI_FLAG: snprintf(text, size, "%s", *(const int *)place ? "yes" : "no"); break;
    case CLI_INTEGER: snprintf(text, size, "%lld", (long long)*(const int64_t *)place); break;
    case CLI_INT: snprintf(text, size, "%d", *(const int *)place); break;
    case CLI_REAL:
    case CLI_AUTO:
      if (isfinite(*(const double *)place))
        snprintf(text, size, "%g", *(const double *)place);
      else if (option->type == CLI_AUTO)
        snprintf(text, size, "auto");
      break;
    case CLI_NAME: snprintf(text, size, "%s", (const char *)place); break;
    case CLI_TEXT:
    case CLI_WORD:
      if (*(const char *const *)place) snprintf(text, size, "%s", *(const char *const *)place);
      break;
    case CLI_CHOICE:
      if (cli_choice_word(option->value, *(const int *)place, word))
        snprintf(text, size, "%s", word);
      break;
  }
}

/* Takes the option word[*k], and its value where it has one; advances *k. */
static int parse_option(const cli_command *command, int count, char *const *word, int *k,
                        void *values, cli_parsed *parsed)
{
  char name[64], known[1600];
  const char *body = word[*k] + 2;
  const char *equals = strchr(body, '=');
  size_t length = equals ? (size_t)(equals - body) : strlen(body);
  snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), body);
  const cli_group *group;
  size_t position;
  const cli_option *option = cli_find_option(command, name, &group, &position);
  if (!option) {
    cli_list_options(command, known, sizeof known);
    return cli_usage_error("eipnn %s has no option --%s; it knows %s and --help", command->name,
                           name, known);
  }
  if (parsed->given[position]) return cli_usage_error("--%s is given twice", name);
  parsed->given[position] = 1;
  if (option->type == CLI_FLAG) {
    if (equals) return cli_usage_error("--%s takes no value", name);
    return cli_set_option(group, option, values, "");
  }
  if (equals) return cli_set_option(group, option, values, equals + 1);
  if (*k + 1 >= count || !strncmp(word[*k + 1], "--", 2))
    return cli_usage_error("--%s needs a value: --%s %s", name, name, option->value);
  return cli_set_option(group, option, values, word[++*k]);
}

static int check_arguments(const cli_command *command, const cli_parsed *parsed)
{
  if (parsed->argument_count < command->minimum_arguments)
    return cli_usage_error("too few arguments; usage: eipnn %s %s", command->name, command->usage);
  if (command->maximum_arguments >= 0 && parsed->argument_count > command->maximum_arguments)
    return cli_usage_error("\"%s\" is one argument too many; usage: eipnn %s %s",
                           parsed->argument[command->maximum_arguments], command->name,
                           command->usage);
  return CLI_GOOD;
}

int cli_parse(const cli_command *command, int count, char *const *word, void *values,
              cli_parsed *parsed)
{
  int options_end = 0;
  memset(parsed, 0, sizeof *parsed);
  parsed->argument = eipnn_calloc((size_t)count + 1, sizeof *parsed->argument);
  if (!parsed->argument) return cli_failure("no memory for the arguments");
  for (int k = 0; k < count; k++)
    if (!strcmp(word[k], "--help") || !strcmp(word[k], "-h")) {
      parsed->help = 1;
      return CLI_GOOD;
    }
  for (int k = 0; k < count; k++) {
    if (!options_end && !strcmp(word[k], "--")) {
      options_end = 1;
    } else if (!options_end && !strncmp(word[k], "--", 2)) {
      int code = parse_option(command, count, word, &k, values, parsed);
      if (code) return code;
    } else if (!options_end && word[k][0] == '-' && word[k][1]) {
      return cli_usage_error("\"%s\" is not an option; options begin with two dashes", word[k]);
    } else {
      parsed->argument[parsed->argument_count++] = word[k];
    }
  }
  return check_arguments(command, parsed);
}
