/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <eipnn/dataset.h>

#include <math.h>

int eipnn_dataset_energy_within(const eipnn_dataset *dataset, size_t index, double energy,
                                double minimum, double maximum)
{
  const double per_atom = energy / eipnn_dataset_natoms(dataset, index);
  return isfinite(per_atom) && !(per_atom < minimum) && !(per_atom > maximum);
}
