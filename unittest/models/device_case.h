/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_MODELS_DEVICE_CASE_H
#define EIPNN_UNITTEST_MODELS_DEVICE_CASE_H

/* A set of atoms computed by the plain calculator and by one on the device. */

#include "device_atoms.h"

typedef struct device_case_options {
  double cutoff, skin;
  int hidden, table;
  eipnn_precision precision;
  int halo;               /* 1: every other image is taken for a ghost of another rank */
  const char *foreign;    /* '1' per atom that is of no species of the model; NULL: none */
  int nlist;              /* how many atoms have lists; -1: all */
  const int *contributes; /* [natoms]; NULL: all */
  int transposed;
} device_case_options;

/* Rows of ghosts and the rows of the atoms they are images of. */
typedef struct ghost_rows {
  int count;
  int *ghost, *source;
} ghost_rows;

typedef struct device_case {
  eipnn_model *model;
  rank_atoms rank;
  device_atoms device;
  ghost_rows plain_ghosts, device_ghosts;
  eipnn_calculator *plain, *calculator;
  eipnn_result expected, computed; /* in rows of the plain calculator */
} device_case;

void device_case_options_default(device_case_options *options);
/* plain: on backend ref, in other precisions than double on cpu, whose tables round the same. */
void device_case_build(device_case *c, const crystal *atoms, const device_case_options *options);
void device_case_free(device_case *c);

/* Both compute; every result must agree within tolerance times the largest of its kind. */
void device_case_agrees(device_case *c, double tolerance);
/* The device alone computes, into `computed`. */
eipnn_status device_case_compute(device_case *c);

#endif
