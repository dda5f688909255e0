/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "device_atoms.h"

#include "device_memory.h"

#include <stdlib.h>
#include <string.h>

/* Rows: owned atoms of the model, then ghosts with a row of their own; images have their owner's.
 */
static void number_rows(device_atoms *d)
{
  const rank_atoms *s = d->source;
  d->natom = s->nlocal + s->nghost;
  d->row = calloc((size_t)d->natom + 1, sizeof(int));
  d->plain_row = calloc((size_t)d->natom + 1, sizeof(int));
  for (int n = 0; n < d->natom; n++) {
    const int owned = n < s->nlocal, is_row = owned ? s->species[n] >= 0 : s->owner[n] == n;
    d->row[n] = is_row ? d->nrow : -1;
    if (is_row) d->plain_row[d->nrow++] = n;
    if (!owned && !is_row) d->row[n] = d->row[s->owner[n]];
  }
}

static double *arrange_positions(const device_atoms *d)
{
  double *x = calloc((size_t)d->natom * 3 + 1, sizeof *x);
  for (int n = 0; n < d->natom; n++)
    for (int k = 0; k < 3; k++)
      x[d->transposed ? k * d->natom + n : 3 * n + k] = d->source->position[n][k];
  return x;
}

static const int *copy_integers(const int *values, int n)
{
  return device_copy(values, (size_t)n * sizeof(int));
}

/* Entries carry flags above the mask, as LAMMPS' lists do. */
enum { NEIGHBOR_MASK = 0x1FFFFFFF };

static int flagged(int neighbor, int m)
{
  return neighbor | (m % 2) << 30;
}

static void copy_lists(device_atoms *d)
{
  const rank_atoms *s = d->source;
  const int natom = d->natom;
  int longest = 1, *count = calloc((size_t)natom + 1, sizeof(int));
  for (int n = 0; n < s->atoms.nlist; n++) {
    const int i = s->atoms.center[n];
    count[i] = s->atoms.count[i];
    if (count[i] > longest) longest = count[i];
  }
  int *list = calloc((size_t)(natom + 1) * (size_t)longest, sizeof(int));
  for (int i = 0; i < s->nlocal; i++)
    for (int m = 0; m < count[i]; m++)
      list[d->transposed ? m * natom + i : i * longest + m] = flagged(s->atoms.neighbor[i][m], m);
  d->atoms.count = copy_integers(count, natom);
  d->atoms.neighbor = copy_integers(list, natom * longest);
  d->atoms.neighbor_stride[0] = d->transposed ? 1 : longest;
  d->atoms.neighbor_stride[1] = d->transposed ? natom : 1;
  d->atoms.neighbor_mask = NEIGHBOR_MASK;
  free(count);
  free(list);
}

static void copy_rows(device_atoms *d, const int *contributes)
{
  const rank_atoms *s = d->source;
  int *species = calloc((size_t)s->nlocal + 1, sizeof(int));
  int *center = calloc((size_t)s->nlocal + 1, sizeof(int));
  int *counts = calloc((size_t)s->nlocal + 1, sizeof(int));
  for (int i = 0; i < s->nlocal; i++) {
    if (d->row[i] < 0) continue;
    species[d->row[i]] = s->species[i];
    center[d->row[i]] = i;
    counts[d->row[i]] = !contributes || contributes[i];
    d->atoms.nowned++;
  }
  d->atoms.species = copy_integers(species, d->atoms.nowned);
  d->atoms.center = copy_integers(center, d->atoms.nowned);
  if (contributes) d->atoms.contributes = copy_integers(counts, d->atoms.nowned);
  free(species);
  free(center);
  free(counts);
}

static void allocate_results(device_atoms *d)
{
  const size_t rows = (size_t)d->nrow + 1;
  d->forces = device_copy(NULL, rows * sizeof *d->forces);
  d->atom_virial = device_copy(NULL, rows * sizeof *d->atom_virial);
  d->centroid_virial = device_copy(NULL, rows * sizeof *d->centroid_virial);
  d->atom_energy = device_copy(NULL, rows * sizeof(double));
}

void device_atoms_build(device_atoms *d, const rank_atoms *source, const int *contributes,
                        int transposed)
{
  memset(d, 0, sizeof *d);
  d->source = source;
  d->transposed = transposed;
  number_rows(d);
  double *position = arrange_positions(d);
  d->atoms.natom = d->natom;
  d->atoms.nrow = d->nrow;
  d->atoms.position = device_copy(position, (size_t)d->natom * 3 * sizeof *position);
  d->atoms.position_stride[0] = transposed ? 1 : 3;
  d->atoms.position_stride[1] = transposed ? d->natom : 1;
  d->atoms.row = copy_integers(d->row, d->natom);
  copy_rows(d, contributes);
  copy_lists(d);
  for (int n = 0; n < source->atoms.nlist; n++)
    d->atoms.nlist += d->row[source->atoms.center[n]] >= 0;
  allocate_results(d);
  free(position);
}

void device_atoms_move(device_atoms *d)
{
  double *position = arrange_positions(d);
  device_write((void *)d->atoms.position, position, (size_t)d->natom * 3 * sizeof *position);
  free(position);
}

static void zero(void *device, size_t bytes)
{
  void *zeros = calloc(bytes + 1, 1);
  device_write(device, zeros, bytes);
  free(zeros);
}

eipnn_device_result device_atoms_result(device_atoms *d, double *energy, double virial[6])
{
  const size_t rows = (size_t)d->nrow;
  zero(d->forces, rows * sizeof *d->forces);
  zero(d->atom_virial, rows * sizeof *d->atom_virial);
  zero(d->centroid_virial, rows * sizeof *d->centroid_virial);
  zero(d->atom_energy, rows * sizeof(double));
  return (eipnn_device_result){.energy = energy,
                               .virial = virial,
                               .atom_energy = d->atom_energy,
                               .forces = d->forces,
                               .atom_virial = d->atom_virial,
                               .centroid_virial = d->centroid_virial};
}

/* [nrow][n] of the device, added to the plain rows of values. */
static void add_rows(const device_atoms *d, const double *device, int n, int nrow, double *values)
{
  double *rows = calloc((size_t)nrow * (size_t)n + 1, sizeof *rows);
  device_read(rows, device, (size_t)nrow * (size_t)n * sizeof *rows);
  for (int r = 0; r < nrow; r++)
    for (int k = 0; k < n; k++) values[d->plain_row[r] * n + k] += rows[r * n + k];
  free(rows);
}

void device_atoms_read(const device_atoms *d, eipnn_result *result)
{
  add_rows(d, &d->forces[0][0], 3, d->nrow, &result->forces[0][0]);
  add_rows(d, &d->atom_virial[0][0], 6, d->nrow, &result->atom_virial[0][0]);
  add_rows(d, &d->centroid_virial[0][0], 9, d->nrow, &result->centroid_virial[0][0]);
  add_rows(d, d->atom_energy, 1, d->atoms.nowned, result->atom_energy);
}

void device_atoms_free(device_atoms *d)
{
  const void *arrays[] = {d->atoms.species,  d->atoms.contributes, d->atoms.center,   d->atoms.row,
                          d->atoms.position, d->atoms.count,       d->atoms.neighbor, d->forces,
                          d->atom_virial,    d->centroid_virial,   d->atom_energy};
  for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) device_free((void *)arrays[k]);
  free(d->row);
  free(d->plain_row);
  memset(d, 0, sizeof *d);
}
