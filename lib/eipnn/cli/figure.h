/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_FIGURE_H
#define EIPNN_CLI_FIGURE_H

#include <eipnn/status.h>
#include <stdio.h>

/* A picture drawn by the program gnuplot: a script with the data in it is
   written beside the picture (OUT.gnuplot), then run. */
typedef struct cli_figure {
  FILE *script;
  char *script_path;
} cli_figure;

/* out ends in .svg or .png. Size in pixels. Writes the script's common part. */
eipnn_status cli_figure_begin(cli_figure *figure, const char *out, int width, int height);

/* text in gnuplot's single quotes. */
void cli_figure_quote(cli_figure *figure, const char *text);

/* Runs gnuplot and, unless keep, removes the script; it stays where gnuplot is missing
   or fails, and the error says so. */
eipnn_status cli_figure_finish(cli_figure *figure, const char *out, int keep);

/* Closes and removes the script of a figure that cannot be drawn. */
void cli_figure_discard(cli_figure *figure);

/* File name without folder and ending, for legends. */
void cli_figure_label(const char *path, char *label, size_t size);

#endif
