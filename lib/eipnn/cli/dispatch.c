/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/dispatch.h"

#include "base/memory.h"
#include "cli/command.h"
#include "cli/input_file.h"
#include "cli/parallel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cli_command *const commands[] = {
    &cli_convert,  &cli_dedupe, &cli_eips,   &cli_info, &cli_label,    &cli_perturb, &cli_split,
    &cli_pretrain, &cli_train,  &cli_select, &cli_test, &cli_features, &cli_plot,
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_overview(FILE *file)
{
  fprintf(file, "usage: eipnn COMMAND [arguments] [options]\n\n"
                "Neural-network potentials taught by empirical interatomic potentials.\n\n"
                "commands:\n");
  for (int k = 0; k < COMMAND_COUNT; k++)
    fprintf(file, "  %-10s %s\n", commands[k]->name, commands[k]->summary);
  fprintf(file, "\n`eipnn COMMAND --help` shows the options of a command with an example;\n"
                "`eipnn --version` the version.\n");
}

static const cli_command *find_command(const char *name)
{
  for (int k = 0; k < COMMAND_COUNT; k++)
    if (!strcmp(commands[k]->name, name)) return commands[k];
  return NULL;
}

static int unknown_command(const char *name)
{
  char known[256] = "";
  for (int k = 0; k < COMMAND_COUNT; k++) {
    size_t used = strlen(known);
    snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", commands[k]->name);
  }
  return cli_usage_error("there is no command \"%s\"; the commands are: %s", name, known);
}

/* Adds the options of the file that --input names, where the command has it. */
static int merge_input_file(const cli_command *command, void *values, cli_parsed *parsed,
                            eipnn_json_file **file)
{
  const cli_group *group;
  size_t position;
  const cli_option *option = cli_find_option(command, "input", &group, &position);
  if (!option || !parsed->given[position]) return CLI_GOOD;
  const char *path = *(const char **)((char *)values + group->offset + option->offset);
  return cli_read_input_file(command, path, values, parsed, file);
}

static int run_command(const cli_command *command, int count, char **word,
                       const eipnn_parallel *parallel)
{
  cli_parsed parsed;
  eipnn_json_file *file = NULL;
  void *values = eipnn_calloc(1, command->values_size);
  if (!values) return cli_failure("no memory for the options");
  if (command->defaults) command->defaults(values);
  int code = cli_parse(command, count, word, values, &parsed);
  if (code == CLI_GOOD && parsed.help) {
    if (parallel->rank == 0) cli_command_help(command);
  } else if (code == CLI_GOOD && (command->every_rank || parallel->rank == 0)) {
    cli_context context = {command, parallel, &parsed};
    code = merge_input_file(command, values, &parsed, &file);
    code = command->every_rank ? cli_parallel_agree(parallel, code) : code;
    if (code == CLI_GOOD) code = command->run(&context, values);
  }
  eipnn_json_close(&file);
  free(parsed.argument);
  free(values);
  return code;
}

int cli_dispatch(int count, char **word, const eipnn_parallel *parallel)
{
  if (count < 2) {
    if (parallel->rank == 0) print_overview(stderr);
    return cli_usage_error("no command is given");
  }
  if (!strcmp(word[1], "--help") || !strcmp(word[1], "-h") || !strcmp(word[1], "help")) {
    if (parallel->rank == 0) print_overview(stdout);
    return CLI_GOOD;
  }
  if (!strcmp(word[1], "--version")) {
    if (parallel->rank == 0) printf("eipnn %s\n", EIPNN_VERSION);
    return CLI_GOOD;
  }
  const cli_command *command = find_command(word[1]);
  if (!command) return unknown_command(word[1]);
  return run_command(command, count - 2, word + 2, parallel);
}
