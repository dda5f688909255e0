/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/calculator_data.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static eipnn_status reserve_atoms(eipnn_selection *s, size_t natom)
{
  size_t *capacity = s->atom_capacity;
  EIPNN_TRY(eipnn_grow((void **)&s->species, &capacity[0], natom, sizeof(int)));
  EIPNN_TRY(eipnn_grow((void **)&s->config, &capacity[1], natom, sizeof(int)));
  return eipnn_grow((void **)&s->listed, &capacity[2], natom, sizeof(int));
}

static eipnn_status reserve_pairs(eipnn_selection *s, size_t npair)
{
  size_t *capacity = s->pair_capacity;
  EIPNN_TRY(eipnn_grow((void **)&s->pair_i, &capacity[0], npair, sizeof(int)));
  EIPNN_TRY(eipnn_grow((void **)&s->pair_j, &capacity[1], npair, sizeof(int)));
  EIPNN_TRY(eipnn_grow((void **)&s->pair_config, &capacity[2], npair, sizeof(int)));
  return eipnn_grow((void **)&s->vec, &capacity[3], npair, sizeof *s->vec);
}

/* Of the two vectors between an atom and two opposite images of it, the one
   that stands for both. Components that are zero but for rounding do not decide. */
static int is_positive(const double vec[3])
{
  for (int k = 0; k < 3; k++)
    if (fabs(vec[k]) > EIPNN_COINCIDENT) return vec[k] > 0.0;
  return 0;
}

static eipnn_status describe_atoms(eipnn_selection *s, const eipnn_atoms *atoms)
{
  EIPNN_TRY(reserve_atoms(s, (size_t)atoms->nlocal));
  for (int i = 0; i < atoms->nlocal; i++) {
    s->species[i] = atoms->species[i];
    s->config[i] = atoms->species[i] < 0 ? -1 : 0;
    s->listed[i] = 0;
  }
  for (int n = 0; n < atoms->nlist; n++) {
    const int i = atoms->center[n];
    if (i < 0 || i >= atoms->nlocal)
      return eipnn_error(EIPNN_ERROR_ARGUMENT, "neighbour list of atom %d, but %d atoms are owned",
                         i, atoms->nlocal);
    s->listed[i] = 1;
  }
  return EIPNN_OK;
}

/* Whether the pair of i and its neighbour j is taken from i's list, given the row of j. */
static int is_taken(const eipnn_selection *s, int i, int row, const double vec[3])
{
  if (row >= s->natom) return 1;
  if (s->species[row] < 0) return 0;
  return i < row || (i == row && is_positive(vec));
}

static eipnn_status bad_distance(const eipnn_atoms *atoms, int i, int j)
{
  return eipnn_error(EIPNN_ERROR_NUMERIC,
                     "atoms at %g %g %g and %g %g %g: they coincide, or a position is not finite",
                     atoms->position[i][0], atoms->position[i][1], atoms->position[i][2],
                     atoms->position[j][0], atoms->position[j][1], atoms->position[j][2]);
}

static eipnn_status select_neighbors(eipnn_selection *s, const eipnn_atoms *atoms, int i,
                                     double cutoff_square)
{
  const int *neighbor = atoms->neighbor[i];
  EIPNN_TRY(reserve_pairs(s, (size_t)s->npair + (size_t)atoms->count[i]));
  for (int m = 0; m < atoms->count[i]; m++) {
    const int j = neighbor[m] & atoms->neighbor_mask;
    if (j < 0 || j >= atoms->nlocal + atoms->nghost)
      return eipnn_error(EIPNN_ERROR_ARGUMENT, "neighbour %d of atom %d, but there are %d atoms", j,
                         i, atoms->nlocal + atoms->nghost);
    double *vec = s->vec[s->npair], square = 0.0;
    for (int k = 0; k < 3; k++) {
      vec[k] = atoms->position[j][k] - atoms->position[i][k];
      square += vec[k] * vec[k];
    }
    if (square >= cutoff_square) continue;
    if (!(square > EIPNN_COINCIDENT * EIPNN_COINCIDENT)) return bad_distance(atoms, i, j);
    const int row = atoms->owner ? atoms->owner[j] : j;
    if (row < 0 || row >= s->nall)
      return eipnn_error(
          EIPNN_ERROR_ARGUMENT,
          "atom %d belongs to atom %d, which is none of the %d known ones (atoms of other "
          "ranks need a halo exchange)",
          j, row, s->nall);
    if (!is_taken(s, i, row, vec)) continue;
    s->pair_i[s->npair] = i;
    s->pair_j[s->npair] = row;
    s->pair_config[s->npair++] = 0;
  }
  return EIPNN_OK;
}

/* Rows of features: those of images, last, are not in use. */
static int count_rows(const eipnn_atoms *atoms, int halo)
{
  if (!halo) return atoms->nlocal;
  const int natoms = atoms->nlocal + atoms->nghost;
  if (!atoms->owner) return natoms;
  int rows = atoms->nlocal;
  for (int i = atoms->nlocal; i < natoms; i++)
    if (atoms->owner[i] >= rows && atoms->owner[i] < natoms) rows = atoms->owner[i] + 1;
  return rows;
}

eipnn_status eipnn_selection_build(eipnn_selection *selection, const eipnn_atoms *atoms,
                                   double cutoff, int halo)
{
  selection->natom = atoms->nlocal;
  selection->nall = count_rows(atoms, halo);
  selection->npair = 0;
  EIPNN_TRY(describe_atoms(selection, atoms));
  EIPNN_TRY(reserve_pairs(selection, 1));
  for (int i = 0; i < atoms->nlocal; i++)
    if (selection->listed[i] && selection->species[i] >= 0)
      EIPNN_TRY(select_neighbors(selection, atoms, i, cutoff * cutoff));
  return EIPNN_OK;
}

void eipnn_selection_structure(const eipnn_selection *selection, eipnn_structure *structure)
{
  *structure = (eipnn_structure){.natom = selection->natom,
                                 .nall = selection->nall,
                                 .npair = selection->npair,
                                 .nconfig = 1,
                                 .pair_i = selection->pair_i,
                                 .pair_j = selection->pair_j,
                                 .pair_config = selection->pair_config,
                                 .atom_config = selection->config,
                                 .atom_species = selection->species};
}

size_t eipnn_selection_bytes(const eipnn_selection *selection)
{
  size_t bytes = selection->pair_capacity[3] * sizeof *selection->vec;
  for (int k = 0; k < 3; k++)
    bytes += (selection->atom_capacity[k] + selection->pair_capacity[k]) * sizeof(int);
  return bytes;
}

void eipnn_selection_free(eipnn_selection *selection)
{
  free(selection->species);
  free(selection->config);
  free(selection->listed);
  free(selection->pair_i);
  free(selection->pair_j);
  free(selection->pair_config);
  free(selection->vec);
  memset(selection, 0, sizeof *selection);
}
