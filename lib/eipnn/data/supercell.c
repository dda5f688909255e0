/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/supercell.h"

#include "base/memory.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static void fill(eipnn_supercell *s, const eipnn_configuration *c, const int repeat[3])
{
  int atom = 0;
  for (int i = 0; i < repeat[0]; i++)
    for (int j = 0; j < repeat[1]; j++)
      for (int k = 0; k < repeat[2]; k++)
        for (int a = 0; a < c->natoms; a++, atom++) {
          s->number[atom] = c->number[a];
          for (int d = 0; d < 3; d++)
            s->position[atom][d] =
                c->position[a][d] + i * c->cell[0][d] + j * c->cell[1][d] + k * c->cell[2][d];
        }
}

eipnn_status eipnn_supercell_build(eipnn_supercell *supercell,
                                   const eipnn_configuration *configuration, const int repeat[3])
{
  memset(supercell, 0, sizeof *supercell);
  double natoms = (double)configuration->natoms * repeat[0] * repeat[1] * repeat[2];
  if (!(natoms <= INT_MAX))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a supercell of %g atoms is too large", natoms);
  supercell->natoms = (int)natoms;
  supercell->number = eipnn_calloc((size_t)natoms, sizeof *supercell->number);
  supercell->position = eipnn_calloc((size_t)natoms, sizeof *supercell->position);
  if (!supercell->number || !supercell->position) {
    eipnn_supercell_free(supercell);
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a supercell of %g atoms", natoms);
  }
  for (int k = 0; k < 3; k++) {
    supercell->pbc[k] = configuration->pbc[k];
    for (int d = 0; d < 3; d++) supercell->cell[k][d] = repeat[k] * configuration->cell[k][d];
  }
  fill(supercell, configuration, repeat);
  return EIPNN_OK;
}

void eipnn_supercell_free(eipnn_supercell *supercell)
{
  free(supercell->number);
  free(supercell->position);
  memset(supercell, 0, sizeof *supercell);
}
