/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "base/random.h"
#include "data/dataset_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Streams of the seed: each role has its own, so that changing the size of one
   leaves the draws of the others as they were. */
enum { STREAM_TEST = 1, STREAM_POOL, STREAM_VALIDATION, STREAM_TRAIN };

/* A split in the making. Units are drawn: single configurations, or whole groups. */
typedef struct drawing {
  size_t *eligible; /* [neligible] configurations that may be drawn, unit after unit */
  size_t neligible;
  size_t *first;    /* [nunits+1] of each unit in eligible */
  size_t *shuffled; /* [nunits] */
  size_t nunits;
  size_t left;   /* configurations not drawn yet */
  uint8_t *role; /* [n] */
  uint64_t seed;
} drawing;

void eipnn_split_options_default(eipnn_split_options *options)
{
  *options = (eipnn_split_options){.train = 0.64,
                                   .validation = 0.16,
                                   .test = 0.2,
                                   .pool = 0.0,
                                   .train_count = -1,
                                   .validation_count = -1,
                                   .test_count = -1,
                                   .rest_to_pool = 0,
                                   .by_group = 0,
                                   .energy_minimum = NAN,
                                   .energy_maximum = NAN,
                                   .seed = 42};
}

static eipnn_status check_fraction(const char *name, double fraction, int used)
{
  if (!used || (fraction >= 0.0 && fraction <= 1.0)) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "the %s fraction of a split is %g; use 0 to 1", name,
                     fraction);
}

static eipnn_status check_options(const eipnn_split_options *options)
{
  double sum = 0.0;
  EIPNN_TRY(check_fraction("train", options->train, options->train_count < 0));
  EIPNN_TRY(check_fraction("validation", options->validation, options->validation_count < 0));
  EIPNN_TRY(check_fraction("test", options->test, options->test_count < 0));
  EIPNN_TRY(check_fraction("pool", options->pool, 1));
  if (options->train_count < 0) sum += options->train;
  if (options->validation_count < 0) sum += options->validation;
  if (options->test_count < 0) sum += options->test;
  if (sum > 1.0 + 1.0e-9)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "the fractions of a split add up to %g; train, validation and test together "
                       "may take 1",
                       sum);
  if (options->energy_minimum > options->energy_maximum)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "the energy window of a split is empty: %g to %g eV/atom",
                       options->energy_minimum, options->energy_maximum);
  return EIPNN_OK;
}

/* Configurations with a DFT energy inside the window (a NaN limit is none). */
static void find_eligible(drawing *drawing, const eipnn_dataset *dataset,
                          const eipnn_split_options *options)
{
  const eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  for (size_t i = 0; i < dataset->count; i++) {
    double energy = dft->energy[i] / (double)(dataset->first[i + 1] - dataset->first[i]);
    if (isnan(energy))
      drawing->role[i] = EIPNN_ROLE_POOL;
    else if (!(energy < options->energy_minimum) && !(energy > options->energy_maximum))
      drawing->eligible[drawing->neligible++] = i;
  }
  drawing->left = drawing->neligible;
}

/* Sorts the eligible configurations into units. */
static eipnn_status find_units(drawing *drawing, const eipnn_dataset *dataset, int by_group)
{
  if (by_group && !dataset->group)
    return eipnn_error(
        EIPNN_ERROR_ARGUMENT,
        "the dataset has no groups; mark them first with `eipnn dedupe IN.h5 OUT.h5` "
        "(--twin 0 removes nothing)");
  if (by_group) EIPNN_TRY(eipnn_sort_by_group(dataset, drawing->eligible, drawing->neligible));
  for (size_t i = 0; i < drawing->neligible; i++) {
    const int64_t *group = dataset->group;
    size_t own = drawing->eligible[i], last = i ? drawing->eligible[i - 1] : own;
    int joined = by_group && i && group[own] >= 0 && group[own] == group[last];
    if (!joined) drawing->first[drawing->nunits++] = i;
  }
  drawing->first[drawing->nunits] = drawing->neligible;
  return EIPNN_OK;
}

static size_t unit_size(const drawing *drawing, size_t unit)
{
  return drawing->first[unit + 1] - drawing->first[unit];
}

static int is_drawn(const drawing *drawing, size_t unit)
{
  return drawing->role[drawing->eligible[drawing->first[unit]]] != EIPNN_ROLE_UNUSED;
}

static void give_role(drawing *drawing, size_t unit, eipnn_role role)
{
  for (size_t i = drawing->first[unit]; i < drawing->first[unit + 1]; i++)
    drawing->role[drawing->eligible[i]] = (uint8_t)role;
  drawing->left -= unit_size(drawing, unit);
}

/* The units without a role in random order, each taken where it fits into what is still wanted. If
   none fits any more, the smallest one that is left is taken where this brings the number nearer.
   Single configurations always fit. Returns how many configurations are still wanted. */
static size_t draw_units(drawing *drawing, eipnn_role role, size_t wanted)
{
  size_t smallest = SIZE_MAX, size = SIZE_MAX;
  for (size_t k = 0; k < drawing->nunits && wanted > 0; k++) {
    size_t unit = drawing->shuffled[k];
    if (is_drawn(drawing, unit)) continue;
    if (unit_size(drawing, unit) <= wanted) {
      wanted -= unit_size(drawing, unit);
      give_role(drawing, unit, role);
    } else if (unit_size(drawing, unit) < size) {
      smallest = unit;
      size = unit_size(drawing, unit);
    }
  }
  if (wanted == 0 || smallest == SIZE_MAX || size - wanted >= wanted) return wanted;
  give_role(drawing, smallest, role);
  return 0;
}

/* Gives about `count` of the eligible configurations without a role this one. */
static eipnn_status draw(drawing *drawing, eipnn_role role, uint64_t stream, size_t count,
                         const char *name)
{
  eipnn_random random;
  if (count > drawing->left)
    return eipnn_error(
        EIPNN_ERROR_ARGUMENT,
        "a split asks for %zu %s configurations, but only %zu with a DFT energy inside "
        "the window are left of %zu; ask for fewer or widen the window",
        count, name, drawing->left, drawing->neligible);
  for (size_t k = 0; k < drawing->nunits; k++) drawing->shuffled[k] = k;
  eipnn_random_seed(&random, drawing->seed, stream);
  eipnn_random_shuffle(&random, drawing->shuffled, drawing->nunits);
  if (count == 0 || draw_units(drawing, role, count) < count) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "none of the groups that are left is small enough for %zu %s configurations; "
                     "make smaller groups (`eipnn dedupe --group`) or ask for more",
                     count, name);
}

/* A given count, or the fraction of total, cut to what rounding leaves. */
static size_t share(int64_t count, double fraction, size_t total, size_t left)
{
  if (count >= 0) return (size_t)count;
  size_t wanted = (size_t)floor(fraction * (double)total + 0.5);
  return wanted < left ? wanted : left;
}

static eipnn_status draw_roles(drawing *drawing, const eipnn_split_options *options)
{
  size_t npool = (size_t)floor(options->pool * (double)drawing->neligible + 0.5);
  size_t total = drawing->neligible - npool;
  EIPNN_TRY(draw(drawing, EIPNN_ROLE_TEST, STREAM_TEST,
                 share(options->test_count, options->test, total, drawing->left), "test"));
  EIPNN_TRY(draw(drawing, EIPNN_ROLE_POOL, STREAM_POOL, npool, "pool"));
  EIPNN_TRY(draw(drawing, EIPNN_ROLE_VALIDATION, STREAM_VALIDATION,
                 share(options->validation_count, options->validation, total, drawing->left),
                 "validation"));
  return draw(drawing, EIPNN_ROLE_TRAIN, STREAM_TRAIN,
              share(options->train_count, options->train, total, drawing->left), "train");
}

eipnn_status eipnn_dataset_make_split(eipnn_dataset *dataset, const char *name,
                                      const eipnn_split_options *options)
{
  uint8_t *target;
  size_t n = dataset->count;
  EIPNN_TRY(check_options(options));
  drawing drawing = {.seed = options->seed};
  drawing.eligible = eipnn_calloc(n, sizeof *drawing.eligible);
  drawing.first = eipnn_calloc(n + 1, sizeof *drawing.first);
  drawing.shuffled = eipnn_calloc(n, sizeof *drawing.shuffled);
  drawing.role = eipnn_calloc(n, 1);
  eipnn_status status = EIPNN_OK;
  if (!drawing.eligible || !drawing.first || !drawing.shuffled || !drawing.role)
    status = eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a split of %zu configurations", n);
  if (status == EIPNN_OK) {
    find_eligible(&drawing, dataset, options);
    status = find_units(&drawing, dataset, options->by_group);
  }
  if (status == EIPNN_OK) status = draw_roles(&drawing, options);
  if (status == EIPNN_OK) status = eipnn_dataset_add_split(dataset, name, &target);
  for (size_t i = 0; status == EIPNN_OK && i < n; i++) {
    int rest = drawing.role[i] == EIPNN_ROLE_UNUSED && options->rest_to_pool;
    target[i] = rest ? (uint8_t)EIPNN_ROLE_POOL : drawing.role[i];
  }
  free(drawing.eligible);
  free(drawing.first);
  free(drawing.shuffled);
  free(drawing.role);
  return status;
}
