/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/loss.h"

#include "base/statistics.h"

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

double eipnn_loss_huber(size_t count, const double *prediction, const double *target, double limit,
                        double factor, double *seed)
{
  double sum = 0;
  for (size_t k = 0; k < count; k++) {
    const double error = isnan(target[k]) ? 0.0 : prediction[k] - target[k];
    const int far = fabs(error) > limit;
    sum += far ? limit * (2.0 * fabs(error) - limit) : error * error;
    seed[k] = 2.0 * factor * (far ? copysign(limit, error) : error);
  }
  return factor * sum;
}

double eipnn_loss_tukey(size_t count, const double *prediction, const double *target, double cutoff,
                        double factor, double *seed)
{
  const double constant = cutoff * cutoff / 6.0;
  double sum = 0;
  for (size_t k = 0; k < count; k++) {
    seed[k] = 0;
    if (isnan(target[k])) continue;
    const double residual = prediction[k] - target[k];
    if (!isfinite(residual)) {
      sum = NAN;
    } else if (fabs(residual) < cutoff) {
      const double u = residual / cutoff, v = 1.0 - u * u;
      sum += constant * (1.0 - v * v * v);
      seed[k] = factor * residual * v * v;
    } else {
      sum += constant;
    }
  }
  return factor * sum;
}

/* log(sum of exp(logits)), the largest taken out so that nothing overflows. */
static double log_sum_exp(size_t count, const double *logits)
{
  double largest = -INFINITY, sum = 0;
  for (size_t k = 0; k < count; k++) largest = fmax(largest, logits[k]);
  for (size_t k = 0; k < count; k++) sum += exp(logits[k] - largest);
  return largest + log(sum);
}

double eipnn_loss_cross_entropy(size_t nclasses, const double *logits, int category, double factor,
                                double *seed)
{
  for (size_t k = 0; seed && k < nclasses; k++) seed[k] = 0;
  if (category < 0) return 0;
  const double normalisation = log_sum_exp(nclasses, logits);
  for (size_t k = 0; seed && k < nclasses; k++)
    seed[k] = factor * (exp(logits[k] - normalisation) - (k == (size_t)category));
  return factor * (normalisation - logits[category]);
}

double eipnn_loss_sigma(size_t count, double *absolute)
{
  for (size_t k = 0; k < count; k++)
    if (isnan(absolute[k])) return NAN; /* which has no place in an order */
  eipnn_sort(absolute, count);
  size_t unlabelled = 0;
  while (unlabelled < count && absolute[unlabelled] < 0) unlabelled++;
  if (unlabelled == count) return 0;
  return 1.4826 * absolute[unlabelled + (count - unlabelled - 1) / 2];
}

size_t eipnn_loss_labelled(size_t count, const double *target)
{
  size_t labelled = 0;
  for (size_t k = 0; k < count; k++) labelled += !isnan(target[k]);
  return labelled;
}
