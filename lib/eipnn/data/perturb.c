/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "base/random.h"
#include "data/dataset_data.h"
#include "data/supercell.h"

#include <eipnn/neighbor.h>
#include <eipnn/pool.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Below 1/3 the strained lattice vectors cannot become dependent (Gershgorin). */
static const double strain_limit = 0.3;

/* Copies of one configuration in the making. */
typedef struct workshop {
  const eipnn_perturb_options *options;
  eipnn_random random;
  eipnn_pair_list pairs;
  eipnn_supercell base; /* the source, repeated */
  eipnn_supercell copy;
  double guard; /* shortest distance that a copy may have, Angstrom */
  char tag[EIPNN_TAG_SIZE];
} workshop;

void eipnn_perturb_options_default(eipnn_perturb_options *options)
{
  *options = (eipnn_perturb_options){.copies = 10,
                                     .strain = 0.05,
                                     .rattle = 0.1,
                                     .volume_minimum = 1.0,
                                     .volume_maximum = 1.0,
                                     .supercell = {1, 1, 1},
                                     .max_atoms = 0,
                                     .min_distance = 0.0,
                                     .min_fraction = 0.7,
                                     .seed = 42};
}

static eipnn_status check_options(const eipnn_perturb_options *o)
{
  if (o->copies < 1)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "%lld copies of each configuration; use 1 or more",
                       (long long)o->copies);
  if (!(o->strain >= 0.0 && o->strain <= strain_limit))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a strain of %g; use 0 to %g", o->strain,
                       strain_limit);
  if (!(o->rattle >= 0.0 && o->rattle <= 10.0))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a rattle of %g Angstrom; use 0 to 10", o->rattle);
  if (!(o->volume_minimum > 0.0 && o->volume_maximum >= o->volume_minimum &&
        o->volume_maximum <= 1000.0))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "volumes scaled by %g to %g; use positive factors, the smaller one first",
                       o->volume_minimum, o->volume_maximum);
  for (int k = 0; k < 3; k++)
    if (o->supercell[k] < 1)
      return eipnn_error(EIPNN_ERROR_ARGUMENT, "a supercell of %dx%dx%d; use 1 or more repeats",
                         o->supercell[0], o->supercell[1], o->supercell[2]);
  if (o->max_atoms < 0 || !(o->min_distance >= 0.0 && o->min_distance <= 100.0) ||
      !(o->min_fraction >= 0.0 && o->min_fraction <= 1.0))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "at most %lld atoms, no distance below %g Angstrom or %g times that of the "
                       "source; use 0 or more atoms, 0 to 100 Angstrom, a factor of 0 to 1",
                       (long long)o->max_atoms, o->min_distance, o->min_fraction);
  return EIPNN_OK;
}

/* Shortest distance between atoms or their images, Angstrom; 0 where none is within 32. */
static eipnn_status shortest_distance(eipnn_pair_list *pairs, const eipnn_configuration *c,
                                      double *distance)
{
  *distance = 0.0;
  for (double cutoff = 2.0; cutoff <= 32.0; cutoff *= 2.0) {
    EIPNN_TRY(eipnn_pair_list_build(pairs, c, cutoff));
    double least = INFINITY;
    for (int p = 0; p < pairs->npair; p++) {
      const double *v = pairs->vec[p];
      least = fmin(least, v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    }
    if (pairs->npair == 0) continue;
    *distance = sqrt(least);
    break;
  }
  return EIPNN_OK;
}

/* Repeats of a configuration; the largest are lowered until max_atoms is kept. */
static void choose_repeats(const eipnn_perturb_options *o, const eipnn_configuration *c,
                           int repeat[3])
{
  for (int k = 0; k < 3; k++) repeat[k] = c->pbc[k] ? o->supercell[k] : 1;
  if (o->max_atoms == 0) return;
  while ((double)c->natoms * repeat[0] * repeat[1] * repeat[2] > (double)o->max_atoms) {
    int largest = 2;
    for (int k = 1; k >= 0; k--)
      if (repeat[k] > repeat[largest]) largest = k;
    if (repeat[largest] == 1) return;
    repeat[largest]--;
  }
}

/* deformation = (1 + strain) * cbrt(volume factor), symmetric. */
static void draw_deformation(workshop *w, double deformation[3][3])
{
  const eipnn_perturb_options *o = w->options;
  double volume = o->volume_minimum +
                  (o->volume_maximum - o->volume_minimum) * eipnn_random_uniform(&w->random);
  double scale = cbrt(volume);
  for (int a = 0; a < 3; a++)
    for (int b = a; b < 3; b++) {
      double strain = o->strain * (2.0 * eipnn_random_uniform(&w->random) - 1.0);
      deformation[a][b] = deformation[b][a] = scale * ((a == b ? 1.0 : 0.0) + strain);
    }
}

static void deform(double deformation[3][3], const double from[3], double to[3])
{
  for (int a = 0; a < 3; a++)
    to[a] = deformation[a][0] * from[0] + deformation[a][1] * from[1] + deformation[a][2] * from[2];
}

/* Permutes the atomic numbers (Fisher-Yates). */
static void shuffle_species(workshop *w)
{
  int *number = w->copy.number;
  for (int i = w->copy.natoms - 1; i > 0; i--) {
    int j = (int)(eipnn_random_uniform(&w->random) * (i + 1));
    int kept = number[i];
    number[i] = number[j];
    number[j] = kept;
  }
}

static void draw_copy(workshop *w)
{
  double deformation[3][3];
  const eipnn_supercell *base = &w->base;
  eipnn_supercell *copy = &w->copy;
  draw_deformation(w, deformation);
  for (int k = 0; k < 3; k++) deform(deformation, base->cell[k], copy->cell[k]);
  for (int i = 0; i < base->natoms; i++) {
    deform(deformation, base->position[i], copy->position[i]);
    for (int d = 0; d < 3; d++)
      copy->position[i][d] += w->options->rattle * eipnn_random_normal(&w->random);
  }
  if (w->options->shuffle) shuffle_species(w);
}

static eipnn_configuration as_configuration(const eipnn_supercell *s, const char *tag)
{
  eipnn_configuration c = {.natoms = s->natoms,
                           .number = s->number,
                           .position = (const double(*)[3])s->position,
                           .tag = tag};
  memcpy(c.cell, s->cell, sizeof c.cell);
  memcpy(c.pbc, s->pbc, sizeof c.pbc);
  return c;
}

/* Draws until no two atoms are closer than the guard. */
static eipnn_status append_copy(workshop *w, eipnn_dataset *pool, eipnn_perturb_report *report)
{
  for (int attempt = 0; attempt < EIPNN_PERTURB_DRAWS; attempt++) {
    draw_copy(w);
    eipnn_configuration c = as_configuration(&w->copy, w->tag);
    int close = 0;
    if (w->guard > 0.0) {
      EIPNN_TRY(eipnn_pair_list_build(&w->pairs, &c, w->guard));
      close = w->pairs.npair > 0;
    }
    if (!close) {
      report->copies++;
      return eipnn_dataset_append(pool, &c, NAN, NULL, NULL);
    }
    report->redrawn++;
  }
  report->given_up++;
  return EIPNN_OK;
}

static eipnn_status append_copies(workshop *w, eipnn_dataset *pool, eipnn_perturb_report *report)
{
  for (int64_t k = 0; k < w->options->copies; k++) EIPNN_TRY(append_copy(w, pool, report));
  return EIPNN_OK;
}

static eipnn_status perturb(workshop *w, const eipnn_configuration *c, size_t index,
                            eipnn_dataset *pool, eipnn_perturb_report *report)
{
  const eipnn_perturb_options *o = w->options;
  static const int once[3] = {1, 1, 1};
  int repeat[3];
  if (o->max_atoms > 0 && c->natoms > o->max_atoms) {
    report->too_large++;
    return EIPNN_OK;
  }
  choose_repeats(o, c, repeat);
  double shortest;
  EIPNN_TRY(shortest_distance(&w->pairs, c, &shortest));
  w->guard = fmax(o->min_distance, o->min_fraction * shortest);
  snprintf(w->tag, sizeof w->tag, "perturbed:%zu:%.900s", index, c->tag);
  eipnn_random_seed(&w->random, o->seed, index);
  EIPNN_TRY(eipnn_supercell_build(&w->base, c, repeat));
  eipnn_configuration base = as_configuration(&w->base, w->tag);
  eipnn_status status = eipnn_supercell_build(&w->copy, &base, once);
  if (status == EIPNN_OK) status = append_copies(w, pool, report);
  eipnn_supercell_free(&w->base);
  eipnn_supercell_free(&w->copy);
  return status;
}

static eipnn_status perturb_all(workshop *w, const eipnn_dataset *source, eipnn_dataset *pool,
                                eipnn_perturb_report *report)
{
  for (size_t i = 0; i < source->count; i++) {
    eipnn_configuration c;
    EIPNN_TRY(eipnn_dataset_get(source, i, &c));
    eipnn_status status = perturb(w, &c, i, pool, report);
    if (status != EIPNN_OK)
      return eipnn_error(status, "configuration %zu: %s", i, eipnn_last_error());
  }
  return EIPNN_OK;
}

eipnn_status eipnn_dataset_perturb(const eipnn_dataset *source,
                                   const eipnn_perturb_options *options, eipnn_dataset *pool,
                                   eipnn_perturb_report *report)
{
  eipnn_perturb_report counts = {0};
  if (report) *report = counts;
  EIPNN_TRY(check_options(options));
  if (source == pool)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "copies go into a dataset other than their source");
  size_t before = pool->count;
  workshop w = {.options = options};
  eipnn_status status = perturb_all(&w, source, pool, &counts);
  eipnn_pair_list_free(&w.pairs);
  if (status != EIPNN_OK)
    eipnn_dataset_truncate(pool, before);
  else if (report)
    *report = counts;
  return status;
}
