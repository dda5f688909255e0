/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crystal.h"

#include "base/random.h"

#include <stdlib.h>
#include <string.h>

static void allocate(crystal *c, int natoms)
{
  memset(c, 0, sizeof *c);
  c->number = calloc((size_t)natoms, sizeof *c->number);
  c->position = calloc((size_t)natoms, sizeof *c->position);
  c->configuration.natoms = natoms;
  c->configuration.number = c->number;
  c->configuration.position = (const double(*)[3])c->position;
  c->configuration.tag = "";
  for (int k = 0; k < 3; k++) c->configuration.pbc[k] = 1;
}

static void rattle_atoms(crystal *c, double rattle, unsigned seed)
{
  eipnn_random random;
  eipnn_random_seed(&random, seed, 7);
  for (int i = 0; i < c->configuration.natoms; i++)
    for (int k = 0; k < 3; k++) c->position[i][k] += rattle * eipnn_random_normal(&random);
}

/* n[0] x n[1] x n[2] cubes of side a, `count` atoms at these places in each. */
static void fill_cubes(crystal *c, double a, int count, const double (*basis)[3], const int n[3])
{
  allocate(c, count * n[0] * n[1] * n[2]);
  for (int k = 0; k < 3; k++) c->configuration.cell[k][k] = a * n[k];
  int i = 0;
  for (int x = 0; x < n[0]; x++)
    for (int y = 0; y < n[1]; y++)
      for (int z = 0; z < n[2]; z++)
        for (int b = 0; b < count; b++, i++) {
          const int cell[3] = {x, y, z};
          for (int k = 0; k < 3; k++) c->position[i][k] = a * (cell[k] + basis[b][k]);
        }
}

/* The first four are those of the face-centred cubic lattice. */
static const double diamond[8][3] = {{0, 0, 0},          {0, 0.5, 0.5},      {0.5, 0, 0.5},
                                     {0.5, 0.5, 0},      {0.25, 0.25, 0.25}, {0.25, 0.75, 0.75},
                                     {0.75, 0.25, 0.75}, {0.75, 0.75, 0.25}};

void crystal_silicon(crystal *c, const int n[3], double rattle, unsigned seed)
{
  fill_cubes(c, 5.431, 8, diamond, n);
  for (int i = 0; i < c->configuration.natoms; i++) c->number[i] = 14;
  rattle_atoms(c, rattle, seed);
}

void crystal_silver_gold(crystal *c, const int n[3], double rattle, unsigned seed)
{
  fill_cubes(c, 4.08, 4, diamond, n);
  for (int i = 0; i < c->configuration.natoms; i++) c->number[i] = i % 4 < 2 ? 47 : 79;
  rattle_atoms(c, rattle, seed);
}

void crystal_primitive(crystal *c, double rattle, unsigned seed)
{
  const double half = 0.5 * 5.431;
  allocate(c, 2);
  for (int a = 0; a < 3; a++)
    for (int k = 0; k < 3; k++) c->configuration.cell[a][k] = a == k ? 0.0 : half;
  c->number[0] = c->number[1] = 14;
  for (int k = 0; k < 3; k++) c->position[1][k] = 0.5 * half;
  rattle_atoms(c, rattle, seed);
}

void crystal_repeat(const crystal *c, const int n[3], crystal *repeated)
{
  const int natoms = c->configuration.natoms;
  allocate(repeated, natoms * n[0] * n[1] * n[2]);
  int i = 0;
  for (int x = 0; x < n[0]; x++)
    for (int y = 0; y < n[1]; y++)
      for (int z = 0; z < n[2]; z++)
        for (int b = 0; b < natoms; b++, i++) {
          const int cell[3] = {x, y, z};
          repeated->number[i] = c->number[b];
          for (int k = 0; k < 3; k++) {
            repeated->position[i][k] = c->position[b][k];
            for (int a = 0; a < 3; a++)
              repeated->position[i][k] += cell[a] * c->configuration.cell[a][k];
          }
        }
  for (int a = 0; a < 3; a++)
    for (int k = 0; k < 3; k++)
      repeated->configuration.cell[a][k] = n[a] * c->configuration.cell[a][k];
}

void crystal_copy(const crystal *c, crystal *copy)
{
  crystal_repeat(c, (int[3]){1, 1, 1}, copy);
}

static void transform(double m[3][3], double x[3])
{
  double y[3] = {0};
  for (int a = 0; a < 3; a++)
    for (int k = 0; k < 3; k++) y[a] += m[a][k] * x[k];
  memcpy(x, y, sizeof y);
}

void crystal_transform(crystal *c, double m[3][3])
{
  for (int i = 0; i < c->configuration.natoms; i++) transform(m, c->position[i]);
  for (int a = 0; a < 3; a++) transform(m, c->configuration.cell[a]);
}

void crystal_free(crystal *c)
{
  free(c->number);
  free(c->position);
  memset(c, 0, sizeof *c);
}

void small_options(eipnn_network_options *options)
{
  eipnn_network_options_default(options);
  options->cutoff = 4.0;
  options->hidden = 12;
  options->layers = 2;
  options->nradial = 16;
}

eipnn_status small_model(const eipnn_network_options *options, int nheads, eipnn_model **model)
{
  static const int species[] = {14, 32};
  static const char *const heads[] = {"dft", "edip", "sw"};
  eipnn_status status = eipnn_model_create(options, 2, species, nheads, heads, 11, model);
  if (status != EIPNN_OK) return status;
  size_t count;
  double *weights = eipnn_model_weights(*model, &count);
  for (size_t k = 0; k < count; k++) weights[k] *= 1.5;
  for (int h = 0; h < nheads; h++) {
    const double shift[2] = {-4.0 - h, -3.5 + h};
    if (status == EIPNN_OK) status = eipnn_model_set_output(*model, h, 1.7 + h, shift);
  }
  return status;
}
