/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/dataset_data.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* FNV-1a, 64 bit (Fowler, Noll, Vo), over the little-endian bytes of value. */
static uint64_t add_word(uint64_t hash, uint64_t value)
{
  for (int byte = 0; byte < 8; byte++) {
    hash ^= value >> (8 * byte) & 0xff;
    hash *= UINT64_C(0x100000001b3);
  }
  return hash;
}

/* Every NaN counts as the same missing value, and so does an absent array. */
static uint64_t add_doubles(uint64_t hash, const double *values, size_t count)
{
  const uint64_t missing = UINT64_C(0x7ff8000000000000);
  for (size_t i = 0; i < count; i++) {
    uint64_t bits = missing;
    if (values && !isnan(values[i])) memcpy(&bits, &values[i], sizeof bits);
    hash = add_word(hash, bits);
  }
  return hash;
}

static uint64_t add_configuration(uint64_t hash, const eipnn_dataset *dataset, size_t index)
{
  size_t first = dataset->first[index], natoms = dataset->first[index + 1] - first;
  hash = add_word(hash, natoms);
  hash = add_doubles(hash, dataset->cell[index][0], 9);
  for (int k = 0; k < 3; k++) hash = add_word(hash, dataset->pbc[index][k]);
  for (size_t i = first; i < first + natoms; i++)
    hash = add_word(hash, (uint64_t)dataset->number[i]);
  return add_doubles(hash, dataset->position[first], 3 * natoms);
}

void eipnn_dataset_hash(const eipnn_dataset *dataset, char hex[17])
{
  const eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < dataset->count; i++) hash = add_configuration(hash, dataset, i);
  hash = add_doubles(hash, dft->energy, dataset->count);
  hash = add_doubles(hash, dft->forces ? dft->forces[0] : NULL, 3 * dataset->natom);
  hash = add_doubles(hash, dft->virial ? dft->virial[0] : NULL, 6 * dataset->count);
  snprintf(hex, 17, "%016" PRIx64, hash);
}
