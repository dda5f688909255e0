/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_VALIDATION_H
#define EIPNN_TRAIN_VALIDATION_H

#include "train/training_graph.h"

#include <eipnn/parallel.h>

/* What validation runs over, and the memory it reuses. */
typedef struct eipnn_validation {
  eipnn_targets targets;     /* scaled */
  eipnn_config_graph *graph; /* [targets.count] */
  eipnn_batch batch;
  double *prediction; /* [batch][nheads] */
  double *sums;       /* [3*nheads + 1] */
} eipnn_validation;

eipnn_status eipnn_validation_create(eipnn_validation *validation, const eipnn_model *model,
                                     const eipnn_dataset *dataset,
                                     const eipnn_train_options *options);
void eipnn_validation_free(eipnn_validation *validation);

/* A classifier's *mae is the share of configurations whose likeliest class is wrong, *atom_mae the
   cross entropy. Otherwise mean absolute errors of the weights the executor holds, per
   configuration (eV) and per atom (eV/atom): the mean over heads of each head's mean. Collective:
   configurations are dealt out to the ranks. `status` is how this rank fared so far; all ranks fail
   where one does. EIPNN_ERROR_NUMERIC where a prediction is not finite. */
eipnn_status eipnn_validation_run(eipnn_validation *validation, eipnn_training_graph *training,
                                  const eipnn_model *model, const eipnn_parallel *parallel,
                                  eipnn_status status, double *mae, double *atom_mae);

#endif
