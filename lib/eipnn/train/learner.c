/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/learner.h"

#include "base/memory.h"
#include "train/loss.h"
#include "train/validation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

eipnn_status eipnn_learner_create(eipnn_learner *learner, const eipnn_model *model,
                                  const eipnn_dataset *dataset, const eipnn_train_options *options)
{
  memset(learner, 0, sizeof *learner);
  learner->model = model;
  learner->options = *options;
  eipnn_status status =
      eipnn_targets_build(&learner->targets, model, dataset, options, EIPNN_PURPOSE_TRAIN);
  if (status == EIPNN_OK) status = eipnn_targets_scale(&learner->targets, model, dataset);
  if (status == EIPNN_OK)
    status = eipnn_target_graphs_build(&learner->targets, model, dataset, &learner->graph);
  if (status != EIPNN_OK) eipnn_learner_free(learner);
  return status;
}

void eipnn_learner_free(eipnn_learner *learner)
{
  eipnn_target_graphs_free(&learner->graph, learner->targets.count);
  eipnn_targets_free(&learner->targets);
  eipnn_batch_free(&learner->batch);
  free(learner->prediction);
  free(learner->target);
  free(learner->seed);
  memset(learner, 0, sizeof *learner);
}

/* This rank's part of a batch: slots[rank], slots[rank + nranks], ... */
typedef struct batch_share {
  const size_t *slots;
  size_t size, first, stride;
} batch_share;

static eipnn_status reserve(eipnn_learner *learner, size_t count)
{
  EIPNN_TRY(
      eipnn_grow((void **)&learner->prediction, &learner->capacity[0], count, sizeof(double)));
  EIPNN_TRY(eipnn_grow((void **)&learner->target, &learner->capacity[1], count, sizeof(double)));
  return eipnn_grow((void **)&learner->seed, &learner->capacity[2], count, sizeof(double));
}

/* weight/(labels of this kind in the whole batch), 0 where there are none. */
static double term_factor(const eipnn_learner *learner, const batch_share *share, int kind,
                          double weight)
{
  size_t labelled = 0;
  for (size_t n = 0; n < share->size; n++)
    labelled += learner->targets.labelled[kind][share->slots[n]];
  return labelled ? weight / (double)labelled : 0.0;
}

/* Loss and seed of learner->target against an output; rows as the batch has them. */
static eipnn_status add_term(eipnn_learner *learner, eipnn_training_graph *training,
                             const eipnn_trained_output *output, size_t count, double factor,
                             double *loss)
{
  EIPNN_TRY(eipnn_executor_get(training->executor, output->value, learner->prediction));
  *loss += eipnn_loss_squared(count, learner->prediction, learner->target, factor, learner->seed);
  return eipnn_executor_set_input(training->executor, output->seed, learner->seed);
}

static eipnn_status add_energy_term(eipnn_learner *learner, eipnn_training_graph *training,
                                    const batch_share *share, double *loss)
{
  const size_t nheads = (size_t)learner->targets.nheads;
  const size_t count = (size_t)learner->batch.nconfig * nheads;
  EIPNN_TRY(reserve(learner, count));
  size_t row = 0;
  for (size_t n = share->first; n < share->size; n += share->stride, row++)
    memcpy(learner->target + row * nheads, learner->targets.energy + share->slots[n] * nheads,
           nheads * sizeof(double));
  const double factor = term_factor(learner, share, 0, learner->options.energy_weight);
  return add_term(learner, training, &training->energy, count, factor, loss);
}

static eipnn_status add_virial_term(eipnn_learner *learner, eipnn_training_graph *training,
                                    int head, const batch_share *share, double *loss)
{
  const size_t count = 6 * (size_t)learner->batch.nconfig;
  EIPNN_TRY(reserve(learner, count));
  size_t row = 0;
  for (size_t n = share->first; n < share->size; n += share->stride, row++)
    memcpy(learner->target + 6 * row, learner->targets.virial[head][share->slots[n]],
           6 * sizeof(double));
  const double factor = term_factor(learner, share, 2, learner->options.virial_weight);
  return add_term(learner, training, &training->virial[head], count, factor, loss);
}

/* Forces on the images of an atom (padded graphs) belong to the atom: summed there
   before they are compared, and the derivative handed back to each image. */
static void fold_images(const eipnn_config_graph *graph, double (*force)[3])
{
  for (int i = graph->ncontributing; i < graph->natom; i++)
    for (int k = 0; k < 3; k++) force[graph->owner[i]][k] += force[i][k];
}

static void spread_to_images(const eipnn_config_graph *graph, double (*seed)[3])
{
  for (int i = graph->ncontributing; i < graph->natom; i++)
    memcpy(seed[i], seed[graph->owner[i]], sizeof seed[i]);
}

/* Target rows of a configuration's nodes; images have none of their own. */
static void take_forces(const eipnn_learner *learner, int head, size_t slot, double (*target)[3])
{
  const eipnn_config_graph *graph = &learner->graph[slot];
  memcpy(target, learner->targets.forces[head][learner->targets.first[slot]],
         (size_t)graph->ncontributing * sizeof *target);
  for (int i = graph->ncontributing; i < graph->natom; i++)
    target[i][0] = target[i][1] = target[i][2] = NAN;
}

static eipnn_status add_force_term(eipnn_learner *learner, eipnn_training_graph *training, int head,
                                   const batch_share *share, double *loss)
{
  const size_t count = 3 * (size_t)learner->batch.natom;
  const eipnn_trained_output *output = &training->force[head];
  EIPNN_TRY(reserve(learner, count));
  EIPNN_TRY(eipnn_executor_get(training->executor, output->value, learner->prediction));
  double(*prediction)[3] = (double(*)[3])learner->prediction;
  double(*target)[3] = (double(*)[3])learner->target;
  double(*seed)[3] = (double(*)[3])learner->seed;
  size_t atom = 0;
  for (size_t n = share->first; n < share->size; n += share->stride) {
    fold_images(&learner->graph[share->slots[n]], prediction + atom);
    take_forces(learner, head, share->slots[n], target + atom);
    atom += (size_t)learner->graph[share->slots[n]].natom;
  }
  const double factor = term_factor(learner, share, 1, learner->options.force_weight);
  *loss += eipnn_loss_squared(count, learner->prediction, learner->target, factor, learner->seed);
  atom = 0;
  for (size_t n = share->first; n < share->size; n += share->stride) {
    spread_to_images(&learner->graph[share->slots[n]], seed + atom);
    atom += (size_t)learner->graph[share->slots[n]].natom;
  }
  return eipnn_executor_set_input(training->executor, output->seed, learner->seed);
}

eipnn_status eipnn_learner_gradient(eipnn_learner *learner, eipnn_training_graph *training,
                                    const size_t *batch, size_t size, int rank, int nranks,
                                    double *loss, double *gradient)
{
  const batch_share share = {batch, size, (size_t)rank, (size_t)nranks};
  eipnn_batch_clear(&learner->batch);
  for (size_t n = share.first; n < size; n += share.stride)
    EIPNN_TRY(eipnn_batch_add(&learner->batch, &learner->graph[batch[n]]));
  if (learner->batch.nconfig == 0) return EIPNN_OK;
  EIPNN_TRY(eipnn_training_graph_predict(training, &learner->batch, 0));
  EIPNN_TRY(add_energy_term(learner, training, &share, loss));
  for (int head = 0; head < training->nheads; head++) {
    if (training->force[head].value != EIPNN_NO_TENSOR)
      EIPNN_TRY(add_force_term(learner, training, head, &share, loss));
    if (training->virial[head].value != EIPNN_NO_TENSOR)
      EIPNN_TRY(add_virial_term(learner, training, head, &share, loss));
  }
  return eipnn_training_graph_gradient(training, learner->model, gradient);
}
