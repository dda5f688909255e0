/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <eipnn/train.h>

/* The paper evaluates its schedules once per epoch, at t = epoch/epochs. Here
   the same functions are evaluated at every optimiser step, so that the length
   of training may be given in steps and small data sets see no stairs. */
double eipnn_schedule_rate(eipnn_schedule schedule, double rate, double final_ratio, double t)
{
  if (schedule == EIPNN_SCHEDULE_LINEAR) return rate * ((1.0 - t) + final_ratio * t);
  const double cut = 0.2, ratio = 32.0;
  const double p = t < cut ? t / cut : (1.0 - t) / (1.0 - cut);
  return rate * (1.0 + (ratio - 1.0) * p) / ratio;
}
