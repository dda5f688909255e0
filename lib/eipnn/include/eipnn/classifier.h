/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLASSIFIER_H
#define EIPNN_CLASSIFIER_H

#include <eipnn/calculator.h>
#include <eipnn/dataset.h>
#include <eipnn/model.h>
#include <eipnn/parallel.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum eipnn_pooling {
  EIPNN_POOLING_SUM, /* the paper's: features of all atoms (padding nodes included) are added */
  EIPNN_POOLING_MEAN /* divided by the number of nodes: does not depend on the size of the cell */
} eipnn_pooling;
const char *eipnn_pooling_name(eipnn_pooling pooling); /* "sum", "mean"; static storage */

/* A model whose heads are classes: the pooled features of a configuration go through one hidden
   layer to one logit per class. Files, representation, weights and history are those of any
   model; it has no energy, and whatever asks it for one gets an error. */
eipnn_status eipnn_classifier_create(const eipnn_network_options *options, int nspecies,
                                     const int *species, int nclasses, const char *const *classes,
                                     eipnn_pooling pooling, uint64_t seed, eipnn_model **model);
int eipnn_model_is_classifier(const eipnn_model *model);
eipnn_pooling eipnn_model_pooling(const eipnn_model *model); /* of a classifier */

/* Probabilities of every class for the configurations marked in wanted ([n], NULL: all):
   probability [n][nclasses], NaN where not wanted. Collective over parallel (NULL: one
   rank), work dealt out round robin; all ranks get all. */
eipnn_status eipnn_classify(const eipnn_model *classifier, const eipnn_dataset *dataset,
                            const unsigned char *wanted, const eipnn_calculator_options *options,
                            const eipnn_parallel *parallel, double *probability);

/* Mean over atoms of a model's last features: features [n][hidden], NaN where not wanted.
   For maps of what a network has learnt. Any model. */
eipnn_status eipnn_features(const eipnn_model *model, const eipnn_dataset *dataset,
                            const unsigned char *wanted, const eipnn_calculator_options *options,
                            const eipnn_parallel *parallel, double *features);

#ifdef __cplusplus
}
#endif
#endif
