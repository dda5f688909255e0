/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_TRAINING_GRAPH_H
#define EIPNN_TRAIN_TRAINING_GRAPH_H

/* The graph of one optimiser step: a model's energies, where asked forces and
   virials, and the gradient of a loss of these by every weight. It runs in two
   stages: predictions first, then, after the host has worked out the loss and its
   derivatives by the predictions (the seeds), the weight gradients. All outputs are
   those of the network, before scale and shift. */

#include "models/batch.h"
#include "models/potential.h"
#include "tensor/executor.h"
#include "train/targets.h"

/* A prediction and the derivative of the loss by it. */
typedef struct eipnn_trained_output {
  eipnn_tensor value, seed; /* EIPNN_NO_TENSOR: not trained on */
} eipnn_trained_output;

typedef struct eipnn_training_graph {
  eipnn_potential potential;
  eipnn_executor *executor;
  int nheads;
  eipnn_trained_output energy;  /* [config][nheads] */
  eipnn_trained_output *force;  /* [nheads] of [atom][3], -d(sum of head)/d position */
  eipnn_trained_output *virial; /* [nheads] of [config][6] */
  int predicted_end;            /* nodes before it give the predictions */
  eipnn_tensor *gradient;       /* [potential.nparameters] */
} eipnn_training_graph;

/* Forces and virials are built for the heads that `targets` has some for. shortest: distance below
   which no batch has a pair, 0 if not known. */
eipnn_status eipnn_training_graph_create(eipnn_training_graph *training, eipnn_model *model,
                                         const eipnn_targets *targets, double shortest,
                                         const eipnn_train_options *options);
void eipnn_training_graph_free(eipnn_training_graph *training);

/* Binds a batch and runs the first stage: predictions can be read with
   eipnn_executor_get. energies_only: the forward pass alone, for validation. */
eipnn_status eipnn_training_graph_predict(eipnn_training_graph *training, const eipnn_batch *batch,
                                          int energies_only);

/* Second stage, after the seeds were set: gradient[nweights] by every weight, zero where no output
   depends on it. */
eipnn_status eipnn_training_graph_gradient(eipnn_training_graph *training, double *gradient);

#endif
