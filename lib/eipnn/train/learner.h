/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_LEARNER_H
#define EIPNN_TRAIN_LEARNER_H

/* Loss of one batch and its gradient by the weights: this rank's share. */

#include "train/training_graph.h"

/* What is learnt from, and memory reused from step to step. */
typedef struct eipnn_learner {
  const eipnn_model *model;
  eipnn_train_options options;
  eipnn_targets targets;     /* scaled */
  eipnn_config_graph *graph; /* [targets.count] */
  eipnn_batch batch;
  double *prediction, *target, *seed; /* [capacity] one output of the batch each */
  size_t capacity[3];
} eipnn_learner;

eipnn_status eipnn_learner_create(eipnn_learner *learner, const eipnn_model *model,
                                  const eipnn_dataset *dataset, const eipnn_train_options *options);
void eipnn_learner_free(eipnn_learner *learner);

/* batch: [size] training configurations of all ranks together, of which this rank takes
   rank, rank + nranks, ... Adds its share of the loss to *loss and writes that of the gradient
   to the zeroed gradient[nweights]; shares of all ranks sum to those of one. The terms are means
   over the batch's labelled energies, force components and virial components. */
eipnn_status eipnn_learner_gradient(eipnn_learner *learner, eipnn_training_graph *training,
                                    const size_t *batch, size_t size, int rank, int nranks,
                                    double *loss, double *gradient);

#endif
