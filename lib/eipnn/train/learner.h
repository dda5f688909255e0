/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_LEARNER_H
#define EIPNN_TRAIN_LEARNER_H

/* Loss of one batch and its gradient by the weights: this rank's share. */

#include "train/balance.h"
#include "train/loss_terms.h"

#include <eipnn/parallel.h>

/* How chosen labels fare under a robust loss of their energies: sums over steps. */
typedef struct eipnn_label_watch {
  size_t steps;
  double sigma; /* of the residuals, eV */
  double used;  /* share of a step's chosen labels that has a gradient */
} eipnn_label_watch;

/* What is learnt from, and memory reused from step to step. */
typedef struct eipnn_learner {
  const eipnn_model *model;
  eipnn_train_options options;
  eipnn_targets targets;     /* scaled */
  eipnn_config_graph *graph; /* [targets.count] */
  eipnn_batch batch;
  eipnn_loss_rows rows;
  eipnn_balance balance;
  double *residual; /* of the whole batch, by place in it; then the number of failed ranks; then
                       those of the chosen energies once more */
  size_t capacity;
  eipnn_label_watch watch;
} eipnn_learner;

eipnn_status eipnn_learner_create(eipnn_learner *learner, const eipnn_model *model,
                                  const eipnn_dataset *dataset, const eipnn_train_options *options);
void eipnn_learner_free(eipnn_learner *learner);

/* deal: the training configurations of all ranks together, which share them by the work they
   make. Adds its share of the loss to *loss and writes that of the gradient
   to the zeroed gradient[nweights]; shares of all ranks sum to those of one. The terms are means
   over the batch's labelled energies, force components and virial components; chosen labels have
   theirs, weighted, times alpha. Collective: the scale of the residuals is that of the whole
   batch. status: how this rank fared so far. Where another rank fails, the gradient stays zero and
   EIPNN_OK is returned: the caller's sum over ranks tells. */
eipnn_status eipnn_learner_gradient(eipnn_learner *learner, eipnn_training_graph *training,
                                    const eipnn_deal *deal, const eipnn_parallel *parallel,
                                    eipnn_status status, double *loss, double *gradient);

#endif
