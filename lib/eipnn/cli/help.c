/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HELP_COLUMN = 30, LINE_WIDTH = 100 };

/* Prints text wrapped at LINE_WIDTH, continuation lines indented. The cursor is
   at column `indent` already. */
static void print_wrapped(const char *text, int indent)
{
  int column = indent;
  while (*text) {
    int length = (int)strcspn(text, " ");
    if (column + length > LINE_WIDTH && column > indent) {
      printf("\n%*s", indent, "");
      column = indent;
    }
    int space = column > indent ? 1 : 0;
    printf("%s%.*s", space ? " " : "", length, text);
    column += length + space;
    text += length;
    while (*text == ' ') text++;
  }
  printf("\n");
}

static void print_option(const cli_group *group, const cli_option *option, const void *values)
{
  char left[96], text[512], value[128] = "";
  snprintf(left, sizeof left, "  --%s%s%s", option->name, option->type == CLI_FLAG ? "" : " ",
           option->type == CLI_FLAG ? "" : option->value);
  if (option->type != CLI_FLAG) cli_option_text(group, option, values, value, sizeof value);
  snprintf(text, sizeof text, "%s%s%s%s", option->help, value[0] ? " [" : "", value,
           value[0] ? "]" : "");
  printf("%-*s", HELP_COLUMN, left);
  if (strlen(left) >= HELP_COLUMN) printf("\n%*s", HELP_COLUMN, "");
  print_wrapped(text, HELP_COLUMN);
}

void cli_command_help(const cli_command *command)
{
  void *values = eipnn_calloc(1, command->values_size);
  if (!values) return;
  if (command->defaults) command->defaults(values);
  printf("usage: eipnn %s %s\n\n", command->name, command->usage);
  print_wrapped(command->details, 0);
  for (size_t g = 0; g < command->group_count; g++) {
    const cli_group *group = &command->groups[g];
    if (group->title) printf("\n%s:\n", group->title);
    for (size_t k = 0; k < group->count; k++) print_option(group, &group->option[k], values);
  }
  printf("\nexample:\n%s\n", command->example);
  free(values);
}
