/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_CHECKPOINT_H
#define EIPNN_TRAIN_CHECKPOINT_H

#include "train/adam.h"
#include "train/dealer.h"
#include "train/run_state.h"

#include <eipnn/model.h>

/* A checkpoint file is a model file (the best weights so far, usable as they are) with a
   group /training that holds what training needs to continue:
   weights, first_moment, second_moment, where asked for average_weights [nweights]; random [4];
   attributes version, step, best_step, best_mae, best_atom_mae, epoch, cursor, loss_sum,
   loss_count, start_error and above_start (see divergence.h), data (hash of what is learnt from)
   and options (text). Where chosen labels have a sampler of their own, its state is
   chosen_random, chosen_epoch, chosen_cursor. */
typedef struct eipnn_checkpoint {
  size_t nweights;
  double *weights; /* [nweights] current ones */
  double *average; /* [nweights] their mean, or NULL: not asked for */
  eipnn_adam *adam;
  eipnn_run_state run;
  int nsamplers; /* of the dealer */
  eipnn_dealer_state dealer;
  uint64_t data;
  const char *options; /* as eipnn_train_options_describe says */
  char backend[32];    /* of the run that wrote the file; set when it is read */
} eipnn_checkpoint;

/* Replaces the file atomically. */
eipnn_status eipnn_checkpoint_write(const char *path, const eipnn_model *best,
                                    const eipnn_checkpoint *checkpoint);

/* Reads into checkpoint's arrays, and the best weights, scales and shifts into model. An error,
   with nothing changed, where the file is not a checkpoint of this network, these data and these
   options (given in checkpoint->data and ->options), the backend apart. */
eipnn_status eipnn_checkpoint_read(const char *path, eipnn_model *model,
                                   eipnn_checkpoint *checkpoint);

#endif
