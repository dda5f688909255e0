/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/divergence.h"

int eipnn_divergence_note(eipnn_divergence *divergence, double error)
{
  if (divergence->start <= 0)
    divergence->start = error;
  else if (error > EIPNN_DIVERGENCE_FACTOR * divergence->start)
    divergence->above++;
  else
    divergence->above = 0;
  return divergence->above >= EIPNN_DIVERGENCE_VALIDATIONS;
}
