/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/hash.h"
#include "data/dataset_data.h"

#include <inttypes.h>
#include <stdio.h>

static uint64_t add_configuration(uint64_t hash, const eipnn_dataset *dataset, size_t index)
{
  size_t first = dataset->first[index], natoms = dataset->first[index + 1] - first;
  hash = eipnn_hash_word(hash, natoms);
  hash = eipnn_hash_reals(hash, dataset->cell[index][0], 9);
  for (int k = 0; k < 3; k++) hash = eipnn_hash_word(hash, dataset->pbc[index][k]);
  for (size_t i = first; i < first + natoms; i++)
    hash = eipnn_hash_word(hash, (uint64_t)dataset->number[i]);
  return eipnn_hash_reals(hash, dataset->position[first], 3 * natoms);
}

void eipnn_dataset_hash(const eipnn_dataset *dataset, char hex[17])
{
  const eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  uint64_t hash = EIPNN_HASH_START;
  for (size_t i = 0; i < dataset->count; i++) hash = add_configuration(hash, dataset, i);
  hash = eipnn_hash_reals(hash, dft->energy, dataset->count);
  hash = eipnn_hash_reals(hash, dft->forces ? dft->forces[0] : NULL, 3 * dataset->natom);
  hash = eipnn_hash_reals(hash, dft->virial ? dft->virial[0] : NULL, 6 * dataset->count);
  snprintf(hex, 17, "%016" PRIx64, hash);
}
