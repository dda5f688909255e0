/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_TEXT_OUTPUT_H
#define EIPNN_CLI_TEXT_OUTPUT_H

#include <eipnn/dataset.h>
#include <stdio.h>

/* Prints the content of a file: a table, a list. data: as given to cli_write_text. */
typedef eipnn_status (*cli_text_printer)(FILE *file, const void *data);

/* Replaces the file whole, or leaves it as it was. */
eipnn_status cli_write_text(const char *path, cli_text_printer print, const void *data);

/* A configuration's tag as a field of a CSV file: without commas, quotes and line ends. */
void cli_print_tag(FILE *file, const char *tag);

#endif
