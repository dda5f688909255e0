/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SAMPLE_DATASET_H
#define SAMPLE_DATASET_H

/* Small made-up datasets for the tests of this folder. */

#include <eipnn/dataset.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SAMPLE_FORCES = 1, SAMPLE_VIRIAL = 2, SAMPLE_NO_ENERGY = 4 };

static inline int sample_natoms(size_t index)
{
  return 1 + (int)(index % 4);
}

/* Configuration `index` of a reproducible series: Si with some Ag, triclinic. */
static inline void sample_append(eipnn_dataset *dataset, size_t index, int labels)
{
  int number[4];
  double position[4][3], forces[4][3], virial[6], t = (double)index;
  char tag[32];
  eipnn_configuration c = {.natoms = sample_natoms(index),
                           .cell = {{4.0 + 0.01 * t, 0.0, 0.1}, {0.3, 5.0, 0.0}, {0.0, 0.2, 6.0}},
                           .pbc = {1, 1, index % 3 != 0},
                           .number = number,
                           .position = (const double(*)[3])position,
                           .tag = tag};
  for (int i = 0; i < c.natoms; i++) {
    number[i] = i == 2 ? 47 : 14;
    for (int d = 0; d < 3; d++) {
      position[i][d] = sin(1.0 + t + 2.1 * i + 0.7 * d) * 3.0 + i;
      forces[i][d] = cos(t + i + d) / 3.0;
    }
  }
  for (int v = 0; v < 6; v++) virial[v] = sin(t + v) / 7.0;
  tag[0] = '\0';
  if (index % 2) snprintf(tag, sizeof tag, "series_%zu", index / 2);
  if (eipnn_dataset_append(dataset, &c, labels & SAMPLE_NO_ENERGY ? NAN : -4.6 * c.natoms + 0.1 * t,
                           labels & SAMPLE_FORCES ? (const double(*)[3])forces : NULL,
                           labels & SAMPLE_VIRIAL ? virial : NULL) != EIPNN_OK) {
    fprintf(stderr, "%s\n", eipnn_last_error());
    abort();
  }
}

static inline eipnn_dataset *sample_dataset(size_t count, int labels)
{
  eipnn_dataset *dataset;
  if (eipnn_dataset_create(&dataset) != EIPNN_OK) abort();
  for (size_t i = 0; i < count; i++) sample_append(dataset, i, labels);
  return dataset;
}

#endif
