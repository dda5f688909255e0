/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_STAGE_ORIGIN_H
#define EIPNN_CLI_STAGE_ORIGIN_H

#include "cli/train_job.h"

/* Methods in the history of the models that stages before the training leave. */
#define CLI_STAGE_PRETRAINING "pretraining"
#define CLI_STAGE_CLASSIFIER "classifier"

/* Hash of what a stage reads beside the configurations and DFT labels: the roles of the split, the
   EIP labels and reference energies, and the labels chosen so far. The history of what a stage
   leaves has it as "inputs". */
void cli_stage_inputs(const train_job *job, char hex[17]);

enum { CLI_DIFFERENCE = 96 };
/* 1 where the model was left by a run that differs from this one in something that the stage (its
   method in the history) depends on; difference says in what. */
int cli_stage_differs(const train_job *job, const eipnn_model *model, const char *stage,
                      char difference[CLI_DIFFERENCE]);

#endif
