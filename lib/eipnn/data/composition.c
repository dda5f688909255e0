/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/dataset_data.h"

#include <string.h>

int eipnn_dataset_composition(const eipnn_dataset *dataset, size_t index, int nspecies,
                              const int *species, double *atoms)
{
  eipnn_configuration configuration;
  if (eipnn_dataset_get(dataset, index, &configuration) != EIPNN_OK) return 0;
  memset(atoms, 0, (size_t)nspecies * sizeof *atoms);
  for (int i = 0; i < configuration.natoms; i++) {
    int s = 0;
    while (s < nspecies && species[s] != configuration.number[i]) s++;
    if (s == nspecies) return 0;
    atoms[s]++;
  }
  return configuration.natoms;
}
