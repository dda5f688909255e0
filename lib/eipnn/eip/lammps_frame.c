/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eip/lammps_frame.h"

#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Between images across an open boundary, Angstrom: beyond the range of EIPs. */
#define VACUUM 50.0
/* Sine of the smallest angle between lattice vectors and of c over the plane of a and b. */
#define FLAT 1e-6

static double dot(const double a[3], const double b[3])
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void cross(const double a[3], const double b[3], double c[3])
{
  for (int k = 0; k < 3; k++)
    c[k] = a[(k + 1) % 3] * b[(k + 2) % 3] - a[(k + 2) % 3] * b[(k + 1) % 3];
}

/* Scales to unit length; 0 where there is hardly a direction. */
static int normalise(double a[3], double scale)
{
  double length = sqrt(dot(a, a));
  if (!(length > FLAT * scale) || !isfinite(length)) return 0;
  for (int k = 0; k < 3; k++) a[k] /= length;
  return 1;
}

/* A unit vector perpendicular to the lattice vectors that are set (periodic, or completed
   before). 0: they are parallel. */
static int perpendicular(const double lattice[3][3], const int set[3], double out[3])
{
  const double *given[3];
  int count = 0;
  for (int k = 0; k < 3; k++)
    if (set[k]) given[count++] = lattice[k];
  if (count == 0) {
    memcpy(out, (const double[3]){1, 0, 0}, 3 * sizeof *out);
    return 1;
  }
  if (count == 2) {
    cross(given[0], given[1], out);
    return normalise(out, sqrt(dot(given[0], given[0]) * dot(given[1], given[1])));
  }
  int least = 0; /* the axis it is least along */
  for (int k = 1; k < 3; k++)
    if (fabs(given[0][k]) < fabs(given[0][least])) least = k;
  double other[3] = {0};
  other[least] = 1;
  cross(given[0], other, out);
  return normalise(out, 0);
}

/* The lattice vectors, open directions replaced by perpendicular ones long enough to
   keep images apart. */
static int complete_lattice(const eipnn_configuration *configuration, double lattice[3][3])
{
  int set[3];
  for (int k = 0; k < 3; k++) set[k] = configuration->pbc[k] != 0;
  memcpy(lattice, configuration->cell, sizeof configuration->cell);
  for (int k = 0; k < 3; k++) {
    if (set[k]) continue;
    double low = INFINITY, high = -INFINITY;
    if (!perpendicular((const double(*)[3])lattice, set, lattice[k])) return 0;
    for (int i = 0; i < configuration->natoms; i++) {
      double place = dot(configuration->position[i], lattice[k]);
      low = place < low ? place : low;
      high = place > high ? place : high;
    }
    for (int l = 0; l < 3; l++) lattice[k][l] *= high - low + VACUUM;
    set[k] = 1;
  }
  return 1;
}

static void subtract(double a[3], double factor, const double b[3])
{
  for (int k = 0; k < 3; k++) a[k] -= factor * b[k];
}

/* Axes by Gram and Schmidt, the box along them, and its tilts reduced by whole lattice
   vectors. The third axis points to c's side: a left-handed cell is mirrored, which no
   energy notices. */
static int set_box(eipnn_lammps_frame *frame, const double lattice[3][3])
{
  double(*axis)[3] = frame->axis, (*box)[3] = frame->box;
  memcpy(axis, lattice, sizeof frame->axis);
  for (int k = 0; k < 3; k++) {
    double scale = sqrt(dot(lattice[k], lattice[k]));
    for (int l = 0; l < k; l++) subtract(axis[k], dot(axis[k], axis[l]), axis[l]);
    if (!(scale > 0) || !normalise(axis[k], scale)) return 0;
  }
  for (int k = 0; k < 3; k++)
    for (int l = 0; l < 3; l++) box[k][l] = l <= k ? dot(lattice[k], axis[l]) : 0;
  subtract(box[1], round(box[1][0] / box[0][0]), box[0]);
  subtract(box[2], round(box[2][1] / box[1][1]), box[1]);
  subtract(box[2], round(box[2][0] / box[0][0]), box[0]);
  return 1;
}

/* Shifts the fractional coordinates along one direction so that the face of the box lies
   in the middle of the widest gap: LAMMPS refuses atoms that rounding puts outside. */
static void clear_face(double (*position)[3], int natoms, int direction, double *sorted)
{
  for (int i = 0; i < natoms; i++) {
    position[i][direction] -= floor(position[i][direction]);
    sorted[i] = position[i][direction];
  }
  eipnn_sort(sorted, (size_t)natoms);
  double gap = sorted[0] + 1 - sorted[natoms - 1], face = sorted[0] - gap / 2;
  for (int i = 1; i < natoms; i++)
    if (sorted[i] - sorted[i - 1] > gap) {
      gap = sorted[i] - sorted[i - 1];
      face = sorted[i] - gap / 2;
    }
  for (int i = 0; i < natoms; i++) {
    position[i][direction] -= face;
    position[i][direction] -= floor(position[i][direction]);
  }
}

static eipnn_status set_positions(eipnn_lammps_frame *frame,
                                  const eipnn_configuration *configuration)
{
  const double(*box)[3] = (const double(*)[3])frame->box;
  int natoms = configuration->natoms;
  EIPNN_TRY(eipnn_grow((void **)&frame->position, &frame->capacity, (size_t)natoms,
                       sizeof *frame->position));
  double *sorted = eipnn_calloc((size_t)natoms, sizeof *sorted);
  if (!sorted) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %d atoms", natoms);
  for (int i = 0; i < natoms; i++) {
    double r[3], *s = frame->position[i];
    for (int k = 0; k < 3; k++) r[k] = dot(configuration->position[i], frame->axis[k]);
    s[2] = r[2] / box[2][2];
    s[1] = (r[1] - s[2] * box[2][1]) / box[1][1];
    s[0] = (r[0] - s[2] * box[2][0] - s[1] * box[1][0]) / box[0][0];
  }
  for (int k = 0; k < 3; k++) clear_face(frame->position, natoms, k, sorted);
  free(sorted);
  for (int i = 0; i < natoms; i++) {
    double s[3];
    memcpy(s, frame->position[i], sizeof s);
    for (int k = 0; k < 3; k++)
      frame->position[i][k] = s[0] * box[0][k] + s[1] * box[1][k] + s[2] * box[2][k];
  }
  return EIPNN_OK;
}

static int all_finite(const eipnn_configuration *configuration)
{
  for (int i = 0; i < configuration->natoms; i++)
    for (int k = 0; k < 3; k++)
      if (!isfinite(configuration->position[i][k])) return 0;
  return 1;
}

eipnn_status eipnn_lammps_frame_set(eipnn_lammps_frame *frame,
                                    const eipnn_configuration *configuration)
{
  double lattice[3][3];
  if (!all_finite(configuration))
    return eipnn_error(EIPNN_ERROR_NUMERIC, "a position is not finite");
  if (!complete_lattice(configuration, lattice) || !set_box(frame, (const double(*)[3])lattice))
    return eipnn_error(EIPNN_ERROR_NUMERIC, "the periodic lattice vectors are singular");
  return set_positions(frame, configuration);
}

void eipnn_lammps_frame_free(eipnn_lammps_frame *frame)
{
  free(frame->position);
  memset(frame, 0, sizeof *frame);
}

void eipnn_lammps_frame_vector_back(const eipnn_lammps_frame *frame, const double in[3],
                                    double out[3])
{
  for (int k = 0; k < 3; k++)
    out[k] = in[0] * frame->axis[0][k] + in[1] * frame->axis[1][k] + in[2] * frame->axis[2][k];
}

void eipnn_lammps_frame_tensor_back(const eipnn_lammps_frame *frame, const double in[6],
                                    double out[6])
{
  static const int place[3][3] = {{0, 3, 4}, {3, 1, 5}, {4, 5, 2}};
  for (int a = 0; a < 3; a++)
    for (int b = a; b < 3; b++) {
      double sum = 0;
      for (int k = 0; k < 3; k++)
        for (int l = 0; l < 3; l++) sum += frame->axis[k][a] * in[place[k][l]] * frame->axis[l][b];
      out[place[a][b]] = sum;
    }
}
