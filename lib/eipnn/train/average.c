/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/average.h"

#include <math.h>

void eipnn_average_update(double decay, int64_t step, size_t count, const double *weights,
                          double *average)
{
  const double d = fmin(decay, (1.0 + (double)step) / (10.0 + (double)step));
  for (size_t k = 0; k < count; k++) average[k] = d * average[k] + (1.0 - d) * weights[k];
}
