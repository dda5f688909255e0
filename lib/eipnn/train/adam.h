/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_ADAM_H
#define EIPNN_TRAIN_ADAM_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

/* Adam (Kingma and Ba, 2015) with the usual constants: beta1 0.9, beta2 0.999,
   epsilon 1e-8, no weight decay. */
typedef struct eipnn_adam {
  size_t count;
  double *first;  /* [count] running mean of the gradient */
  double *second; /* [count] running mean of its square */
  int64_t step;   /* updates done */
} eipnn_adam;

eipnn_status eipnn_adam_create(eipnn_adam *adam, size_t count);
void eipnn_adam_free(eipnn_adam *adam);

/* One update of weights[count] with learning rate `rate`. */
void eipnn_adam_update(eipnn_adam *adam, double rate, const double *gradient, double *weights);

/* Scales gradient[count] down to the Euclidean norm `limit` where it is longer
   (limit 0: never). Returns the norm it had. */
double eipnn_clip_norm(double *gradient, size_t count, double limit);

#endif
