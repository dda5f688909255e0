/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_POTENTIAL_H
#define EIPNN_MODELS_POTENTIAL_H

/* A model's graph from pair vectors to energies and their gradient, or to the logits of a
   classifier: the one definition that training, testing and MD share. */

#include "tensor/graph.h"

#include <eipnn/model.h>

typedef struct eipnn_potential_options {
  int table;       /* 1: radial functions from spline tables, 0: exact per pair */
  int table_nodes; /* over [0, cutoff] */
  double shortest; /* no pair is closer, Angstrom: a table has no nodes below; 0: not known */
  int halo;        /* 1: features of ghosts come from other ranks */
  int gradient;    /* 1: append vec_gradient */
} eipnn_potential_options;

typedef struct eipnn_potential {
  eipnn_graph *graph;
  eipnn_tensor vec;         /* input [pair][3]: r_j - r_i */
  eipnn_tensor features;    /* [atom][hidden] of the last layer */
  eipnn_tensor atom_output; /* [atom][nheads] network outputs, before scale and shift;
                               EIPNN_NO_TENSOR for a classifier, whose head sees no single atom */
  eipnn_tensor
      config_output; /* [config][nheads] sums over contributing atoms; a classifier's logits */
  int forward_end;   /* nodes 0..forward_end-1 give the outputs */
  eipnn_tensor vec_gradient; /* [pair][3] d(sum over configurations of head 0)/d vec */
  int nparameters;           /* as the model's */
  eipnn_tensor *parameter;   /* [nparameters] leaves, in the order of eipnn_model_parameter */
} eipnn_potential;

/* Builds the graph of model. Free with eipnn_potential_free. */
eipnn_status eipnn_potential_build(const eipnn_model *model, const eipnn_potential_options *options,
                                   eipnn_potential *potential);
void eipnn_potential_free(eipnn_potential *potential);

/* Appends d(sum of head)/d vec, [pair][3]. */
eipnn_status eipnn_potential_vec_gradient(eipnn_potential *potential, int head, int nheads,
                                          eipnn_tensor *gradient);

#endif
