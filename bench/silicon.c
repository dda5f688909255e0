/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "silicon.h"

static double displacement(unsigned *seed)
{
  *seed = *seed * 1664525u + 1013904223u;
  return 0.1 * ((double)*seed / 4294967296.0 - 0.5);
}

void silicon_crystal(int repeat, unsigned *seed, double (*position)[3])
{
  silicon_block((const int[3]){repeat, repeat, repeat}, seed, position);
}

void silicon_block(const int repeat[3], unsigned *seed, double (*position)[3])
{
  static const double basis[8][3] = {{0, 0, 0},          {0, 0.5, 0.5},      {0.5, 0, 0.5},
                                     {0.5, 0.5, 0},      {0.25, 0.25, 0.25}, {0.25, 0.75, 0.75},
                                     {0.75, 0.25, 0.75}, {0.75, 0.75, 0.25}};
  for (int atom = 0; atom < 8 * repeat[0] * repeat[1] * repeat[2]; atom++) {
    const int cell = atom / 8;
    const int place[3] = {cell % repeat[0], cell / repeat[0] % repeat[1],
                          cell / repeat[0] / repeat[1]};
    for (int k = 0; k < 3; k++)
      position[atom][k] = SILICON_CELL * (place[k] + basis[atom % 8][k]) + displacement(seed);
  }
}
