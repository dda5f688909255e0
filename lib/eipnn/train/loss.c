/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/loss.h"

#include <math.h>

double eipnn_loss_squared(size_t count, const double *prediction, const double *target,
                          double factor, double *seed)
{
  double sum = 0;
  for (size_t k = 0; k < count; k++) {
    const double error = isnan(target[k]) ? 0.0 : prediction[k] - target[k];
    sum += error * error;
    seed[k] = 2.0 * factor * error;
  }
  return factor * sum;
}

size_t eipnn_loss_labelled(size_t count, const double *target)
{
  size_t labelled = 0;
  for (size_t k = 0; k < count; k++) labelled += !isnan(target[k]);
  return labelled;
}
