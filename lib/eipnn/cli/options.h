/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_OPTIONS_H
#define EIPNN_CLI_OPTIONS_H

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

typedef enum cli_type {
  CLI_FLAG,    /* int, set to 1 */
  CLI_INTEGER, /* int64_t */
  CLI_INT,     /* int */
  CLI_REAL,    /* double, finite */
  CLI_AUTO,    /* double, finite, or the word auto: NaN */
  CLI_TEXT,    /* const char * into the arguments or the input file; default NULL or static */
  CLI_WORD,    /* the same, one of the words */
  CLI_NAME,    /* char[CLI_NAME_SIZE], one of the words */
  CLI_CHOICE   /* int, index of the word */
} cli_type;

/* One option, --name VALUE or --name=VALUE. Tables of these are all that the
   parser, the help text and the input file know about a command. */
typedef struct cli_option {
  const char *name;
  cli_type type;
  size_t offset;     /* of the value in its group's struct */
  const char *value; /* how help calls the value, e.g. "FILE"; words: "a|b|c" */
  const char *help;
  double minimum, maximum; /* accepted numbers, ends included; equal: no limits */
} cli_option;

/* Ranges, as the last members of a table row. */
#define CLI_ANY 0, 0
#define CLI_POSITIVE DBL_MIN, INFINITY
#define CLI_NOT_NEGATIVE 0, INFINITY
#define CLI_COUNT(most) 1, most

enum { CLI_NAME_SIZE = 16 };

/* Options that share a heading of the help text and a struct. */
typedef struct cli_group {
  const char *title; /* NULL: goes on under the heading before */
  const cli_option *option;
  size_t count;
  size_t offset; /* of the group's struct in the values of the command */
} cli_group;

enum { CLI_MAXIMUM_OPTIONS = 96 };

typedef struct cli_parsed {
  int argument_count; /* positional arguments */
  const char **argument;
  unsigned char given[CLI_MAXIMUM_OPTIONS]; /* by position in the groups */
  int help;                                 /* --help was among the arguments */
} cli_parsed;

struct cli_command;

/* Fills values and *parsed from count words. Returns an exit code; the caller
   frees parsed->argument. */
int cli_parse(const struct cli_command *command, int count, char *const *word, void *values,
              cli_parsed *parsed);

/* The option of that name and its position over all groups, or NULL. group
   receives the group that holds it. */
const cli_option *cli_find_option(const struct cli_command *command, const char *name,
                                  const cli_group **group, size_t *position);

/* Checks text and stores it in the option's place in values. */
int cli_set_option(const cli_group *group, const cli_option *option, void *values,
                   const char *text);

/* "--a, --b, --c" of a command into text. */
void cli_list_options(const struct cli_command *command, char *text, size_t size);

/* The index-th word of "a|b|c" into word; 0 beyond the last. */
int cli_choice_word(const char *choices, int index, char word[32]);

/* Bytes that an option of this type fills. */
size_t cli_value_size(cli_type type);

/* Value of an option as text, "" for an unset text or number. */
void cli_option_text(const cli_group *group, const cli_option *option, const void *values,
                     char *text, size_t size);

#endif
