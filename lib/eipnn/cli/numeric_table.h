/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_NUMERIC_TABLE_H
#define EIPNN_CLI_NUMERIC_TABLE_H

#include <eipnn/status.h>
#include <stddef.h>

enum { CLI_TABLE_COLUMNS = 256 };

/* Named columns of numbers; a field that is no number is NaN. */
typedef struct cli_table {
  char name[CLI_TABLE_COLUMNS][80];
  int columns;
  double *value; /* [rows][columns] */
  size_t rows, capacity;
} cli_table;

/* A CSV file with one line of names. */
eipnn_status cli_table_read_csv(cli_table *table, const char *path);

/* The thermodynamic output of every run in a LAMMPS log file, one after the other.
   Columns that all runs have; added are "run" (from 1) and "atoms" (NaN where the
   log does not say). run: only this one, 0: all, -1: the last. */
eipnn_status cli_table_read_log(cli_table *table, const char *path, int run);

/* Index of a column, or -1. */
int cli_table_column(const cli_table *table, const char *name);
/* The same; an error that names the columns there are. */
eipnn_status cli_table_need(const cli_table *table, const char *path, const char *name,
                            int *column);
static inline double cli_table_at(const cli_table *table, size_t row, int column)
{
  return table->value[row * (size_t)table->columns + (size_t)column];
}
eipnn_status cli_table_add_row(cli_table *table, const double *value);
void cli_table_free(cli_table *table);

#endif
