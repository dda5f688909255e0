/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_PLOT_H
#define EIPNN_CLI_PLOT_H

#include "cli/figure.h"

#include <stdint.h>

typedef struct plot_values {
  const char *out, *title, *labels;
  int quantity, keep;
  int64_t run;
} plot_values;

enum { QUANTITY_MAE, QUANTITY_ATOM_MAE, QUANTITY_LOSS, QUANTITY_RATE };

/* Each draws the files [count] into the figure that values describe. */
eipnn_status cli_plot_curves(const plot_values *values, int count, const char *const *path);
eipnn_status cli_plot_parity(const plot_values *values, int count, const char *const *path);
eipnn_status cli_plot_labels(const plot_values *values, int count, const char *const *path);
eipnn_status cli_plot_md(const plot_values *values, int count, const char *const *path);

/* Legend of file `index`: the index-th of --labels, or the file's name. */
void cli_plot_label(const plot_values *values, int index, const char *path, char *label,
                    size_t size);

#endif
