/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_TARGETS_H
#define EIPNN_TRAIN_TARGETS_H

/* Which configurations a run learns from (or is validated on), and the labels
   of each head for them. */

#include <eipnn/train.h>

typedef enum eipnn_purpose { EIPNN_PURPOSE_TRAIN, EIPNN_PURPOSE_VALIDATION } eipnn_purpose;

/* What a configuration may be labelled with. A class stands in the place of the energy. */
typedef enum eipnn_label_kind {
  EIPNN_KIND_ENERGY,
  EIPNN_KIND_FORCES,
  EIPNN_KIND_VIRIAL,
  EIPNN_LABEL_KINDS
} eipnn_label_kind;

/* One slot per configuration and source of label: first those with labels of the dataset, then
   those whose label augmentation chose, for head "dft" alone. Labels are NaN where missing, masked
   by the energy window, or hidden. */
typedef struct eipnn_targets {
  size_t count;        /* slots */
  size_t first_chosen; /* slots from here on have chosen labels; count: none */
  int nheads;
  int chosen_head;      /* the one that learns them, -1: none */
  size_t *index;        /* [count] into the dataset */
  double *weight;       /* [count] of a slot among the chosen ones; 1 elsewhere */
  size_t *first;        /* [count+1] start of a configuration's atoms below */
  double *energy;       /* [count][nheads]; NULL: classes instead */
  int *category;        /* [count] of a classifier, in the range of its heads; NULL otherwise */
  double (**forces)[3]; /* [nheads] of [first[count]][3], NULL: head not trained on forces */
  double (**virial)[6]; /* [nheads] of [count][6], NULL: head not trained on virials */
  size_t *labelled[EIPNN_LABEL_KINDS]; /* [count] labelled energies (or classes), force and virial
                                          components, all heads */
} eipnn_targets;

/* Purpose TRAIN takes role train, and pool where the options say so; the DFT
   labels of the pool are hidden; then chosen labels of the pool. Purpose VALIDATION takes
   energies of role validation. Roles unused and test are never looked at. Values in eV and
   eV/A. A classifier learns the classes of the options, which are as hidden in the pool as the DFT
   labels that they are made from; the energy window has no say in them. An error where no
   configuration remains, or, in training, a head has no label of the dataset. */
eipnn_status eipnn_targets_build(eipnn_targets *targets, const eipnn_model *model,
                                 const eipnn_dataset *dataset, const eipnn_train_options *options,
                                 eipnn_purpose purpose);
void eipnn_targets_free(eipnn_targets *targets);

/* Atoms of each of the model's species in one of the configurations: count [nspecies]. An error
   where it holds another element. */
eipnn_status eipnn_targets_count_species(const eipnn_targets *targets, size_t slot,
                                         const eipnn_model *model, const eipnn_dataset *dataset,
                                         int *count);

/* From eV to what the network's outputs are compared with: energies become
   (E - sum_i shift_k)/scale_k, forces and virials are divided by scale_k. Classes stay. */
eipnn_status eipnn_targets_scale(eipnn_targets *targets, const eipnn_model *model,
                                 const eipnn_dataset *dataset);

/* Hash of the configurations and labels, continued from `hash`: two runs that give the same
   value learn from the same numbers. */
uint64_t eipnn_targets_hash(const eipnn_targets *targets, const eipnn_dataset *dataset,
                            uint64_t hash);

#endif
