/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_COMMAND_H
#define EIPNN_CLI_COMMAND_H

#include "cli/options.h"

#include <eipnn/parallel.h>

/* Exit codes of the command. */
enum { CLI_GOOD = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

/* What a command runs with. */
typedef struct cli_context {
  const struct cli_command *command;
  const eipnn_parallel *parallel; /* size 1 in a serial run */
  const cli_parsed *parsed;       /* positional arguments, which options were given */
} cli_context;

/* One command of `eipnn`; its file defines it, main.c lists it. */
typedef struct cli_command {
  const char *name;
  const char *summary; /* one line of `eipnn --help` */
  const char *usage;   /* what follows the name, e.g. "DATA.h5 --name S [options]" */
  const char *details; /* paragraph of `eipnn NAME --help` */
  const char *example; /* complete command lines */
  size_t values_size;  /* bytes of the struct that the options fill */
  const cli_group *groups;
  size_t group_count;
  void (*defaults)(void *values);           /* on zeroed values; NULL: zero is the default */
  int minimum_arguments, maximum_arguments; /* positional; -1: any number */
  int every_rank;                           /* 1: run by every MPI rank, 0: by rank 0 */
  /* Returns an exit code; unless CLI_GOOD, eipnn_last_error() says why. */
  int (*run)(const cli_context *context, void *values);
} cli_command;

/* Stores the message and returns CLI_USAGE or CLI_FAILED. */
int cli_usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
int cli_failure(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Exit code of a library call. */
static inline int cli_code(eipnn_status status)
{
  return status == EIPNN_OK ? CLI_GOOD : CLI_FAILED;
}

/* Prints on standard output, on rank 0. */
void cli_print(const cli_context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A remark to the user on standard error, on rank 0. */
void cli_warn(const cli_context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* 1 if the user gave this option, on the command line or in an input file. */
int cli_given(const cli_context *context, const char *option);

/* Help of one command on standard output. */
void cli_command_help(const cli_command *command);

extern const cli_command cli_convert, cli_dedupe, cli_eips, cli_info, cli_label, cli_perturb,
    cli_split, cli_pretrain, cli_train, cli_select, cli_test, cli_features, cli_plot;

#endif
