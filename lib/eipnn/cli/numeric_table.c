/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/numeric_table.h"

#include "base/error.h"
#include "base/memory.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cli_table_column(const cli_table *table, const char *name)
{
  for (int k = 0; k < table->columns; k++)
    if (!strcmp(table->name[k], name)) return k;
  return -1;
}

eipnn_status cli_table_need(const cli_table *table, const char *path, const char *name, int *column)
{
  char known[512] = "";
  size_t used = 0;
  *column = cli_table_column(table, name);
  if (*column >= 0) return EIPNN_OK;
  for (int k = 0; k < table->columns && used < sizeof known; k++)
    used +=
        (size_t)snprintf(known + used, sizeof known - used, "%s%s", k ? ", " : "", table->name[k]);
  return eipnn_error(EIPNN_ERROR_FORMAT, "%s has no column \"%s\"; its columns are: %s", path, name,
                     known);
}

eipnn_status cli_table_add_row(cli_table *table, const double *value)
{
  size_t columns = (size_t)table->columns;
  EIPNN_TRY(eipnn_grow((void **)&table->value, &table->capacity, (table->rows + 1) * columns,
                       sizeof *table->value));
  memcpy(table->value + table->rows * columns, value, columns * sizeof *value);
  table->rows++;
  return EIPNN_OK;
}

void cli_table_free(cli_table *table)
{
  free(table->value);
  *table = (cli_table){0};
}

/* Names of a header line; its line end is cut off. */
static eipnn_status read_header(cli_table *table, const char *path, char *line)
{
  line[strcspn(line, "\r\n")] = '\0';
  for (char *field = line; field; table->columns++) {
    char *next = strchr(field, ',');
    if (next) *next++ = '\0';
    if (table->columns == CLI_TABLE_COLUMNS)
      return eipnn_error(EIPNN_ERROR_FORMAT, "%s has more than %d columns", path,
                         CLI_TABLE_COLUMNS);
    snprintf(table->name[table->columns], sizeof table->name[0], "%.79s", field);
    field = next;
  }
  return EIPNN_OK;
}

static eipnn_status read_row(cli_table *table, const char *path, size_t number, char *line)
{
  double value[CLI_TABLE_COLUMNS];
  int count = 0;
  line[strcspn(line, "\r\n")] = '\0';
  if (!line[0]) return EIPNN_OK;
  for (char *field = line; field && count < table->columns; count++) {
    char *next = strchr(field, ','), *end;
    if (next) *next++ = '\0';
    value[count] = strtod(field, &end);
    if (end == field || *end) value[count] = NAN;
    field = next;
    if (field && count + 1 == table->columns) count = CLI_TABLE_COLUMNS;
  }
  if (count != table->columns)
    return eipnn_error(EIPNN_ERROR_FORMAT,
                       "%s:%zu: the line does not have the %d fields of the "
                       "header",
                       path, number, table->columns);
  return cli_table_add_row(table, value);
}

eipnn_status cli_table_read_csv(cli_table *table, const char *path)
{
  char line[16384];
  *table = (cli_table){0};
  FILE *file = fopen(path, "r");
  if (!file) return eipnn_error(EIPNN_ERROR_IO, "cannot open %s: %s", path, strerror(errno));
  eipnn_status status = fgets(line, sizeof line, file)
                            ? read_header(table, path, line)
                            : eipnn_error(EIPNN_ERROR_FORMAT, "%s is empty", path);
  for (size_t number = 2; status == EIPNN_OK && fgets(line, sizeof line, file); number++)
    status = read_row(table, path, number, line);
  if (status == EIPNN_OK && ferror(file))
    status = eipnn_error(EIPNN_ERROR_IO, "cannot read %s: %s", path, strerror(errno));
  if (status == EIPNN_OK && !table->rows)
    status = eipnn_error(EIPNN_ERROR_FORMAT, "%s holds no rows", path);
  fclose(file);
  if (status != EIPNN_OK) cli_table_free(table);
  return status;
}
