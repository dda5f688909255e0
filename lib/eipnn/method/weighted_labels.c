/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "method/weighted_labels.h"

#include "method/eip_energies.h"

#include <math.h>

/* value [count] += factor times the labels; NaN where there are none. */
static void add(double factor, const double *labels, size_t count, double *value)
{
  for (size_t i = 0; i < count; i++) {
    value[i] += labels ? factor * labels[i] : NAN;
    if (!isfinite(value[i])) value[i] = NAN;
  }
}

void eipnn_weighted_labels_add(const eipnn_weighted_labels *sum, double factor,
                               const eipnn_dataset *dataset, size_t index, double *energy,
                               double (*forces)[3], double *virial)
{
  const size_t first = eipnn_dataset_first_atom(dataset, index);
  const size_t count = 3 * (size_t)eipnn_dataset_natoms(dataset, index);
  for (int k = 0; k < sum->count; k++) {
    const double weight = factor * sum->coefficient[k];
    const eipnn_labels *labels = sum->labels[k];
    if (energy) add(weight, labels->energy + index, 1, energy);
    if (forces) add(weight, labels->forces ? labels->forces[first] : NULL, count, forces[0]);
    if (virial) add(weight, labels->virial ? labels->virial[index] : NULL, 6, virial);
  }
}
