/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/validation.h"

#include "base/collective.h"
#include "base/memory.h"
#include "train/loss.h"
#include "train/target_graphs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VALIDATION_BATCH = 64 }; /* the paper's */

static eipnn_status create(eipnn_validation *v, const eipnn_model *model,
                           const eipnn_dataset *dataset, const eipnn_train_options *options)
{
  EIPNN_TRY(eipnn_targets_build(&v->targets, model, dataset, options, EIPNN_PURPOSE_VALIDATION));
  EIPNN_TRY(eipnn_targets_scale(&v->targets, model, dataset));
  EIPNN_TRY(eipnn_target_graphs_build(&v->targets, model, dataset, &v->graph));
  const size_t nheads = (size_t)v->targets.nheads;
  v->prediction = eipnn_calloc(VALIDATION_BATCH, nheads * sizeof(double));
  v->sums = eipnn_calloc(3 * nheads + 1, sizeof(double));
  if (v->prediction && v->sums) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for validation");
}

eipnn_status eipnn_validation_create(eipnn_validation *validation, const eipnn_model *model,
                                     const eipnn_dataset *dataset,
                                     const eipnn_train_options *options)
{
  memset(validation, 0, sizeof *validation);
  eipnn_status status = create(validation, model, dataset, options);
  if (status != EIPNN_OK) eipnn_validation_free(validation);
  return status;
}

void eipnn_validation_free(eipnn_validation *validation)
{
  eipnn_target_graphs_free(&validation->graph, validation->targets.count);
  eipnn_targets_free(&validation->targets);
  eipnn_batch_free(&validation->batch);
  free(validation->prediction);
  free(validation->sums);
  memset(validation, 0, sizeof *validation);
}

/* Per head |dE|, |dE|/natoms, count. */
static void add_energy_errors(eipnn_validation *v, const eipnn_model *model, size_t slot,
                              const double *prediction)
{
  const size_t nheads = (size_t)v->targets.nheads;
  const double natoms = (double)(v->targets.first[slot + 1] - v->targets.first[slot]);
  for (size_t head = 0; head < nheads; head++) {
    const double target = v->targets.energy[slot * nheads + head];
    if (isnan(target)) continue;
    const double error =
        fabs(prediction[head] - target) * fabs(eipnn_model_scale(model, (int)head));
    v->sums[3 * head] += error;
    v->sums[3 * head + 1] += error / natoms;
    v->sums[3 * head + 2] += 1;
  }
}

/* Wrong, cross entropy, count, in the place of one head. */
static void add_class_errors(eipnn_validation *v, size_t slot, const double *logits)
{
  const size_t nclasses = (size_t)v->targets.nheads;
  const int category = v->targets.category[slot];
  size_t likeliest = 0;
  for (size_t k = 1; k < nclasses; k++)
    if (logits[k] > logits[likeliest]) likeliest = k;
  v->sums[0] += likeliest != (size_t)category;
  v->sums[1] += eipnn_loss_cross_entropy(nclasses, logits, category, 1.0, NULL);
  v->sums[2] += 1;
}

/* Adds the errors of the configurations slot, slot + stride, ... (at most a batch of them) to
   sums. Returns the next slot in *slot. */
static eipnn_status add_batch(eipnn_validation *v, eipnn_training_graph *training,
                              const eipnn_model *model, size_t stride, size_t *slot)
{
  const size_t nheads = (size_t)v->targets.nheads, begin = *slot;
  eipnn_batch_clear(&v->batch);
  for (size_t n = 0; n < VALIDATION_BATCH && *slot < v->targets.count; n++, *slot += stride)
    EIPNN_TRY(eipnn_batch_add(&v->batch, &v->graph[*slot]));
  EIPNN_TRY(eipnn_training_graph_predict(training, &v->batch, 1));
  EIPNN_TRY(eipnn_executor_get(training->executor, training->energy.value, v->prediction));
  for (size_t n = 0; n < (size_t)v->batch.nconfig; n++) {
    const size_t at = begin + n * stride;
    if (v->targets.category)
      add_class_errors(v, at, v->prediction + n * nheads);
    else
      add_energy_errors(v, model, at, v->prediction + n * nheads);
  }
  return EIPNN_OK;
}

static eipnn_status add_own_share(eipnn_validation *v, eipnn_training_graph *training,
                                  const eipnn_model *model, const eipnn_parallel *parallel)
{
  const size_t stride = (size_t)eipnn_collective_size(parallel);
  size_t slot = (size_t)eipnn_collective_rank(parallel);
  while (slot < v->targets.count) EIPNN_TRY(add_batch(v, training, model, stride, &slot));
  return EIPNN_OK;
}

eipnn_status eipnn_validation_run(eipnn_validation *v, eipnn_training_graph *training,
                                  const eipnn_model *model, const eipnn_parallel *parallel,
                                  eipnn_status status, double *mae, double *atom_mae)
{
  const size_t nheads = (size_t)v->targets.nheads;
  memset(v->sums, 0, (3 * nheads + 1) * sizeof *v->sums);
  if (status == EIPNN_OK) status = add_own_share(v, training, model, parallel);
  v->sums[3 * nheads] = status != EIPNN_OK;
  EIPNN_TRY(eipnn_collective_sum(parallel, v->sums, 3 * nheads + 1));
  if (v->sums[3 * nheads] > 0) return eipnn_collective_agree(parallel, status);
  int labelled = 0;
  *mae = *atom_mae = 0;
  for (size_t head = 0; head < nheads; head++) {
    const double count = v->sums[3 * head + 2];
    if (count == 0) continue;
    labelled++;
    *mae += v->sums[3 * head] / count;
    *atom_mae += v->sums[3 * head + 1] / count;
  }
  *mae /= labelled;
  *atom_mae /= labelled;
  if (isfinite(*mae) && isfinite(*atom_mae)) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_NUMERIC, "a prediction for the validation set is not finite");
}
