/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "base/clock.h"
#include "base/collective.h"
#include "base/memory.h"
#include "train/adam.h"
#include "train/average.h"
#include "train/checkpoint.h"
#include "train/learner.h"
#include "train/target_graphs.h"
#include "train/train_options.h"
#include "train/validation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One run. The model always holds the best weights so far; the current ones are here. */
typedef struct trainer {
  eipnn_model *model;
  const eipnn_train_options *options;
  const eipnn_parallel *parallel;
  eipnn_learner learner;
  eipnn_validation validation;
  eipnn_training_graph graph;
  eipnn_dealer dealer;
  eipnn_adam adam;
  size_t nweights;
  double *weights;  /* [nweights] current */
  double *average;  /* [nweights] their mean over the steps, NULL: not asked for */
  double *gradient; /* [nweights], then loss, number of failed ranks, wish to stop */
  int64_t steps, validate_every;
  eipnn_run_state run;
  int resumed;
  char other_backend[32];          /* of the run that wrote the checkpoint, where it was another */
  int wish;                        /* rank 0: the host wants to stop */
  int stop;                        /* all ranks have heard of it */
  int64_t first_step;              /* of this process */
  double started, reported, saved; /* times, seconds */
  eipnn_status pending;            /* a failure of this rank the others do not know yet */
  uint64_t data;
  char description[1024];
} trainer;

enum { SLOT_LOSS, SLOT_FAILED, SLOT_STOP, NSLOTS };

static int is_root(const trainer *t)
{
  return eipnn_collective_rank(t->parallel) == 0;
}

static void plan_length(trainer *t)
{
  const int64_t epoch = (int64_t)eipnn_dealer_steps_per_epoch(&t->dealer);
  t->steps = t->options->steps > 0 ? t->options->steps : t->options->epochs * epoch;
  const int64_t twentieth = t->steps >= 20 ? t->steps / 20 : 1;
  t->validate_every = t->options->validate_every;
  if (t->validate_every == 0) t->validate_every = epoch < twentieth ? epoch : twentieth;
  eipnn_train_options_describe(t->options, t->steps, sizeof t->description, t->description);
}

/* Of all pairs that training meets. */
static double shortest_distance(const trainer *t)
{
  return fmin(eipnn_target_graphs_shortest(t->learner.graph, t->learner.targets.count),
              eipnn_target_graphs_shortest(t->validation.graph, t->validation.targets.count));
}

static eipnn_status prepare(trainer *t, const eipnn_dataset *dataset)
{
  EIPNN_TRY(eipnn_train_options_check(t->options));
  EIPNN_TRY(eipnn_learner_create(&t->learner, t->model, dataset, t->options));
  EIPNN_TRY(eipnn_validation_create(&t->validation, t->model, dataset, t->options));
  t->data = eipnn_targets_hash(&t->learner.targets, dataset, UINT64_C(0xcbf29ce484222325));
  t->data = eipnn_targets_hash(&t->validation.targets, dataset, t->data);
  EIPNN_TRY(eipnn_training_graph_create(&t->graph, t->model, &t->learner.targets,
                                        shortest_distance(t), t->options));
  EIPNN_TRY(eipnn_dealer_create(&t->dealer, t->learner.targets.count,
                                t->learner.targets.first_chosen, (size_t)t->options->batch,
                                t->options->mixed_batches, t->options->seed));
  plan_length(t);
  const double *initial = eipnn_model_weights(t->model, &t->nweights);
  EIPNN_TRY(eipnn_adam_create(&t->adam, t->nweights));
  t->weights = eipnn_calloc(t->nweights, sizeof(double));
  t->gradient = eipnn_calloc(t->nweights + NSLOTS, sizeof(double));
  if (t->options->average > 0) t->average = eipnn_calloc(t->nweights, sizeof(double));
  if (!t->weights || !t->gradient || (t->options->average > 0 && !t->average))
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the gradient of %zu weights",
                       t->nweights);
  memcpy(t->weights, initial, t->nweights * sizeof(double));
  if (t->average) memcpy(t->average, initial, t->nweights * sizeof(double));
  t->run.best_mae = t->run.best_atom_mae = INFINITY;
  return EIPNN_OK;
}

static void release(trainer *t)
{
  eipnn_training_graph_free(&t->graph);
  eipnn_learner_free(&t->learner);
  eipnn_validation_free(&t->validation);
  eipnn_dealer_free(&t->dealer);
  eipnn_adam_free(&t->adam);
  free(t->weights);
  free(t->average);
  free(t->gradient);
}

static eipnn_checkpoint checkpoint_of(trainer *t)
{
  return (eipnn_checkpoint){.nweights = t->nweights,
                            .weights = t->weights,
                            .average = t->average,
                            .adam = &t->adam,
                            .run = t->run,
                            .nsamplers = t->dealer.nsamplers,
                            .dealer = eipnn_dealer_state_of(&t->dealer),
                            .data = t->data,
                            .options = t->description};
}

/* By rank 0; the others learn of a failure with the next step's sum. */
static void save(trainer *t)
{
  if (!t->options->checkpoint || !is_root(t)) return;
  const eipnn_checkpoint checkpoint = checkpoint_of(t);
  const eipnn_status status = eipnn_checkpoint_write(t->options->checkpoint, t->model, &checkpoint);
  if (t->pending == EIPNN_OK) t->pending = status;
  t->saved = eipnn_clock();
}

static eipnn_status load(trainer *t)
{
  eipnn_checkpoint checkpoint = checkpoint_of(t);
  EIPNN_TRY(eipnn_checkpoint_read(t->options->checkpoint, t->model, &checkpoint));
  EIPNN_TRY(eipnn_dealer_restore(&t->dealer, &checkpoint.dealer));
  if (checkpoint.run.step > t->steps)
    return eipnn_error(EIPNN_ERROR_FORMAT, "checkpoint %s is at step %lld of %lld",
                       t->options->checkpoint, (long long)checkpoint.run.step, (long long)t->steps);
  if (strcmp(checkpoint.backend, t->options->backend) != 0)
    memcpy(t->other_backend, checkpoint.backend, sizeof t->other_backend);
  t->run = checkpoint.run;
  t->resumed = 1;
  return EIPNN_OK;
}

/* What every rank must hold alike after rank 0 read a checkpoint. */
typedef struct shared_state {
  eipnn_run_state run;
  eipnn_dealer_state dealer;
  int resumed;
} shared_state;

static eipnn_status share_state(trainer *t)
{
  shared_state s;
  memset(&s, 0, sizeof s);
  s = (shared_state){t->run, eipnn_dealer_state_of(&t->dealer), t->resumed};
  EIPNN_TRY(eipnn_collective_broadcast(t->parallel, &s, sizeof s));
  t->run = s.run;
  t->adam.step = s.run.step;
  t->resumed = s.resumed;
  return eipnn_dealer_restore(&t->dealer, &s.dealer);
}

/* All ranks start from rank 0's weights, or from its checkpoint. */
static eipnn_status start(trainer *t)
{
  eipnn_status status = EIPNN_OK;
  if (t->options->resume && is_root(t) && access(t->options->checkpoint, F_OK) == 0)
    status = load(t);
  EIPNN_TRY(eipnn_collective_agree(t->parallel, status));
  if (eipnn_collective_size(t->parallel) > 1) {
    const size_t bytes = t->nweights * sizeof(double);
    size_t count;
    EIPNN_TRY(share_state(t));
    EIPNN_TRY(eipnn_collective_broadcast(t->parallel, t->weights, bytes));
    if (t->average) EIPNN_TRY(eipnn_collective_broadcast(t->parallel, t->average, bytes));
    EIPNN_TRY(
        eipnn_collective_broadcast(t->parallel, eipnn_model_weights(t->model, &count), bytes));
    EIPNN_TRY(eipnn_collective_broadcast(t->parallel, t->adam.first, bytes));
    EIPNN_TRY(eipnn_collective_broadcast(t->parallel, t->adam.second, bytes));
  }
  t->first_step = t->run.step;
  t->started = t->reported = t->saved = eipnn_clock();
  return eipnn_executor_set_weights(t->graph.executor, t->weights);
}

static double current_rate(const trainer *t)
{
  return eipnn_schedule_rate(t->options->schedule, t->options->rate, t->options->final_ratio,
                             (double)t->run.step / (double)t->steps);
}

/* Rank 0's host hears how far training is; its wish to stop is passed on with the next sum. */
static void report(trainer *t, int validated, double mae, double atom_mae)
{
  t->reported = eipnn_clock();
  if (!t->options->progress) return;
  const double elapsed = t->reported - t->started;
  const int64_t done = t->run.step - t->first_step;
  const double per_second = done > 0 && elapsed > 0 ? (double)done / elapsed : 0.0;
  const eipnn_label_watch *watch = &t->learner.watch;
  const eipnn_train_progress progress = {
      .step = t->run.step,
      .steps = t->steps,
      .epoch = eipnn_dealer_epoch(&t->dealer),
      .rate = current_rate(t),
      .loss = t->run.loss_count > 0 ? t->run.loss_sum / t->run.loss_count : NAN,
      .sigma = watch->steps ? watch->sigma / (double)watch->steps : NAN,
      .labels_used = watch->steps ? watch->used / (double)watch->steps : NAN,
      .validated = validated,
      .validation_mae = mae,
      .validation_atom_mae = atom_mae,
      .best_mae = t->run.best_mae,
      .configurations_per_second = per_second * (double)eipnn_dealer_batch(&t->dealer),
      .remaining = per_second > 0 ? (double)(t->steps - t->run.step) / per_second : NAN,
      .bytes = eipnn_executor_bytes(t->graph.executor),
      .other_backend = t->other_backend[0] ? t->other_backend : NULL,
  };
  if (t->options->progress(t->options->context, &progress)) t->wish = 1;
}

static eipnn_status has_diverged(const trainer *t, double mae)
{
  return eipnn_error(
      EIPNN_ERROR_NUMERIC,
      "training has diverged: the validation error was over %d times that of the start (%.4g eV) "
      "at %d validations in a row, now %.4g eV at step %lld of %lld; the model keeps the weights "
      "of step %lld: lower the learning rate, or narrow the energy window",
      EIPNN_DIVERGENCE_FACTOR, t->run.divergence.start, EIPNN_DIVERGENCE_VALIDATIONS, mae,
      (long long)t->run.step, (long long)t->steps, (long long)t->run.best_step);
}

/* The validated weights replace those kept so far: they are better, or later where the last are
   wanted, unless training seems to have diverged. */
static int is_kept(const trainer *t, double mae, double atom_mae)
{
  if (t->options->keep_last) return t->run.divergence.above == 0;
  return mae < t->run.best_mae || (mae == t->run.best_mae && atom_mae < t->run.best_atom_mae);
}

static void keep(trainer *t, double mae, double atom_mae)
{
  size_t count;
  memcpy(eipnn_model_weights(t->model, &count), t->average ? t->average : t->weights,
         t->nweights * sizeof(double));
  t->run.best_mae = mae;
  t->run.best_atom_mae = atom_mae;
  t->run.best_step = t->run.step;
}

/* Validates the current weights, or their mean, and keeps them where they are wanted. */
static eipnn_status validate(trainer *t)
{
  double mae, atom_mae;
  if (t->average && t->pending == EIPNN_OK)
    t->pending = eipnn_executor_set_weights(t->graph.executor, t->average);
  const eipnn_status status = eipnn_validation_run(&t->validation, &t->graph, t->model, t->parallel,
                                                   t->pending, &mae, &atom_mae);
  if (status == EIPNN_ERROR_NUMERIC)
    return eipnn_error(status, "%s at step %lld; the model keeps the weights of step %lld",
                       eipnn_last_error(), (long long)t->run.step, (long long)t->run.best_step);
  EIPNN_TRY(status);
  if (t->average) t->pending = eipnn_executor_set_weights(t->graph.executor, t->weights);
  const int diverged = eipnn_divergence_note(&t->run.divergence, mae);
  if (is_kept(t, mae, atom_mae)) keep(t, mae, atom_mae);
  if (is_root(t)) report(t, 1, mae, atom_mae);
  t->run.loss_sum = t->run.loss_count = 0;
  t->learner.watch = (eipnn_label_watch){0};
  double stop = t->wish;
  EIPNN_TRY(eipnn_collective_sum(t->parallel, &stop, 1));
  t->stop = stop > 0;
  return diverged ? has_diverged(t, mae) : EIPNN_OK;
}

static eipnn_status not_finite(const trainer *t, const char *what, double value)
{
  return eipnn_error(
      EIPNN_ERROR_NUMERIC,
      "the %s became %g at step %lld of %lld; the model keeps the weights of step %lld: "
      "lower the learning rate, or narrow the energy window",
      what, value, (long long)t->run.step, (long long)t->steps, (long long)t->run.best_step);
}

/* One optimiser step. Loss, failures and the wish to stop travel with the gradient, in one sum. */
static eipnn_status take_step(trainer *t)
{
  const eipnn_deal deal = eipnn_dealer_next(&t->dealer);
  double *slots = t->gradient + t->nweights;
  memset(t->gradient, 0, (t->nweights + NSLOTS) * sizeof(double));
  const eipnn_status status = eipnn_learner_gradient(&t->learner, &t->graph, &deal, t->parallel,
                                                     t->pending, &slots[SLOT_LOSS], t->gradient);
  slots[SLOT_FAILED] = status != EIPNN_OK;
  slots[SLOT_STOP] = t->wish;
  EIPNN_TRY(eipnn_collective_sum(t->parallel, t->gradient, t->nweights + NSLOTS));
  if (slots[SLOT_FAILED] > 0) return eipnn_collective_agree(t->parallel, status);
  if (!isfinite(slots[SLOT_LOSS])) return not_finite(t, "loss", slots[SLOT_LOSS]);
  const double norm = eipnn_clip_norm(t->gradient, t->nweights, t->options->clip);
  if (!isfinite(norm)) return not_finite(t, "gradient norm", norm);
  t->stop = slots[SLOT_STOP] > 0;
  t->run.loss_sum += slots[SLOT_LOSS];
  t->run.loss_count += 1;
  eipnn_adam_update(&t->adam, current_rate(t), t->gradient, t->weights);
  t->run.step++;
  if (t->average)
    eipnn_average_update(t->options->average, t->run.step, t->nweights, t->weights, t->average);
  t->pending = eipnn_executor_set_weights(t->graph.executor, t->weights);
  return EIPNN_OK;
}

/* Steps to the end or until the host wants to stop. */
static eipnn_status run(trainer *t)
{
  const double interval = t->options->checkpoint_interval;
  if (!t->resumed) EIPNN_TRY(validate(t));
  while (t->run.step < t->steps && !t->stop) {
    EIPNN_TRY(take_step(t));
    const int validated = t->run.step % t->validate_every == 0 || t->run.step == t->steps;
    if (validated) EIPNN_TRY(validate(t));
    if (is_root(t) && !validated && eipnn_clock() - t->reported >= 1.0) report(t, 0, NAN, NAN);
    if (t->run.step < t->steps && (interval > 0 ? eipnn_clock() - t->saved >= interval : validated))
      save(t);
  }
  /* The model holds the result of a finished run, even where the last checkpoint fails. */
  const eipnn_status trained = t->pending;
  save(t);
  if (t->run.step == t->steps) t->pending = trained;
  return eipnn_collective_agree(t->parallel, t->pending);
}

static void summarize(const trainer *t, eipnn_status status, eipnn_train_summary *summary)
{
  *summary =
      (eipnn_train_summary){.steps = t->run.step,
                            .best_step = t->run.best_step,
                            .best_mae = t->run.best_mae,
                            .best_atom_mae = t->run.best_atom_mae,
                            .ntrain = t->learner.targets.first_chosen,
                            .nchosen = t->learner.targets.count - t->learner.targets.first_chosen,
                            .nvalidation = t->validation.targets.count,
                            .stopped = t->stop && t->run.step < t->steps,
                            .diverged = status == EIPNN_ERROR_NUMERIC};
}

eipnn_status eipnn_train(eipnn_model *model, const eipnn_dataset *dataset,
                         const eipnn_train_options *options, const eipnn_parallel *parallel,
                         eipnn_train_summary *summary)
{
  trainer t = {.model = model, .options = options, .parallel = parallel};
  eipnn_status status = eipnn_collective_agree(parallel, prepare(&t, dataset));
  if (status == EIPNN_OK) status = start(&t);
  if (status == EIPNN_OK) status = run(&t);
  if (summary) summarize(&t, status, summary);
  release(&t);
  return status;
}
