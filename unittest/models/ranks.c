/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ranks.h"

#include <stdlib.h>
#include <string.h>

#define IMAGES 4 /* in each direction: far more than the tests need */
#define CAPACITY 20000

static double square_distance(const double a[3], const double b[3])
{
  double sum = 0.0;
  for (int k = 0; k < 3; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
  return sum;
}

static int local_row(const int *assignment, int atom)
{
  int row = 0;
  for (int i = 0; i < atom; i++) row += assignment[i] == assignment[atom];
  return row;
}

static void append(rank_atoms *r, const crystal *c, const int *assignment, int atom,
                   const int shift[3])
{
  const int n = r->nlocal + r->nghost;
  if (n == CAPACITY) abort();
  r->global[n] = atom;
  r->home[n] = assignment[atom];
  r->home_row[n] = local_row(assignment, atom);
  for (int k = 0; k < 3; k++) {
    r->position[n][k] = c->position[atom][k];
    for (int a = 0; a < 3; a++) r->position[n][k] += shift[a] * c->configuration.cell[a][k];
  }
}

static void add_ghosts(rank_atoms *r, const crystal *c, const int *assignment, int rank,
                       double cutoff)
{
  for (int x = -IMAGES; x <= IMAGES; x++)
    for (int y = -IMAGES; y <= IMAGES; y++)
      for (int z = -IMAGES; z <= IMAGES; z++)
        for (int j = 0; j < c->configuration.natoms; j++) {
          if (!x && !y && !z && assignment[j] == rank) continue;
          const int n = r->nlocal + r->nghost;
          append(r, c, assignment, j, (int[3]){x, y, z});
          int near = 0;
          for (int i = 0; i < r->nlocal && !near; i++)
            near = square_distance(r->position[i], r->position[n]) < cutoff * cutoff;
          r->owner[n] = assignment[j] == rank ? r->home_row[n] : n;
          r->nghost += near;
        }
}

static void add_neighbors(rank_atoms *r, double cutoff)
{
  const int total = r->nlocal + r->nghost;
  for (int i = 0; i < r->nlocal; i++) {
    r->center[i] = i;
    r->neighbor[i] = malloc((size_t)total * sizeof(int));
    for (int j = 0; j < total; j++)
      if (j != i && square_distance(r->position[i], r->position[j]) < cutoff * cutoff)
        r->neighbor[i][r->count[i]++] = j;
  }
}

void rank_atoms_build(rank_atoms *r, const crystal *c, const eipnn_model *model,
                      const int *assignment, int rank, double cutoff)
{
  memset(r, 0, sizeof *r);
  int **arrays[] = {&r->global,   &r->species, &r->owner, &r->home,
                    &r->home_row, &r->center,  &r->count};
  for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++)
    *arrays[k] = calloc(CAPACITY, sizeof(int));
  r->position = calloc(CAPACITY, sizeof *r->position);
  r->neighbor = calloc(CAPACITY, sizeof *r->neighbor);
  for (int i = 0; i < c->configuration.natoms; i++) {
    if (assignment[i] != rank) continue;
    append(r, c, assignment, i, (int[3]){0, 0, 0});
    r->owner[r->nlocal] = r->nlocal;
    r->species[r->nlocal++] = eipnn_model_species_index(model, c->number[i]);
  }
  add_ghosts(r, c, assignment, rank, cutoff);
  add_neighbors(r, cutoff);
  r->atoms = (eipnn_atoms){.nlocal = r->nlocal,
                           .nghost = r->nghost,
                           .position = (const double(*)[3])r->position,
                           .species = r->species,
                           .owner = r->owner,
                           .nlist = r->nlocal,
                           .center = r->center,
                           .count = r->count,
                           .neighbor = r->neighbor,
                           .neighbor_mask = -1};
}

void rank_atoms_free(rank_atoms *r)
{
  for (int i = 0; i < r->nlocal; i++) free(r->neighbor[i]);
  free(r->neighbor);
  free(r->global);
  free(r->species);
  free(r->owner);
  free(r->home);
  free(r->home_row);
  free(r->center);
  free(r->count);
  free(r->position);
  memset(r, 0, sizeof *r);
}
