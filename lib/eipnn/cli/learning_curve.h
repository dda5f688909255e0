/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_LEARNING_CURVE_H
#define EIPNN_CLI_LEARNING_CURVE_H

#include <eipnn/train.h>
#include <stdio.h>

/* Learning curve as CSV, one row per validation:
   step,epoch,lr,loss,validation_mae,validation_atom_mae (eV, eV/atom). */
typedef struct cli_learning_curve {
  FILE *file;  /* NULL: no log */
  int trimmed; /* rows of an earlier run from this step on have been cut off */
  int failed;  /* a row could not be written */
} cli_learning_curve;

/* resume: rows of the earlier run stay, up to the step it is resumed from. */
eipnn_status cli_learning_curve_open(cli_learning_curve *curve, const char *path, int resume);
void cli_learning_curve_row(cli_learning_curve *curve, const eipnn_train_progress *progress);
eipnn_status cli_learning_curve_close(cli_learning_curve *curve, const char *path);

#endif
