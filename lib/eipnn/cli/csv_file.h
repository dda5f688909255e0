/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_CSV_FILE_H
#define EIPNN_CLI_CSV_FILE_H

#include <eipnn/dataset.h>
#include <stdio.h>

/* Prints the header and the rows of a table. data: as given to cli_write_csv. */
typedef eipnn_status (*cli_csv_rows)(FILE *file, const void *data);

/* Replaces the file whole, or leaves it as it was. */
eipnn_status cli_write_csv(const char *path, cli_csv_rows rows, const void *data);

/* A configuration's tag as a field: without commas, quotes and line ends. */
void cli_print_tag(FILE *file, const char *tag);

#endif
