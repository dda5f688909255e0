/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/hash.h"

#include <math.h>
#include <string.h>

uint64_t eipnn_hash_word(uint64_t hash, uint64_t value)
{
  for (int byte = 0; byte < 8; byte++) {
    hash ^= value >> (8 * byte) & 0xff;
    hash *= UINT64_C(0x100000001b3);
  }
  return hash;
}

uint64_t eipnn_hash_reals(uint64_t hash, const double *values, size_t count)
{
  const uint64_t missing = UINT64_C(0x7ff8000000000000);
  for (size_t k = 0; k < count; k++) {
    uint64_t bits = missing;
    if (values && !isnan(values[k])) memcpy(&bits, &values[k], sizeof bits);
    hash = eipnn_hash_word(hash, bits);
  }
  return hash;
}
