/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_PRETRAINING_H
#define EIPNN_CLI_PRETRAINING_H

#include "cli/label_sets.h"
#include "cli/training_run.h"

/* Multi-task pretraining, as `eipnn pretrain` does alone and `eipnn train
   --method mp` does first. */
typedef struct cli_pretraining {
  const char *data;           /* name of the dataset file, for messages */
  const char *hash;           /* of the dataset */
  const char *inputs;         /* see stage_origin.h; NULL: no stage of a method */
  const cli_label_sets *sets; /* their names become the heads */
  const char *split;          /* NULL: a tenth of all configurations validates */
  const char *out;            /* model file with all heads */
  const eipnn_network_options *network;
  eipnn_train_options options;
  const char *log;
  int resume;
  const void *values; /* of the command, for the history */
} cli_pretraining;

/* *model: the pretrained model, owned by the caller, also stored in `out`. */
int cli_pretrain_model(const cli_context *context, const cli_pretraining *pretraining,
                       eipnn_dataset *dataset, eipnn_model **model, eipnn_train_summary *summary);

#endif
