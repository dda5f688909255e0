/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eip_checks.h"

#include "silicon_crystal.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void crystal_use_own_arrays(crystal *c, int natoms)
{
  for (int i = 0; i < natoms; i++) c->number[i] = 14;
  c->configuration.natoms = natoms;
  c->configuration.number = c->number;
  c->configuration.position = (const double(*)[3])c->position;
  c->configuration.tag = "";
  for (int k = 0; k < 3; k++) c->configuration.pbc[k] = 1;
}

void crystal_make_diamond(crystal *c, int n)
{
  static const double basis[8][3] = {{0, 0, 0},       {.5, .5, 0},     {.5, 0, .5},
                                     {0, .5, .5},     {.25, .25, .25}, {.75, .75, .25},
                                     {.75, .25, .75}, {.25, .75, .75}};
  int natoms = 0;
  memset(c, 0, sizeof *c);
  for (int cell = 0; cell < n * n * n; cell++) {
    const double corner[3] = {cell / (n * n), cell / n % n, cell % n};
    for (int b = 0; b < 8; b++, natoms++)
      for (int k = 0; k < 3; k++)
        c->position[natoms][k] = SILICON_LATTICE * (corner[k] + basis[b][k]);
  }
  for (int k = 0; k < 3; k++) c->configuration.cell[k][k] = n * SILICON_LATTICE;
  crystal_use_own_arrays(c, natoms);
}

void crystal_make_perturbed(crystal *c)
{
  crystal_make_diamond(c, 2);
  memcpy(c->position, perturbed_silicon, sizeof perturbed_silicon);
}

void crystal_make_skewed(crystal *c)
{
  memset(c, 0, sizeof *c);
  const double cell[3][3] = {{0.1, 2.75, 2.65}, {2.8, 0.05, 2.7}, {2.6, 2.75, -0.1}};
  memcpy(c->configuration.cell, cell, sizeof cell);
  c->position[1][0] = 1.45;
  c->position[1][1] = 1.28;
  c->position[1][2] = 1.40;
  crystal_use_own_arrays(c, 2);
}

void crystal_make_fcc(crystal *c, double lattice, int first, int second, double amplitude)
{
  static const double basis[4][3] = {{0, 0, 0}, {.5, .5, 0}, {.5, 0, .5}, {0, .5, .5}};
  unsigned seed = 7;
  memset(c, 0, sizeof *c);
  crystal_use_own_arrays(c, 108);
  for (int i = 0; i < 108; i++) {
    const double corner[3] = {i / 36, i / 12 % 3, i / 4 % 3};
    seed = seed * 1664525u + 1013904223u;
    c->number[i] = seed >> 31 ? second : first;
    for (int k = 0; k < 3; k++) {
      seed = seed * 1664525u + 1013904223u;
      double shift = amplitude * ((double)seed / 2147483648.0 - 1);
      c->position[i][k] = lattice * (corner[k] + basis[i % 4][k]) + shift;
    }
  }
  for (int k = 0; k < 3; k++) c->configuration.cell[k][k] = 3 * lattice;
}

double eip_energy(eipnn_eip *eip, const crystal *c)
{
  double energy = NAN;
  eipnn_status status = eipnn_eip_compute(eip, &c->configuration, &energy, NULL, NULL);
  if (status != EIPNN_OK) fail_msg("%s", eipnn_last_error());
  return energy;
}

void close_to(double value, double expected, double tolerance, const char *what, const char *name)
{
  if (!(fabs(value - expected) <= tolerance))
    fail_msg("%s, EIP %s: %.10f, expected %.10f", what, name, value, expected);
}

void check_forces(eipnn_eip *eip, const char *name, crystal *c)
{
  double energy, forces[MOST_ATOMS][3], step = 1e-5;
  assert_true(eipnn_eip_has_forces(eip));
  if (eipnn_eip_compute(eip, &c->configuration, &energy, forces, NULL) != EIPNN_OK)
    fail_msg("%s", eipnn_last_error());
  close_to(energy, eip_energy(eip, c), 1e-9, "energy with and without forces", name);
  for (int i = 0; i < c->configuration.natoms; i += 21)
    for (int k = 0; k < 3; k++) {
      double place = c->position[i][k];
      c->position[i][k] = place + step;
      double up = eip_energy(eip, c);
      c->position[i][k] = place - step;
      double down = eip_energy(eip, c);
      c->position[i][k] = place;
      close_to(forces[i][k], -(up - down) / (2 * step), 1e-6, "force", name);
    }
  for (int k = 0; k < 3; k++) {
    double sum = 0;
    for (int i = 0; i < c->configuration.natoms; i++) sum += forces[i][k];
    close_to(sum, 0, 1e-8, "total force", name);
  }
}

/* The energy after the deformation x_b += strain x_a of cell and atoms. */
static double strained_energy(eipnn_eip *eip, const crystal *original, int a, int b, double strain)
{
  crystal c = *original;
  crystal_use_own_arrays(&c, original->configuration.natoms);
  memcpy(c.number, original->number, sizeof c.number);
  for (int k = 0; k < 3; k++) c.configuration.cell[k][b] += strain * c.configuration.cell[k][a];
  for (int i = 0; i < c.configuration.natoms; i++) c.position[i][b] += strain * c.position[i][a];
  return eip_energy(eip, &c);
}

void check_virial(eipnn_eip *eip, const char *name, const crystal *c)
{
  static const int component[6][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};
  double step = 1e-6, energy, virial[6];
  assert_int_equal(eipnn_eip_compute(eip, &c->configuration, &energy, NULL, virial), EIPNN_OK);
  for (int v = 0; v < 6; v++) {
    int a = component[v][0], b = component[v][1];
    double up = strained_energy(eip, c, a, b, step), down = strained_energy(eip, c, a, b, -step);
    close_to(virial[v], -(up - down) / (2 * step), 1e-5, "virial", name);
  }
}

void check_open_boundaries(eipnn_eip *eip, const char *name)
{
  crystal open, boxed;
  crystal_make_perturbed(&open);
  crystal_use_own_arrays(&open, 1);
  memset(open.configuration.pbc, 0, sizeof open.configuration.pbc);
  close_to(eip_energy(eip, &open), 0, 1e-12, "free atom", name);
  for (int periodic = 0; periodic < 3; periodic++) {
    crystal_make_perturbed(&open);
    crystal_make_perturbed(&boxed);
    for (int k = periodic; k < 3; k++) {
      open.configuration.pbc[k] = 0;
      boxed.configuration.cell[k][k] += 30;
    }
    close_to(eip_energy(eip, &open), eip_energy(eip, &boxed), 1e-8, "open", name);
  }
}

void check_wrapping(eipnn_eip *eip, const char *name)
{
  crystal c, moved;
  crystal_make_skewed(&c);
  crystal_make_skewed(&moved);
  double energy, shifted, forces[2][3], forces2[2][3], virial[6], virial2[6];
  for (int k = 0; k < 3; k++)
    moved.position[1][k] += 3 * c.configuration.cell[0][k] - 2 * c.configuration.cell[2][k];
  assert_int_equal(eipnn_eip_compute(eip, &c.configuration, &energy, forces, virial), EIPNN_OK);
  assert_int_equal(eipnn_eip_compute(eip, &moved.configuration, &shifted, forces2, virial2),
                   EIPNN_OK);
  close_to(shifted, energy, 1e-8, "energy", name);
  for (int k = 0; k < 3; k++) close_to(forces2[1][k], forces[1][k], 1e-7, "force", name);
  for (int k = 0; k < 6; k++) close_to(virial2[k], virial[k], 1e-6, "virial", name);
}
