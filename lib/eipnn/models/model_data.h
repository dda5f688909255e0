/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_MODEL_DATA_H
#define EIPNN_MODELS_MODEL_DATA_H

/* What a model is made of; shared by the files of models/ only. */

#include "models/network.h"
#include "models/parameters.h"

enum { EIPNN_MAX_SPECIES = 118, EIPNN_MAX_HEADS = 1000, EIPNN_HEAD_NAME_SIZE = 64 };

typedef struct eipnn_history_entry {
  char *key, *value;
} eipnn_history_entry;

struct eipnn_model {
  eipnn_network_options options;
  const eipnn_network *network;
  int nspecies;
  int *species; /* [nspecies] atomic numbers, ascending */
  int nheads;
  char **heads;  /* [nheads] */
  double *scale; /* [nheads] */
  double *shift; /* [nheads][nspecies] eV */
  eipnn_parameter_list parameters;
  double *weights; /* [parameters.weights]; NULL in a description */
  size_t nhistory, history_capacity;
  eipnn_history_entry *history;
};

/* Paths that begin so belong to the heads, not to the representation. */
#define EIPNN_HEAD_PREFIX "head/"

/* A model without weights, as eipnn_model_create would make it. */
eipnn_status eipnn_model_describe(const eipnn_network_options *options, int nspecies,
                                  const int *species, int nheads, const char *const *heads,
                                  eipnn_model **model);

/* Allocates the weights of a description, zero. */
eipnn_status eipnn_model_allocate_weights(eipnn_model *model);

/* A copy of everything but weights and history. */
eipnn_status eipnn_model_copy_description(const eipnn_model *source, eipnn_model **copy);

void eipnn_model_free_history(eipnn_model *model);

/* CRC-32 over all a model file states, so that damage to stored numbers is
   noticed, which HDF5 alone does not promise. */
unsigned long eipnn_model_checksum(const eipnn_model *model);

#endif
