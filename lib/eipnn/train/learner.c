/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/learner.h"

#include "base/collective.h"
#include "base/memory.h"
#include "train/loss.h"
#include "train/target_graphs.h"

#include <stdlib.h>
#include <string.h>

/* Room for the residuals of any batch: no rank may run out of memory where others wait for it. */
static eipnn_status reserve_residuals(eipnn_learner *learner)
{
  const eipnn_targets *targets = &learner->targets;
  size_t largest = 0;
  for (size_t slot = 0; slot < targets->count; slot++) {
    size_t count = 0;
    for (int kind = 0; kind < EIPNN_LABEL_KINDS; kind++)
      count += eipnn_loss_residual_count(targets, kind, slot);
    if (count > largest) largest = count;
  }
  size_t size = 2 * (size_t)learner->options.batch;
  if (size > targets->count) size = targets->count;
  return eipnn_grow((void **)&learner->residual, &learner->capacity, (largest + 1) * size + 1,
                    sizeof(double));
}

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
  if (status == EIPNN_OK && learner->targets.first_chosen < learner->targets.count)
    status = reserve_residuals(learner);
  if (status == EIPNN_OK)
    status = eipnn_balance_create(&learner->balance, 2 * (size_t)options->batch);
  if (status != EIPNN_OK) eipnn_learner_free(learner);
  return status;
}

void eipnn_learner_free(eipnn_learner *learner)
{
  eipnn_target_graphs_free(&learner->graph, learner->targets.count);
  eipnn_targets_free(&learner->targets);
  eipnn_batch_free(&learner->batch);
  eipnn_loss_rows_free(&learner->rows);
  eipnn_balance_free(&learner->balance);
  free(learner->residual);
  memset(learner, 0, sizeof *learner);
}

/* One step in progress, for the terms of its loss. */
typedef struct step {
  eipnn_learner *learner;
  eipnn_training_graph *training;
  eipnn_loss_share share;
  size_t first[EIPNN_LABEL_KINDS + 1]; /* of each kind among the residuals */
  double *loss;
} step;

static eipnn_status predict(step *s)
{
  eipnn_learner *learner = s->learner;
  eipnn_batch_clear(&learner->batch);
  for (size_t n = s->share.first; n < s->share.deal.size; n += s->share.stride)
    EIPNN_TRY(eipnn_batch_add(&learner->batch, &learner->graph[s->share.deal.slots[n]]));
  if (learner->batch.nconfig == 0) return EIPNN_OK;
  return eipnn_training_graph_predict(s->training, &learner->batch, 0);
}

/* Robust losses need the residuals of the whole batch before they can be worked out. */
static int needs_sigma(const step *s)
{
  return s->share.deal.nchosen > 0 && s->learner->options.augmentation_loss != EIPNN_LOSS_SQUARED;
}

/* Places of the residuals of each kind that is learnt, and zeros in them. */
static void clear_residuals(step *s)
{
  eipnn_learner *learner = s->learner;
  const int head = learner->targets.chosen_head;
  const int learnt[EIPNN_LABEL_KINDS] = {1, learner->targets.forces[head] != NULL,
                                         learner->targets.virial[head] != NULL};
  size_t count = 0;
  for (int kind = 0; kind < EIPNN_LABEL_KINDS; kind++) {
    s->first[kind] = count;
    for (size_t n = 0; learnt[kind] && n < s->share.deal.size; n++)
      count += eipnn_loss_residual_count(&learner->targets, kind, s->share.deal.slots[n]);
  }
  s->first[EIPNN_LABEL_KINDS] = count;
  memset(learner->residual, 0, (count + 1) * sizeof(double));
}

static eipnn_status take_residuals(void *context, const eipnn_loss_term *term)
{
  step *s = context;
  if (term->kind != EIPNN_KIND_ENERGY && term->head != s->learner->targets.chosen_head)
    return EIPNN_OK;
  return eipnn_loss_term_residuals(&s->share, term, s->training->executor, &s->learner->rows,
                                   s->learner->residual + s->first[term->kind]);
}

/* Adds to the learner's watch. absolute: [nchosen] residuals of the chosen energies, -1: none. */
static void watch_labels(step *s, const double *absolute)
{
  const double cutoff = EIPNN_TUKEY_CONSTANT * s->share.sigma[EIPNN_KIND_ENERGY];
  size_t labelled = 0, used = 0;
  for (size_t k = 0; k < s->share.deal.nchosen; k++) {
    labelled += absolute[k] >= 0;
    used += absolute[k] >= 0 && absolute[k] < cutoff;
  }
  if (labelled == 0) return;
  s->learner->watch.steps++;
  s->learner->watch.sigma += s->share.sigma[EIPNN_KIND_ENERGY] * s->share.scale;
  s->learner->watch.used += (double)used / (double)labelled;
}

/* Sets the standard deviations of the batch's residuals. *failed: on some rank. Every residual has
   its place in one array, zero on all ranks but one, so that their sum is exact and the result is
   that of one rank. */
static eipnn_status share_sigma(step *s, const eipnn_parallel *parallel, eipnn_status status,
                                int *failed)
{
  clear_residuals(s);
  double *residual = s->learner->residual;
  const size_t count = s->first[EIPNN_LABEL_KINDS];
  if (status == EIPNN_OK && s->learner->batch.nconfig > 0)
    status = eipnn_loss_terms_each(s->training, take_residuals, s);
  residual[count] = status != EIPNN_OK;
  EIPNN_TRY(eipnn_collective_sum(parallel, residual, count + 1));
  *failed = residual[count] > 0;
  const size_t nchosen = s->share.deal.nchosen;
  double *chosen = residual + count + 1;
  memcpy(chosen, residual + s->first[EIPNN_KIND_ENERGY] + s->share.deal.size - nchosen,
         nchosen * sizeof *chosen);
  for (int kind = 0; kind < EIPNN_LABEL_KINDS; kind++)
    s->share.sigma[kind] =
        eipnn_loss_sigma(s->first[kind + 1] - s->first[kind], residual + s->first[kind]);
  if (status == EIPNN_OK && !*failed) watch_labels(s, chosen);
  return status;
}

static eipnn_status add_term(void *context, const eipnn_loss_term *term)
{
  step *s = context;
  return eipnn_loss_term_add(&s->share, term, s->training->executor, &s->learner->rows, s->loss);
}

static eipnn_loss_share own_share(eipnn_learner *learner, const eipnn_deal *deal,
                                  const eipnn_parallel *parallel)
{
  const int chosen_head = learner->targets.chosen_head;
  eipnn_loss_share share = {
      .options = &learner->options,
      .targets = &learner->targets,
      .graph = learner->graph,
      .deal = *deal,
      .first = (size_t)eipnn_collective_rank(parallel),
      .stride = (size_t)eipnn_collective_size(parallel),
      .scale = chosen_head < 0 ? 1.0 : eipnn_model_scale(learner->model, chosen_head)};
  eipnn_balance_deal(&learner->balance, learner->graph, share.stride, &share.deal);
  return share;
}

eipnn_status eipnn_learner_gradient(eipnn_learner *learner, eipnn_training_graph *training,
                                    const eipnn_deal *deal, const eipnn_parallel *parallel,
                                    eipnn_status status, double *loss, double *gradient)
{
  step s = {.learner = learner,
            .training = training,
            .share = own_share(learner, deal, parallel),
            .loss = loss};
  int failed = 0;
  if (status == EIPNN_OK) status = predict(&s);
  if (needs_sigma(&s)) status = share_sigma(&s, parallel, status, &failed);
  if (status != EIPNN_OK || failed || learner->batch.nconfig == 0) return status;
  EIPNN_TRY(eipnn_loss_terms_each(training, add_term, &s));
  return eipnn_training_graph_gradient(training, gradient);
}
