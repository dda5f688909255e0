/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/lattice.h"

#include <math.h>
#include <string.h>

/* A periodic cell flatter than this (face distance over edge length) is singular. */
static const double flatness_limit = 1.0e-6;

static void cross(const double a[3], const double b[3], double result[3])
{
  result[0] = a[1] * b[2] - a[2] * b[1];
  result[1] = a[2] * b[0] - a[0] * b[2];
  result[2] = a[0] * b[1] - a[1] * b[0];
}

static double dot(const double a[3], const double b[3])
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static double norm(const double a[3])
{
  return sqrt(dot(a, a));
}

static void normalise(double a[3])
{
  double length = norm(a);
  for (int c = 0; c < 3; c++) a[c] /= length;
}

double eipnn_cell_volume(const double cell[3][3])
{
  double normal[3];
  cross(cell[0], cell[1], normal);
  return fabs(dot(normal, cell[2]));
}

/* Two unit vectors normal to a and to each other. */
static void complete_two(const double a[3], double b[3], double c[3])
{
  int least = 0;
  for (int k = 1; k < 3; k++)
    if (fabs(a[k]) < fabs(a[least])) least = k;
  double axis[3] = {0.0, 0.0, 0.0};
  axis[least] = 1.0;
  cross(a, axis, b);
  normalise(b);
  cross(a, b, c);
  normalise(c);
}

/* Replaces the vectors of directions that are not periodic. */
static void complete(eipnn_lattice *lattice)
{
  double(*v)[3] = lattice->vector;
  int periodic = lattice->pbc[0] + lattice->pbc[1] + lattice->pbc[2];
  for (int k = 0; k < 3; k++) {
    int next = (k + 1) % 3, last = (k + 2) % 3;
    if (periodic == 0) {
      memset(v[k], 0, sizeof v[k]);
      v[k][k] = 1.0;
    } else if (periodic == 1 && lattice->pbc[k]) {
      complete_two(v[k], v[next], v[last]);
    } else if (periodic == 2 && !lattice->pbc[k]) {
      cross(v[next], v[last], v[k]);
      normalise(v[k]);
    }
  }
}

static eipnn_status invert(eipnn_lattice *lattice)
{
  double(*v)[3] = lattice->vector;
  for (int k = 0; k < 3; k++) {
    double *b = lattice->reciprocal[k];
    cross(v[(k + 1) % 3], v[(k + 2) % 3], b);
    double volume = dot(v[k], b);
    for (int c = 0; c < 3; c++) b[c] /= volume;
    lattice->height[k] = 1.0 / norm(b);
    double length = norm(v[k]);
    if (!isfinite(lattice->height[k]) || !isfinite(length) || !(length > 0.0) ||
        !(lattice->height[k] >= flatness_limit * length))
      return eipnn_error(
          EIPNN_ERROR_ARGUMENT,
          "the periodic cell is singular (lattice vector %d has length %g and lies in "
          "the plane of the others); give three independent vectors or set pbc to F",
          k + 1, length);
  }
  return EIPNN_OK;
}

eipnn_status eipnn_lattice_build(eipnn_lattice *lattice, const double cell[3][3], const int pbc[3])
{
  for (int k = 0; k < 3; k++) {
    lattice->pbc[k] = pbc[k] != 0;
    for (int c = 0; c < 3; c++) {
      if (!isfinite(cell[k][c]))
        return eipnn_error(EIPNN_ERROR_ARGUMENT, "component %d of lattice vector %d is not finite",
                           c + 1, k + 1);
      lattice->vector[k][c] = cell[k][c];
    }
  }
  complete(lattice);
  return invert(lattice);
}
