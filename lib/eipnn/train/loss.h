/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_LOSS_H
#define EIPNN_TRAIN_LOSS_H

#include <stddef.h>

/* Squared error over the entries whose target is a number (NaN: not labelled):
   returns factor * sum (prediction - target)^2 and sets seed[count] to its
   derivative by the predictions, zero where there is no label. With factor
   1/(number of labels) this is the masked mean squared error. */
double eipnn_loss_squared(size_t count, const double *prediction, const double *target,
                          double factor, double *seed);

/* Entries that are labelled. */
size_t eipnn_loss_labelled(size_t count, const double *target);

#endif
