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

/* A split in the making. */
typedef struct drawing {
  size_t *eligible; /* [neligible] configurations that may be drawn */
  size_t *shuffled; /* [neligible] */
  size_t neligible;
  size_t left;   /* of them not drawn yet */
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

/* Gives `count` of the eligible configurations without a role this one. */
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
  memcpy(drawing->shuffled, drawing->eligible, drawing->neligible * sizeof *drawing->shuffled);
  eipnn_random_seed(&random, drawing->seed, stream);
  eipnn_random_shuffle(&random, drawing->shuffled, drawing->neligible);
  drawing->left -= count;
  for (size_t i = 0; count > 0; i++) {
    size_t candidate = drawing->shuffled[i];
    if (drawing->role[candidate] != EIPNN_ROLE_UNUSED) continue;
    drawing->role[candidate] = (uint8_t)role;
    count--;
  }
  return EIPNN_OK;
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
  drawing.shuffled = eipnn_calloc(n, sizeof *drawing.shuffled);
  drawing.role = eipnn_calloc(n, 1);
  eipnn_status status = EIPNN_OK;
  if (!drawing.eligible || !drawing.shuffled || !drawing.role)
    status = eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a split of %zu configurations", n);
  if (status == EIPNN_OK) {
    find_eligible(&drawing, dataset, options);
    status = draw_roles(&drawing, options);
  }
  if (status == EIPNN_OK) status = eipnn_dataset_add_split(dataset, name, &target);
  for (size_t i = 0; status == EIPNN_OK && i < n; i++) {
    int rest = drawing.role[i] == EIPNN_ROLE_UNUSED && options->rest_to_pool;
    target[i] = rest ? (uint8_t)EIPNN_ROLE_POOL : drawing.role[i];
  }
  free(drawing.eligible);
  free(drawing.shuffled);
  free(drawing.role);
  return status;
}
