/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_AVERAGE_H
#define EIPNN_TRAIN_AVERAGE_H

#include <stddef.h>
#include <stdint.h>

/* Exponential mean of the weights over the steps (Polyak and Juditsky, SIAM J. Control Optim. 30,
   838 (1992), with forgetting): average = d average + (1-d) weights after step number `step`.
   d = min(decay, (1+step)/(10+step)): early means forget their start quickly. */
void eipnn_average_update(double decay, int64_t step, size_t count, const double *weights,
                          double *average);

#endif
