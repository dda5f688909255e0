/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "data/dataset_data.h"
#include "data/descriptor.h"

#include <eipnn/dedupe.h>

#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 }; /* rows of the matrix of products that are held at once */

/* Configurations are considered in the order of preference; those kept move to the front of the
   descriptors. */
typedef struct selection {
  size_t count, length;
  size_t nkept;
  size_t *order;   /* [count] configurations; the first nkept are kept */
  size_t *parent;  /* [nkept] of the disjoint sets */
  double *vector;  /* [count][length] descriptors in that order */
  double *energy;  /* [count] by configuration, eV/atom */
  double *product; /* [BLOCK][count] of a block with those kept */
  eipnn_dedupe_report *report;
  double twin, group; /* smallest products of twins, of members of one group */
} selection;

void eipnn_dedupe_options_default(eipnn_dedupe_options *options)
{
  *options = (eipnn_dedupe_options){.twin = 0.002, .group = 0.02, .cutoff = 6.0};
}

static eipnn_status check_options(const eipnn_dedupe_options *options)
{
  if (options->twin >= 0.0 && options->group >= 0.0 && options->twin <= 2.0 &&
      options->group <= 2.0)
    return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "distances of %g (twins) and %g (groups); use 0 (none) to 2", options->twin,
                     options->group);
}

static size_t root(size_t *parent, size_t i)
{
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

static void unite(size_t *parent, size_t i, size_t j)
{
  size_t a = root(parent, i), b = root(parent, j);
  if (a < b)
    parent[b] = a;
  else
    parent[a] = b;
}

/* Compares the labels of a configuration that is removed with those of its twin. */
static void compare_energies(const selection *s, size_t removed, size_t kept)
{
  double difference = fabs(s->energy[removed] - s->energy[kept]);
  if (!(difference > EIPNN_DEDUPE_CONFLICT)) return;
  s->report->conflicts++;
  s->report->largest_conflict = fmax(s->report->largest_conflict, difference);
}

/* Keeps configuration number k of the order, whose products with those kept are known, unless it
   is a twin. */
static void consider(selection *s, size_t k, const double *product)
{
  const size_t last = s->nkept;
  for (size_t j = 0; j < last; j++)
    if (product[j] > s->twin) {
      compare_energies(s, s->order[k], s->order[j]);
      return;
    }
  s->order[last] = s->order[k];
  s->parent[last] = last;
  if (last < k)
    memcpy(s->vector + last * s->length, s->vector + k * s->length, s->length * sizeof *s->vector);
  s->nkept++;
  for (size_t j = 0; j < last; j++)
    if (product[j] > s->group) unite(s->parent, last, j);
}

/* Products with all that was kept before the block in one multiplication, those with what is kept
   of the block itself row by row. */
static void consider_block(selection *s, size_t start, size_t rows)
{
  const int n = (int)s->length;
  const size_t before = s->nkept;
  const double *block = s->vector + start * s->length;
  if (before > 0)
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (int)rows, (int)before, n, 1.0, block, n,
                s->vector, n, 0.0, s->product, (int)s->count);
  for (size_t r = 0; r < rows; r++) {
    double *product = s->product + r * s->count;
    if (s->nkept > before)
      cblas_dgemv(CblasRowMajor, CblasNoTrans, (int)(s->nkept - before), n, 1.0,
                  s->vector + before * s->length, n, block + r * s->length, 1, 0.0,
                  product + before, 1);
    consider(s, start + r, product);
  }
}

/* |u - v| < d for unit vectors is u.v > 1 - d^2/2. */
static double product_limit(double distance)
{
  return distance > 0.0 ? 1.0 - 0.5 * distance * distance : 2.0;
}

/* Labelled configurations first. */
static void prefer(const eipnn_dataset *dataset, double *energy, size_t *order)
{
  const double *dft = eipnn_dataset_labels(dataset, "dft")->energy;
  size_t next = 0;
  for (size_t i = 0; i < dataset->count; i++)
    energy[i] = dft[i] / (double)(dataset->first[i + 1] - dataset->first[i]);
  for (int missing = 0; missing < 2; missing++)
    for (size_t i = 0; i < dataset->count; i++)
      if (isnan(energy[i]) == missing) order[next++] = i;
}

static eipnn_status select_configurations(selection *s, const eipnn_dataset *dataset,
                                          const eipnn_dedupe_options *options)
{
  eipnn_descriptors descriptors;
  s->count = dataset->count;
  s->twin = product_limit(options->twin);
  s->group = product_limit(options->group);
  s->order = eipnn_calloc(s->count, sizeof *s->order);
  s->parent = eipnn_calloc(s->count, sizeof *s->parent);
  s->energy = eipnn_calloc(s->count, sizeof *s->energy);
  s->product = eipnn_calloc(s->count, BLOCK * sizeof *s->product);
  if (!s->order || !s->parent || !s->energy || !s->product)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to compare %zu configurations", s->count);
  prefer(dataset, s->energy, s->order);
  EIPNN_TRY(eipnn_descriptors_build(dataset, options->cutoff, s->order, &descriptors));
  s->vector = descriptors.value;
  s->length = descriptors.length;
  for (size_t start = 0; start < s->count; start += BLOCK)
    consider_block(s, start, s->count - start < BLOCK ? s->count - start : BLOCK);
  eipnn_descriptors_free(&descriptors);
  return EIPNN_OK;
}

static int compare(const void *a, const void *b)
{
  const size_t *one = a, *other = b;
  return (*one > *other) - (*one < *other);
}

/* The set of every configuration kept (by index in the dataset; count: removed). */
static eipnn_status sets_by_configuration(const selection *s, size_t **set)
{
  *set = eipnn_calloc(s->count, sizeof **set);
  if (!*set) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for groups");
  for (size_t i = 0; i < s->count; i++) (*set)[i] = s->count;
  for (size_t k = 0; k < s->nkept; k++) (*set)[s->order[k]] = root(s->parent, k);
  return EIPNN_OK;
}

/* Groups numbered from 0 in the order of their first members. */
static eipnn_status mark_groups(const selection *s, const size_t *set, eipnn_dataset *unique)
{
  eipnn_dedupe_report *report = s->report;
  int64_t *group;
  EIPNN_TRY(eipnn_dataset_add_groups(unique, &group));
  size_t *number = eipnn_calloc(s->count, sizeof *number);
  size_t *members = eipnn_calloc(s->count, sizeof *members);
  if (number && members)
    for (size_t k = 0; k < s->nkept; k++) {
      size_t own = set[s->order[k]];
      if (members[own]++ == 0) number[own] = report->groups++;
      group[k] = (int64_t)number[own];
      if (members[own] > report->largest) report->largest = members[own];
    }
  eipnn_status status =
      number && members ? EIPNN_OK : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for groups");
  free(number);
  free(members);
  return status;
}

static eipnn_status make_unique(selection *s, const eipnn_dataset *dataset, eipnn_dataset **unique)
{
  size_t *set;
  EIPNN_TRY(sets_by_configuration(s, &set));
  qsort(s->order, s->nkept, sizeof *s->order, compare);
  s->report->removed = s->count - s->nkept;
  eipnn_status status = eipnn_dataset_subset(dataset, s->order, s->nkept, unique);
  if (status == EIPNN_OK) status = mark_groups(s, set, *unique);
  if (status != EIPNN_OK) eipnn_dataset_free(unique);
  free(set);
  return status;
}

eipnn_status eipnn_dataset_dedupe(const eipnn_dataset *dataset, const eipnn_dedupe_options *options,
                                  eipnn_dataset **unique, eipnn_dedupe_report *report)
{
  eipnn_dedupe_report counts = {0};
  selection s = {.report = &counts};
  *unique = NULL;
  EIPNN_TRY(check_options(options));
  eipnn_status status = select_configurations(&s, dataset, options);
  if (status == EIPNN_OK) status = make_unique(&s, dataset, unique);
  if (status == EIPNN_OK && report) *report = counts;
  free(s.order);
  free(s.parent);
  free(s.energy);
  free(s.product);
  return status;
}
