/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "structure_fixture.h"

#include "base/memory.h"
#include "tensor/graph.h"

#include <stdlib.h>
#include <string.h>

static int pick(eipnn_random *random, int n)
{
  return (int)(eipnn_random_uniform(random) * n);
}

static int compare(const void *a, const void *b)
{
  return *(const int *)a - *(const int *)b;
}

/* Partners lie near i, as the atoms of a sorted configuration do. */
static void random_pairs(structure_fixture *fixture, int *pair_i, int *pair_j, int *pair_config,
                         const int *atom_config, eipnn_random *random)
{
  const eipnn_structure *s = &fixture->structure;
  for (int p = 0; p < s->npair; p++) pair_i[p] = pick(random, s->natom);
  qsort(pair_i, (size_t)s->npair, sizeof *pair_i, compare);
  for (int p = 0; p < s->npair; p++) {
    const int reach = s->nall < 200 ? s->nall : 200;
    pair_j[p] = p % 7 == 3 ? pair_i[p] : (pair_i[p] + pick(random, reach)) % s->nall;
    pair_config[p] = atom_config[pair_i[p]] < 0 ? 0 : atom_config[pair_i[p]];
  }
}

void structure_fixture_create(structure_fixture *fixture, const structure_options *options,
                              eipnn_random *random)
{
  const size_t natom = (size_t)options->natom, npair = (size_t)options->npair;
  int *next = eipnn_calloc(2 * natom + 3 * npair + (size_t)options->nghost, sizeof *next);
  if (!next) abort();
  memset(fixture, 0, sizeof *fixture);
  fixture->memory = next;
  fixture->name = options->name;
  int *atom_config = next, *atom_species = next + natom, *pair_i = next + 2 * natom;
  int *pair_j = pair_i + npair, *pair_config = pair_j + npair;
  fixture->ghost_owner = pair_config + npair;
  fixture->structure = (eipnn_structure){.natom = options->natom,
                                         .nall = options->natom + options->nghost,
                                         .npair = options->npair,
                                         .nconfig = options->nconfig,
                                         .pair_i = pair_i,
                                         .pair_j = pair_j,
                                         .pair_config = pair_config,
                                         .atom_config = atom_config,
                                         .atom_species = atom_species};
  for (int a = 0; a < options->natom; a++) {
    atom_config[a] = a % 5 == 4 ? -1 : a * options->nconfig / options->natom;
    atom_species[a] = pick(random, options->nspecies);
  }
  for (int g = 0; g < options->nghost; g++) fixture->ghost_owner[g] = pick(random, options->natom);
  random_pairs(fixture, pair_i, pair_j, pair_config, atom_config, random);
}

void structure_fixture_free(structure_fixture *fixture)
{
  free(fixture->memory);
  memset(fixture, 0, sizeof *fixture);
}

static int forward(void *context, void *rows, int ncols, size_t element_size)
{
  const structure_fixture *fixture = context;
  const size_t width = (size_t)ncols * element_size, natom = (size_t)fixture->structure.natom;
  char *bytes = rows;
  for (int g = 0; g < fixture->structure.nall - fixture->structure.natom; g++)
    memcpy(bytes + (natom + (size_t)g) * width, bytes + (size_t)fixture->ghost_owner[g] * width,
           width);
  return fixture->fail;
}

static int reverse(void *context, void *rows, int ncols, size_t element_size)
{
  const structure_fixture *fixture = context;
  for (int g = 0; g < fixture->structure.nall - fixture->structure.natom; g++) {
    const size_t from = (size_t)(fixture->structure.natom + g) * (size_t)ncols;
    const size_t to = (size_t)fixture->ghost_owner[g] * (size_t)ncols;
    for (size_t c = 0; c < (size_t)ncols; c++)
      if (element_size == sizeof(float))
        ((float *)rows)[to + c] += ((float *)rows)[from + c];
      else
        ((double *)rows)[to + c] += ((double *)rows)[from + c];
  }
  return fixture->fail;
}

eipnn_halo structure_fixture_halo(structure_fixture *fixture)
{
  return (eipnn_halo){fixture, forward, reverse, 0};
}

int structure_fixture_rows(const structure_fixture *fixture, int rows)
{
  const eipnn_structure *s = &fixture->structure;
  switch (rows) {
    case EIPNN_ROWS_ATOM: return s->natom;
    case EIPNN_ROWS_ALL: return s->nall;
    case EIPNN_ROWS_PAIR: return s->npair;
    case EIPNN_ROWS_CONFIG: return s->nconfig;
    default: return rows;
  }
}
