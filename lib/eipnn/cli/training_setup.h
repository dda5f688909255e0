/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_TRAINING_SETUP_H
#define EIPNN_CLI_TRAINING_SETUP_H

#include "cli/network_setup.h"

#include <eipnn/train.h>

/* What pretrain and train are told alike. */
typedef struct cli_setup {
  const char *input, *log;
  int resume;
  eipnn_network_options network;
  eipnn_train_options training;
} cli_setup;

enum { CLI_RUN_OPTIONS = 3, CLI_TRAINING_OPTIONS = 23 };
extern const cli_option cli_run_options[CLI_RUN_OPTIONS];
extern const cli_option cli_training_options[CLI_TRAINING_OPTIONS];

/* The groups of a cli_setup at `place` in the values of a command. */
#define CLI_SETUP_GROUPS(place)                                                                    \
  {"run", cli_run_options, CLI_RUN_OPTIONS, place},                                                \
      {"network", cli_network_options, CLI_NETWORK_OPTIONS,                                        \
       (place) + offsetof(cli_setup, network)},                                                    \
  {                                                                                                \
    "training", cli_training_options, CLI_TRAINING_OPTIONS,                                        \
        (place) + offsetof(cli_setup, training)                                                    \
  }

/* Files of the options that each command has for itself; NULL: not given. */
typedef struct cli_training_files {
  const char *out, *eips, *pretrained, *classifier, *labels;
} cli_training_files;

/* Contradictions between options, and outputs that would replace another file of the run or
   cannot be written: better known before the training than after. An exit code. */
int cli_setup_check(const cli_context *context, const cli_setup *setup,
                    const cli_training_files *files);

/* The same for a file that a stage of the training will write beside --out. */
int cli_stage_file_check(const cli_context *context, const cli_setup *setup,
                         const cli_training_files *files, const char *path);

/* The length of a training is given in steps or in epochs. An exit code. */
int cli_length_check(const cli_context *context, const char *steps, const char *epochs,
                     const eipnn_train_options *options);

/* "OUT.h5" with suffix becomes "OUT<suffix>", also without the ending, or with .csv; the caller
   frees it. NULL without memory. */
char *cli_sibling_path(const char *path, const char *suffix);

#endif
