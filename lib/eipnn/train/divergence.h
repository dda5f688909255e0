/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_DIVERGENCE_H
#define EIPNN_TRAIN_DIVERGENCE_H

#include <stdint.h>

/* Training has diverged when the validation error was more than EIPNN_DIVERGENCE_FACTOR
   times that of the starting weights at EIPNN_DIVERGENCE_VALIDATIONS validations in a row.
   One such validation may be a spike that training recovers from. */
enum { EIPNN_DIVERGENCE_FACTOR = 100, EIPNN_DIVERGENCE_VALIDATIONS = 3 };

/* Zeroed before the first validation; part of a checkpoint. */
typedef struct eipnn_divergence {
  double start;  /* eV, error of the starting weights; 0: not known yet */
  int64_t above; /* validations in a row that were above the limit */
} eipnn_divergence;

/* Notes the finite error of a validation; 1 if training has diverged. */
int eipnn_divergence_note(eipnn_divergence *divergence, double error);

#endif
