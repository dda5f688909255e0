/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_MODEL_DATA_H
#define EIPNN_MODELS_MODEL_DATA_H

/* What a model is made of; shared by the files of models/ only. */

#include "models/network.h"
#include "models/parameters.h"

#include <eipnn/classifier.h>

enum { EIPNN_MAX_HEADS = 1000, EIPNN_HEAD_NAME_SIZE = 64 };
/* HDF5 keeps an attribute, here the sources of a baseline, within 64 KiB. */
enum {
  EIPNN_MAX_BASELINE = 200,
  EIPNN_BASELINE_NAME_SIZE = EIPNN_LABELS_NAME_SIZE,
  EIPNN_BASELINE_SOURCE_SIZE = 280
};

/* What the heads give. */
typedef enum eipnn_task {
  EIPNN_TASK_ENERGY, /* an energy per atom each */
  EIPNN_TASK_CLASSES /* the logit of a class each, per configuration */
} eipnn_task;

typedef struct eipnn_history_entry {
  char *key, *value;
} eipnn_history_entry;

/* An EIP that runs beside the network, see eipnn_model_set_baseline. */
typedef struct eipnn_baseline_term {
  char name[EIPNN_BASELINE_NAME_SIZE];     /* label set */
  char source[EIPNN_BASELINE_SOURCE_SIZE]; /* what computes it, "" if unknown */
  double coefficient;
} eipnn_baseline_term;

struct eipnn_model {
  eipnn_network_options options;
  const eipnn_network *network;
  eipnn_task task;
  eipnn_pooling pooling; /* of EIPNN_TASK_CLASSES */
  int nspecies;
  int *species; /* [nspecies] atomic numbers, ascending */
  int nheads;
  char **heads;  /* [nheads] */
  double *scale; /* [nheads] */
  double *shift; /* [nheads][nspecies] eV */
  eipnn_parameter_list parameters;
  double *weights; /* [parameters.weights]; NULL in a description */
  int nbaseline;
  eipnn_baseline_term *baseline; /* [nbaseline] */
  size_t nhistory, history_capacity;
  eipnn_history_entry *history;
};

/* Paths that begin so belong to the heads, not to the representation. */
#define EIPNN_HEAD_PREFIX "head/"

/* A model without weights, as eipnn_model_create would make it: its heads are energies. */
eipnn_status eipnn_model_describe(const eipnn_network_options *options, int nspecies,
                                  const int *species, int nheads, const char *const *heads,
                                  eipnn_model **model);

/* Allocates the weights of a description, zero. */
eipnn_status eipnn_model_allocate_weights(eipnn_model *model);

/* A copy of everything but weights, baseline and history. */
eipnn_status eipnn_model_copy_description(const eipnn_model *source, eipnn_model **copy);

/* Makes classes of the heads of a described model. An error where there is only one. */
eipnn_status eipnn_model_set_classes(eipnn_model *model, eipnn_pooling pooling);

/* EIPNN_ERROR_UNSUPPORTED, saying what to do instead, where the heads are classes. */
eipnn_status eipnn_model_require_energy(const eipnn_model *model);

/* The same for MD with a model on the padded graph. */
eipnn_status eipnn_model_require_periodic(const eipnn_model *model);

/* An unknown name is an error that lists the known ones. */
eipnn_status eipnn_pooling_from_name(const char *name, eipnn_pooling *pooling);

/* Into a model without a baseline. */
eipnn_status eipnn_model_copy_baseline(eipnn_model *model, const eipnn_model *source);

void eipnn_model_free_history(eipnn_model *model);

/* CRC-32 over all a model file states, so that damage to stored numbers is
   noticed, which HDF5 alone does not promise. */
unsigned long eipnn_model_checksum(const eipnn_model *model);

#endif
