/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_TRAINING_HISTORY_H
#define EIPNN_CLI_TRAINING_HISTORY_H

#include "cli/command.h"

#include <eipnn/train.h>

/* Where a model comes from. */
typedef struct cli_origin {
  const char *method, *data, *split; /* split may be NULL */
  const char *hash;                  /* of the dataset as it was read */
  const char *inputs;                /* see stage_origin.h; NULL: no stage of a method */
  const eipnn_train_options *options;
  const eipnn_train_summary *summary;
} cli_origin;

/* Writes the origin and all options of the command (values) into the history of the model. */
eipnn_status cli_write_history(const cli_context *context, const void *values,
                               const cli_origin *origin, eipnn_model *model);

/* One number of the history, and back; NaN where there is none. */
eipnn_status cli_set_history_number(eipnn_model *model, const char *key, double value);
double cli_history_number(const eipnn_model *model, const char *key);

#endif
