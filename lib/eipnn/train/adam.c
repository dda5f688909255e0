/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/adam.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;

eipnn_status eipnn_adam_create(eipnn_adam *adam, size_t count)
{
  memset(adam, 0, sizeof *adam);
  adam->count = count;
  adam->first = eipnn_calloc(count, sizeof(double));
  adam->second = eipnn_calloc(count, sizeof(double));
  if (adam->first && adam->second) return EIPNN_OK;
  eipnn_adam_free(adam);
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the optimiser of %zu weights", count);
}

void eipnn_adam_free(eipnn_adam *adam)
{
  free(adam->first);
  free(adam->second);
  memset(adam, 0, sizeof *adam);
}

void eipnn_adam_update(eipnn_adam *adam, double rate, const double *gradient, double *weights)
{
  adam->step++;
  const double correction1 = 1.0 - pow(beta1, (double)adam->step);
  const double correction2 = 1.0 - pow(beta2, (double)adam->step);
  const double size = rate / correction1, inverse = 1.0 / sqrt(correction2);
  double *restrict first = adam->first, *restrict second = adam->second;
  for (size_t k = 0; k < adam->count; k++) {
    const double g = gradient[k];
    first[k] = beta1 * first[k] + (1.0 - beta1) * g;
    second[k] = beta2 * second[k] + (1.0 - beta2) * g * g;
    weights[k] -= size * first[k] / (sqrt(second[k]) * inverse + epsilon);
  }
}

double eipnn_clip_norm(double *gradient, size_t count, double limit)
{
  enum { LANES = 8 }; /* independent sums, in an order of their own, so that they vectorise */
  double lane[LANES] = {0}, sum = 0;
  size_t k = 0;
  for (; k + LANES <= count; k += LANES)
    for (int l = 0; l < LANES; l++) lane[l] += gradient[k + l] * gradient[k + l];
  for (; k < count; k++) sum += gradient[k] * gradient[k];
  for (int l = 0; l < LANES; l++) sum += lane[l];
  const double norm = sqrt(sum);
  if (limit > 0 && norm > limit) {
    const double factor = limit / norm;
    for (k = 0; k < count; k++) gradient[k] *= factor;
  }
  return norm;
}
