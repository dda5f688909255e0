/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LABELLED_DATASET_H
#define LABELLED_DATASET_H

/* Datasets of chains of atoms whose DFT and EIP labels the tests make up. */

#include <eipnn/dataset.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define MUST(expression)                                                                           \
  if ((expression) != EIPNN_OK) fail_msg("%s", eipnn_last_error())

enum { SILICON = 14, SILVER = 47, GOLD = 79, MOST_ATOMS = 8 };

/* The first nsecond atoms are of the second species. Returns the configuration's index. */
static inline size_t append_chain(eipnn_dataset *dataset, int natoms, int species, int nsecond,
                                  int second, double dft)
{
  int number[MOST_ATOMS];
  double position[MOST_ATOMS][3] = {{0}};
  for (int i = 0; i < natoms; i++) {
    number[i] = i < nsecond ? second : species;
    position[i][0] = 3.0 * i;
  }
  eipnn_configuration c = {
      .natoms = natoms, .number = number, .position = (const double(*)[3])position, .tag = ""};
  MUST(eipnn_dataset_append(dataset, &c, dft, NULL, NULL));
  return eipnn_dataset_count(dataset) - 1;
}

static inline eipnn_dataset *empty_dataset(void)
{
  eipnn_dataset *dataset;
  MUST(eipnn_dataset_create(&dataset));
  return dataset;
}

static inline eipnn_labels *add_eip(eipnn_dataset *dataset, const char *name, int forces)
{
  eipnn_labels *labels;
  MUST(eipnn_dataset_add_labels(dataset, name, forces, forces, &labels));
  return labels;
}

/* Split "s" with one role for all configurations; the roles are writable. */
static inline uint8_t *add_split(eipnn_dataset *dataset, eipnn_role role)
{
  uint8_t *roles;
  MUST(eipnn_dataset_add_split(dataset, "s", &roles));
  for (size_t n = 0; n < eipnn_dataset_count(dataset); n++) roles[n] = (uint8_t)role;
  return roles;
}

#endif
