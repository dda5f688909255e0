/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_TRAINING_RUN_H
#define EIPNN_CLI_TRAINING_RUN_H

#include "cli/command.h"

#include <eipnn/train.h>

/* One training with everything the user sees of it. */
typedef struct cli_training_run {
  const char *title; /* "pretraining", "classifier", "training" */
  const char *log;   /* learning curve, or NULL */
  int resume;
  int classifier; /* validation is told as accuracy and cross entropy */
} cli_training_run;

/* Runs eipnn_train with progress, learning curve and checkpoint on all ranks.
   A stop by a signal is CLI_FAILED with a message that says how to go on. The
   checkpoint stays; the caller removes it when its result is stored. */
int cli_run_training(const cli_context *context, const cli_training_run *run,
                     const eipnn_train_options *options, const eipnn_dataset *dataset,
                     eipnn_model *model, eipnn_train_summary *summary);

/* Stores the model on rank 0, then removes the checkpoint. An exit code, the same
   on all ranks. */
int cli_store_model(const cli_context *context, const eipnn_model *model, const char *path,
                    const char *checkpoint);

/* Behind a run that ended with this exit code: where it diverged, the best weights so far go into
   a file beside OUT, which is told in the message; OUT stays as it is. Returns code. */
int cli_keep_best(const cli_context *context, const eipnn_model *model, const char *out,
                  const eipnn_train_summary *summary, int code);

/* 1 on all ranks if the file is there for rank 0; or an error of communication as exit code in
 *code. */
int cli_exists(const cli_context *context, const char *path, int *code);

/* Reads on every rank and agrees. Exit codes. */
int cli_read_dataset(const cli_context *context, const char *path, eipnn_dataset **dataset);
int cli_read_model(const cli_context *context, const char *path, eipnn_model **model);

#endif
