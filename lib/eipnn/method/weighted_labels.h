/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_METHOD_WEIGHTED_LABELS_H
#define EIPNN_METHOD_WEIGHTED_LABELS_H

#include <eipnn/dataset.h>

/* A sum of label sets with coefficients. */
typedef struct eipnn_weighted_labels {
  int count;
  eipnn_labels *const *labels; /* [count] of one dataset */
  const double *coefficient;   /* [count] */
} eipnn_weighted_labels;

/* Adds factor times the sum to energy, forces [natoms][3] and virial [6] of a configuration, each
   of which may be NULL. NaN where a label is missing. */
void eipnn_weighted_labels_add(const eipnn_weighted_labels *sum, double factor,
                               const eipnn_dataset *dataset, size_t index, double *energy,
                               double (*forces)[3], double *virial);

#endif
