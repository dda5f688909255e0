/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_INPUT_FILE_H
#define EIPNN_CLI_INPUT_FILE_H

#include "base/json.h"
#include "cli/command.h"

/* Fills values from a JSON object whose keys are the names of the command's
   options; what was given on the command line stays, the rest is marked as
   given. Texts point into *file, which the caller keeps as long as the values
   and releases with eipnn_json_close. Returns an exit code. */
int cli_read_input_file(const cli_command *command, const char *path, void *values,
                        cli_parsed *parsed, eipnn_json_file **file);

/* The value of one option (new reference); NULL: unset. */
json_t *cli_option_json(const cli_group *group, const cli_option *option, const void *values);

/* The options of a command as a JSON object (new reference); unset ones are
   left out. NULL without memory. */
json_t *cli_options_json(const cli_command *command, const void *values);

#endif
