/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_LOSS_TERMS_H
#define EIPNN_TRAIN_LOSS_TERMS_H

/* The terms of a batch's loss: one for the energies of all heads (or the classes of a classifier),
   one for the forces and one for the virials of each head. */

#include "train/dealer.h"
#include "train/training_graph.h"

typedef struct eipnn_loss_term {
  eipnn_label_kind kind;
  int head; /* of the energies: 0, they have all */
  const eipnn_trained_output *output;
} eipnn_loss_term;

/* Calls visit for every term that training has, until one fails. */
typedef eipnn_status eipnn_loss_term_visit(void *context, const eipnn_loss_term *term);
eipnn_status eipnn_loss_terms_each(const eipnn_training_graph *training,
                                   eipnn_loss_term_visit *visit, void *context);

/* What one rank's share of a batch is compared with. */
typedef struct eipnn_loss_share {
  const eipnn_train_options *options;
  const eipnn_targets *targets;
  const eipnn_config_graph *graph; /* [targets->count] */
  eipnn_deal deal;                 /* of all ranks */
  size_t first, stride;            /* the share is deal.slots[first], [first + stride], ... */
  double sigma[EIPNN_LABEL_KINDS]; /* of the batch's residuals; network units, like the targets */
  double scale;                    /* eV per network unit of the head that learns chosen labels */
} eipnn_loss_share;

/* Predictions, targets and seeds of a term, one row per configuration of the share. Start from
   zero; memory is kept. */
typedef struct eipnn_loss_rows {
  double *prediction, *target, *seed;
  size_t capacity[3];
} eipnn_loss_rows;
void eipnn_loss_rows_free(eipnn_loss_rows *rows);

/* Residuals of a term that configuration `slot` has in the head that learns chosen labels. */
size_t eipnn_loss_residual_count(const eipnn_targets *targets, eipnn_label_kind kind, size_t slot);

/* Writes the absolute residuals of the share's configurations, -1 where there is no label, each
   configuration's to its place among those of the whole batch; the rest of residual is left. */
eipnn_status eipnn_loss_term_residuals(const eipnn_loss_share *share, const eipnn_loss_term *term,
                                       eipnn_executor *executor, eipnn_loss_rows *rows,
                                       double *residual);

/* Adds the share of a term to *loss and sets its seed. */
eipnn_status eipnn_loss_term_add(const eipnn_loss_share *share, const eipnn_loss_term *term,
                                 eipnn_executor *executor, eipnn_loss_rows *rows, double *loss);

#endif
