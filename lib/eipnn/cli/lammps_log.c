/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/numeric_table.h"

#include "base/error.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reading position in a log. */
typedef struct log_reader {
  const char *path;
  cli_table *table;
  int map[CLI_TABLE_COLUMNS]; /* column of the table for each column of the run, or -1 */
  int columns;                /* of the present run; 0 between runs */
  int run, wanted;
  size_t run_start; /* first row of the present run */
} log_reader;

/* Splits a line at blanks in place; returns the number of words, at most limit. */
static int split_words(char *line, char **word, int limit)
{
  int count = 0;
  for (char *next = strtok(line, " \t\r\n"); next && count < limit; next = strtok(NULL, " \t\r\n"))
    word[count++] = next;
  return count;
}

static int add_column(cli_table *table, const char *name)
{
  if (table->columns == CLI_TABLE_COLUMNS) return -1;
  snprintf(table->name[table->columns], sizeof table->name[0], "%.31s", name);
  return table->columns++;
}

/* A header starts a run. The first run fixes the columns of the table. */
static void begin_run(log_reader *reader, int count, char **word)
{
  cli_table *table = reader->table;
  reader->run++;
  reader->columns = count;
  reader->run_start = table->rows;
  if (!table->columns) {
    add_column(table, "run");
    add_column(table, "atoms");
    for (int k = 0; k < count; k++) add_column(table, word[k]);
  }
  for (int k = 0; k < count; k++) reader->map[k] = cli_table_column(table, word[k]);
}

/* A row of numbers; anything else (a warning in between) is passed over. */
static eipnn_status take_row(log_reader *reader, int count, char **word)
{
  double value[CLI_TABLE_COLUMNS];
  if (count != reader->columns) return EIPNN_OK;
  for (int k = 0; k < reader->table->columns; k++) value[k] = NAN;
  value[0] = reader->run;
  for (int k = 0; k < count; k++) {
    char *end;
    double number = strtod(word[k], &end);
    if (end == word[k] || *end) return EIPNN_OK;
    if (reader->map[k] >= 0) value[reader->map[k]] = number;
  }
  return cli_table_add_row(reader->table, value);
}

/* "Loop time of 1.2 on 2 procs for 100 steps with 64 atoms" ends a run. */
static void end_run(log_reader *reader, int count, char **word)
{
  cli_table *table = reader->table;
  double atoms = count >= 2 && !strncmp(word[count - 1], "atoms", 5) ? atof(word[count - 2]) : NAN;
  for (size_t row = reader->run_start; row < table->rows; row++)
    table->value[row * (size_t)table->columns + 1] = atoms;
  reader->columns = 0;
}

static eipnn_status read_line(log_reader *reader, char *line)
{
  char *word[CLI_TABLE_COLUMNS];
  int count = split_words(line, word, CLI_TABLE_COLUMNS - 2);
  if (count >= 2 && !strcmp(word[0], "Loop") && !strcmp(word[1], "time"))
    end_run(reader, count, word);
  else if (count >= 2 && !strcmp(word[0], "Step"))
    begin_run(reader, count, word);
  else if (reader->columns)
    return take_row(reader, count, word);
  return EIPNN_OK;
}

/* Leaves the rows of one run. */
static eipnn_status keep_run(log_reader *reader)
{
  cli_table *table = reader->table;
  int run = reader->wanted < 0 ? reader->run : reader->wanted;
  size_t kept = 0, columns = (size_t)table->columns;
  if (run == 0) return EIPNN_OK;
  for (size_t row = 0; row < table->rows; row++)
    if ((int)table->value[row * columns] == run)
      memmove(table->value + kept++ * columns, table->value + row * columns,
              columns * sizeof *table->value);
  table->rows = kept;
  if (kept) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "%s has no run %d with output, it has %d", reader->path,
                     run, reader->run);
}

eipnn_status cli_table_read_log(cli_table *table, const char *path, int run)
{
  char line[4096];
  log_reader reader = {.path = path, .table = table, .wanted = run};
  *table = (cli_table){0};
  FILE *file = fopen(path, "r");
  if (!file) return eipnn_error(EIPNN_ERROR_IO, "cannot open %s: %s", path, strerror(errno));
  eipnn_status status = EIPNN_OK;
  while (status == EIPNN_OK && fgets(line, sizeof line, file)) status = read_line(&reader, line);
  if (status == EIPNN_OK && ferror(file))
    status = eipnn_error(EIPNN_ERROR_IO, "cannot read %s: %s", path, strerror(errno));
  fclose(file);
  if (status == EIPNN_OK && !table->rows)
    status =
        eipnn_error(EIPNN_ERROR_FORMAT,
                    "%s has no thermodynamic output of LAMMPS (lines under \"Step ...\")", path);
  if (status == EIPNN_OK) status = keep_run(&reader);
  if (status != EIPNN_OK) cli_table_free(table);
  return status;
}
