/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/energy_zero.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ground states of different files differ by less than this, eV/atom, unless a file holds
   nothing near one. */
static const double lowest_limit = 0.5;
/* Nor are there two populations of energies with nothing in between, eV/atom. */
static const double gap_limit = 1.0;
static const double least_population = 0.02;

/* A labelled configuration of two atoms or more. */
typedef struct entry {
  uint64_t species[2]; /* bit z of atomic number z */
  double energy;       /* eV/atom */
  int part;
} entry;

static int compare_species(const entry *a, const entry *b)
{
  for (int k = 0; k < 2; k++)
    if (a->species[k] != b->species[k]) return a->species[k] < b->species[k] ? -1 : 1;
  return 0;
}

static int compare(const void *a, const void *b)
{
  const entry *one = a, *other = b;
  int order = compare_species(one, other);
  return order ? order : (one->energy > other->energy) - (one->energy < other->energy);
}

static size_t collect(const eipnn_dataset *dataset, int nparts, const size_t *first, entry *entries)
{
  const double *energy = eipnn_dataset_labels(dataset, "dft")->energy;
  size_t count = 0;
  for (int part = 0; part < nparts; part++)
    for (size_t k = first[part]; k < first[part + 1]; k++) {
      eipnn_configuration c;
      if (!isfinite(energy[k]) || eipnn_dataset_get(dataset, k, &c) || c.natoms < 2) continue;
      entry *e = &entries[count++];
      *e = (entry){.energy = energy[k] / c.natoms, .part = part};
      for (int i = 0; i < c.natoms; i++)
        e->species[c.number[i] / 64] |= UINT64_C(1) << c.number[i] % 64;
    }
  return count;
}

/* "AgAu". */
static void formula(const entry *e, char *text, size_t size)
{
  size_t used = 0;
  text[0] = '\0';
  for (int z = 1; z <= 118 && used < size; z++)
    if (e->species[z / 64] >> z % 64 & 1)
      used += (size_t)snprintf(text + used, size - used, "%s", eipnn_element_symbol(z));
}

/* The entries of one set of species, by energy: the first of each part is its lowest. */
static int warn_lowest(const cli_context *context, const entry *e, size_t count, int nparts,
                       const char *const *path)
{
  const entry *reference = NULL;
  char symbols[64];
  for (int part = 0; part < nparts; part++) {
    const entry *lowest = NULL;
    for (size_t k = 0; k < count && !lowest; k++)
      if (e[k].part == part) lowest = &e[k];
    if (!lowest) continue;
    if (!reference) reference = lowest;
    if (fabs(lowest->energy - reference->energy) < lowest_limit) continue;
    formula(e, symbols, sizeof symbols);
    cli_warn(
        context,
        "the lowest energy of %s is %.3f eV/atom in %s, %.3f in %s: do both count from the same "
        "zero (code, functional, pseudopotentials)?",
        symbols, reference->energy, path[reference->part], lowest->energy, path[part]);
    return 1;
  }
  return 0;
}

static void warn_gap(const cli_context *context, const entry *e, size_t count)
{
  char symbols[64];
  size_t least = (size_t)(least_population * (double)count) + 3;
  for (size_t k = least; k + least <= count; k++) {
    if (e[k].energy - e[k - 1].energy < gap_limit) continue;
    formula(e, symbols, sizeof symbols);
    cli_warn(context,
             "the energies of %s fall into two populations, %zu up to %.3f and %zu from %.3f "
             "eV/atom: do they count from the same zero (code, functional, pseudopotentials)?",
             symbols, k, e[k - 1].energy, count - k, e[k].energy);
    return;
  }
}

void cli_warn_energy_zeros(const cli_context *context, const eipnn_dataset *dataset, int nparts,
                           const size_t *first, const char *const *path)
{
  entry *entries = eipnn_calloc(eipnn_dataset_count(dataset), sizeof *entries);
  if (!entries) return;
  size_t count = collect(dataset, nparts, first, entries), start = 0;
  qsort(entries, count, sizeof *entries, compare);
  while (start < count) {
    size_t end = start;
    while (end < count && compare_species(&entries[start], &entries[end]) == 0) end++;
    if (!warn_lowest(context, entries + start, end - start, nparts, path))
      warn_gap(context, entries + start, end - start);
    start = end;
  }
  free(entries);
}
