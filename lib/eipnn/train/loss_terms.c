/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/loss_terms.h"

#include "base/memory.h"
#include "train/loss.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

eipnn_status eipnn_loss_terms_each(const eipnn_training_graph *training,
                                   eipnn_loss_term_visit *visit, void *context)
{
  const eipnn_loss_term energy = {EIPNN_KIND_ENERGY, 0, &training->energy};
  EIPNN_TRY(visit(context, &energy));
  for (int head = 0; head < training->nheads; head++) {
    const eipnn_loss_term forces = {EIPNN_KIND_FORCES, head, &training->force[head]};
    const eipnn_loss_term virial = {EIPNN_KIND_VIRIAL, head, &training->virial[head]};
    if (forces.output->value != EIPNN_NO_TENSOR) EIPNN_TRY(visit(context, &forces));
    if (virial.output->value != EIPNN_NO_TENSOR) EIPNN_TRY(visit(context, &virial));
  }
  return EIPNN_OK;
}

void eipnn_loss_rows_free(eipnn_loss_rows *rows)
{
  free(rows->prediction);
  free(rows->target);
  free(rows->seed);
  memset(rows, 0, sizeof *rows);
}

static eipnn_status reserve(eipnn_loss_rows *rows, size_t count)
{
  EIPNN_TRY(eipnn_grow((void **)&rows->prediction, &rows->capacity[0], count, sizeof(double)));
  EIPNN_TRY(eipnn_grow((void **)&rows->target, &rows->capacity[1], count, sizeof(double)));
  return eipnn_grow((void **)&rows->seed, &rows->capacity[2], count, sizeof(double));
}

/* Entries in the row of a configuration. */
static size_t row_width(const eipnn_loss_share *share, eipnn_label_kind kind, size_t slot)
{
  if (kind == EIPNN_KIND_ENERGY) return (size_t)share->targets->nheads;
  return kind == EIPNN_KIND_VIRIAL ? 6 : 3 * (size_t)share->graph[slot].natom;
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
static void take_forces(const eipnn_loss_share *share, int head, size_t slot, double (*target)[3])
{
  const eipnn_config_graph *graph = &share->graph[slot];
  memcpy(target, share->targets->forces[head][share->targets->first[slot]],
         (size_t)graph->ncontributing * sizeof *target);
  for (int i = graph->ncontributing; i < graph->natom; i++)
    target[i][0] = target[i][1] = target[i][2] = NAN;
}

/* Target of one row; its prediction is made comparable. */
static void load_row(const eipnn_loss_share *share, const eipnn_loss_term *term, size_t slot,
                     double *prediction, double *target)
{
  const eipnn_targets *targets = share->targets;
  const size_t nheads = (size_t)targets->nheads;
  if (targets->category) return; /* no number to compare with */
  if (term->kind == EIPNN_KIND_ENERGY) {
    memcpy(target, targets->energy + slot * nheads, nheads * sizeof *target);
  } else if (term->kind == EIPNN_KIND_VIRIAL) {
    memcpy(target, targets->virial[term->head][slot], 6 * sizeof *target);
  } else {
    fold_images(&share->graph[slot], (double(*)[3])prediction);
    take_forces(share, term->head, slot, (double(*)[3])target);
  }
}

/* Predictions and targets of the share. */
static eipnn_status load(const eipnn_loss_share *share, const eipnn_loss_term *term,
                         eipnn_executor *executor, eipnn_loss_rows *rows)
{
  size_t count = 0, at = 0;
  for (size_t n = share->first; n < share->deal.size; n += share->stride)
    count += row_width(share, term->kind, share->deal.slots[n]);
  EIPNN_TRY(reserve(rows, count));
  EIPNN_TRY(eipnn_executor_get(executor, term->output->value, rows->prediction));
  for (size_t n = share->first; n < share->deal.size; n += share->stride) {
    const size_t slot = share->deal.slots[n];
    load_row(share, term, slot, rows->prediction + at, rows->target + at);
    at += row_width(share, term->kind, slot);
  }
  return EIPNN_OK;
}

size_t eipnn_loss_residual_count(const eipnn_targets *targets, eipnn_label_kind kind, size_t slot)
{
  if (kind == EIPNN_KIND_ENERGY) return 1;
  return kind == EIPNN_KIND_VIRIAL ? 6 : 3 * (targets->first[slot + 1] - targets->first[slot]);
}

eipnn_status eipnn_loss_term_residuals(const eipnn_loss_share *share, const eipnn_loss_term *term,
                                       eipnn_executor *executor, eipnn_loss_rows *rows,
                                       double *residual)
{
  EIPNN_TRY(load(share, term, executor, rows));
  size_t at = term->kind == EIPNN_KIND_ENERGY ? (size_t)share->targets->chosen_head : 0;
  for (size_t n = 0; n < share->deal.size; n++) {
    const size_t slot = share->deal.slots[n];
    const size_t count = eipnn_loss_residual_count(share->targets, term->kind, slot);
    if (n % share->stride == share->first) {
      for (size_t k = 0; k < count; k++) {
        const double target = rows->target[at + k];
        residual[k] = isnan(target) ? -1.0 : fabs(rows->prediction[at + k] - target);
      }
      at += row_width(share, term->kind, slot);
    }
    residual += count;
  }
  return EIPNN_OK;
}

static double term_weight(const eipnn_train_options *options, eipnn_label_kind kind)
{
  if (kind == EIPNN_KIND_ENERGY) return options->energy_weight;
  return kind == EIPNN_KIND_FORCES ? options->force_weight : options->virial_weight;
}

/* weight/(labels of this kind that the whole batch has from the dataset), 0 where there are none.
 */
static double stored_factor(const eipnn_loss_share *share, eipnn_label_kind kind)
{
  size_t labelled = 0;
  for (size_t n = 0; n < share->deal.size - share->deal.nchosen; n++)
    labelled += share->targets->labelled[kind][share->deal.slots[n]];
  return labelled ? term_weight(share->options, kind) / (double)labelled : 0.0;
}

static double alpha(const eipnn_loss_share *share)
{
  const double stored = (double)share->targets->first_chosen;
  const double chosen = (double)share->targets->count - stored;
  return share->options->alpha * (share->options->alpha_by_count ? stored / chosen : 1.0);
}

/* The same for a chosen label of weight 1, the mean being weighted. */
static double chosen_factor(const eipnn_loss_share *share, eipnn_label_kind kind)
{
  double labelled = 0;
  for (size_t n = share->deal.size - share->deal.nchosen; n < share->deal.size; n++) {
    const size_t slot = share->deal.slots[n];
    labelled += share->targets->weight[slot] * (double)share->targets->labelled[kind][slot];
  }
  if (labelled == 0) return 0.0;
  const double factor = alpha(share) * term_weight(share->options, kind) / labelled;
  if (share->options->augmentation_loss != EIPNN_LOSS_TUKEY_SCALED) return factor;
  /* The biweight of r/sigma is that of r over sigma^2. Squared errors of DFT are in network units,
     scale^2 times smaller than in eV^2: so is this. */
  const double sigma = share->sigma[kind] * share->scale;
  return sigma == 0 ? 0.0 : factor / (sigma * sigma);
}

/* Loss and seed of one row with a chosen label. */
static double chosen_row(const eipnn_loss_share *share, eipnn_label_kind kind, size_t width,
                         double factor, const double *prediction, const double *target,
                         double *seed)
{
  if (share->options->augmentation_loss == EIPNN_LOSS_SQUARED)
    return eipnn_loss_squared(width, prediction, target, factor, seed);
  return eipnn_loss_tukey(width, prediction, target, EIPNN_TUKEY_CONSTANT * share->sigma[kind],
                          factor, seed);
}

/* Loss and seeds of the first count entries, with labels of the dataset. */
static double stored_rows(const eipnn_loss_share *share, eipnn_label_kind kind, size_t count,
                          const eipnn_loss_rows *rows)
{
  const double factor = stored_factor(share, kind), limit = share->options->huber;
  if (kind == EIPNN_KIND_ENERGY && limit > 0)
    return eipnn_loss_huber(count, rows->prediction, rows->target, limit, factor, rows->seed);
  return eipnn_loss_squared(count, rows->prediction, rows->target, factor, rows->seed);
}

/* Loss and seeds of all rows: those with labels of the dataset come first. */
static double compare(const eipnn_loss_share *share, eipnn_label_kind kind,
                      const eipnn_loss_rows *rows)
{
  const size_t stored = share->deal.size - share->deal.nchosen;
  size_t n = share->first, at = 0;
  for (; n < stored; n += share->stride) at += row_width(share, kind, share->deal.slots[n]);
  double loss = stored_rows(share, kind, at, rows);
  const double factor = share->deal.nchosen ? chosen_factor(share, kind) : 0.0;
  for (; n < share->deal.size; n += share->stride) {
    const size_t slot = share->deal.slots[n], width = row_width(share, kind, slot);
    loss += chosen_row(share, kind, width, factor * share->targets->weight[slot],
                       rows->prediction + at, rows->target + at, rows->seed + at);
    at += width;
  }
  return loss;
}

/* The same for the classes of a classifier; the rows are logits. */
static double compare_classes(const eipnn_loss_share *share, const eipnn_loss_rows *rows)
{
  const size_t nclasses = (size_t)share->targets->nheads;
  const double factor = stored_factor(share, EIPNN_KIND_ENERGY);
  double loss = 0;
  size_t at = 0;
  for (size_t n = share->first; n < share->deal.size; n += share->stride, at += nclasses)
    loss += eipnn_loss_cross_entropy(nclasses, rows->prediction + at,
                                     share->targets->category[share->deal.slots[n]], factor,
                                     rows->seed + at);
  return loss;
}

eipnn_status eipnn_loss_term_add(const eipnn_loss_share *share, const eipnn_loss_term *term,
                                 eipnn_executor *executor, eipnn_loss_rows *rows, double *loss)
{
  EIPNN_TRY(load(share, term, executor, rows));
  *loss +=
      share->targets->category ? compare_classes(share, rows) : compare(share, term->kind, rows);
  double(*seed)[3] = (double(*)[3])rows->seed;
  for (size_t n = share->first; n < share->deal.size && term->kind == EIPNN_KIND_FORCES;
       n += share->stride) {
    spread_to_images(&share->graph[share->deal.slots[n]], seed);
    seed += share->graph[share->deal.slots[n]].natom;
  }
  return eipnn_executor_set_input(executor, term->output->seed, rows->seed);
}
