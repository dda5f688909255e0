/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_RUN_STATE_H
#define EIPNN_TRAIN_RUN_STATE_H

#include "train/divergence.h"

#include <stdint.h>

/* How far a run is and how it fares: the numbers that all ranks hold alike and that a checkpoint
   keeps. Errors as eipnn_validation_run gives them. */
typedef struct eipnn_run_state {
  int64_t step, best_step;
  double best_mae, best_atom_mae;
  double loss_sum, loss_count; /* running mean of the training loss since the last validation */
  eipnn_divergence divergence;
} eipnn_run_state;

#endif
