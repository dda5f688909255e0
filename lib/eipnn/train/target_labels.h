/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_TARGET_LABELS_H
#define EIPNN_TRAIN_TARGET_LABELS_H

/* Copies labels into the slots of targets; the slots know their configurations. */

#include "train/targets.h"

/* What targets are made from. */
typedef struct eipnn_target_source {
  const eipnn_model *model;
  const eipnn_dataset *dataset;
  const eipnn_train_options *options;
  eipnn_purpose purpose;
  const uint8_t *roles;                   /* [configurations of the dataset] */
  const eipnn_augmentation *augmentation; /* NULL: no chosen labels */
} eipnn_target_source;

/* The labels a head learns, from the label set it is named after and, head "dft", from
   augmentation. Makes room for its forces and virials where they are trained on. */
eipnn_status eipnn_target_labels_take(eipnn_targets *targets, int head,
                                      const eipnn_target_source *source);

#endif
