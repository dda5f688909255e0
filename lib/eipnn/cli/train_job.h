/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_TRAIN_JOB_H
#define EIPNN_CLI_TRAIN_JOB_H

#include "cli/method_options.h"
#include "cli/training_run.h"

/* One run of `eipnn train`, handed from stage to stage. All functions are collective and return an
   exit code, the same on all ranks. */
typedef struct train_job {
  const cli_context *context;
  train_values *values;
  const char *data; /* name of the dataset file */
  char hash[17];    /* of the dataset as it was read */
  eipnn_dataset *dataset;
  const uint8_t *role;
  cli_label_sets sets;     /* the EIPs of this run; none for --method none */
  eipnn_model *pretrained; /* its representation is the start; NULL: from scratch */
  eipnn_model *classifier; /* given or trained; NULL: none */
  cli_labelling labelling;
  double accuracy;         /* of the classifier on the validation set */
  size_t pool;             /* configurations of the pool */
  eipnn_baseline baseline; /* of delta learning; no EIPs: none */
} train_job;

/* What a finished stage of an interrupted run left in path, or NULL: nothing, or no --resume. A
   model of another method, of other data or of other options that matter to it is an error. A
   checkpoint beside a finished model is removed. */
int cli_finished_stage(const train_job *job, const char *path, const char *checkpoint,
                       const char *method, eipnn_model **model);

/* Options of a stage before the training: `stage` with what it shares with the training. */
eipnn_train_options cli_stage_options(const train_job *job, const eipnn_train_options *stage,
                                      const char *checkpoint);

/* What a model of this run is made as: network and species of start, a pretrained model, with what
   the user gave on top; or, start NULL, of the options and the dataset. */
typedef struct cli_network_start {
  eipnn_network_options network;
  int nspecies, species[EIPNN_ELEMENTS];
} cli_network_start;
cli_network_start cli_stage_network(const train_job *job, const eipnn_model *start);

/* job->pretrained, read from --pretrained or made. */
int cli_pretraining_stage(train_job *job);

/* job->classifier, given or trained on job->labelling.category. */
int cli_classifier_given(train_job *job);
int cli_classifier_stage(train_job *job);

/* job->labelling: labels for the pool, chosen or out of --labels, told in a summary. */
int cli_augmentation_stage(train_job *job);

/* job->baseline: fitted, and subtracted from the DFT and the chosen labels. */
int cli_delta_stage(train_job *job);

/* The training itself, into values->out; with --alpha auto once for each alpha. *model: the result.
 */
int cli_training_stage(train_job *job, eipnn_model **model);

/* One training with that alpha. */
typedef struct train_attempt {
  double alpha;
  const char *title, *out, *checkpoint, *log;
} train_attempt;
int cli_train_once(train_job *job, const train_attempt *attempt, eipnn_model **model);
int cli_search_alpha(train_job *job, eipnn_model **model);

/* The files of such a search must not be those that the run reads or writes. Usage errors. */
int cli_alpha_files_check(const cli_context *context, const train_values *train,
                          const cli_training_files *files);

#endif
