/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_BASELINE_LABELS_H
#define EIPNN_TRAIN_BASELINE_LABELS_H

#include "base/error.h"

#include <eipnn/dataset.h>
#include <eipnn/model.h>

/* The labels of the EIPs that run beside a delta-learning model. */
typedef struct eipnn_baseline_labels {
  const eipnn_model *model;
  int count;
  const eipnn_labels **eip; /* [count], of the dataset */
} eipnn_baseline_labels;

/* An error that names the EIP whose labels the dataset lacks. Free with
   eipnn_baseline_labels_free. */
eipnn_status eipnn_baseline_labels_find(const eipnn_model *model, const eipnn_dataset *dataset,
                                        eipnn_baseline_labels *labels);
void eipnn_baseline_labels_free(eipnn_baseline_labels *labels);

/* Adds the EIPs' part of configuration `index`, whose atoms begin at `first`: to its energy and,
   where not NULL, forces [natoms][3] and virial [6]. NaN where an EIP has no label. */
void eipnn_baseline_labels_add(const eipnn_baseline_labels *labels, size_t index, size_t first,
                               int natoms, double *energy, double (*forces)[3], double *virial);

#endif
