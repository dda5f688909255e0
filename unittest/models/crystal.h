/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_MODELS_CRYSTAL_H
#define EIPNN_UNITTEST_MODELS_CRYSTAL_H

/* Crystals to try models on. */

#include <eipnn/calculator.h>

/* A configuration that owns its arrays. */
typedef struct crystal {
  eipnn_configuration configuration;
  int *number;           /* [natoms] */
  double (*position)[3]; /* [natoms][3] */
} crystal;

/* Diamond silicon of lattice constant 5.431 A, n[0] x n[1] x n[2] cubic cells; atoms moved
   by normal numbers of the given width. */
void crystal_silicon(crystal *c, const int n[3], double rattle, unsigned seed);
/* The same of face-centred cubic silver and gold, 4.08 A, as many of each. */
void crystal_silver_gold(crystal *c, const int n[3], double rattle, unsigned seed);
/* The primitive (triclinic, two-atom) cell. */
void crystal_primitive(crystal *c, double rattle, unsigned seed);
/* Cells repeated n times along each lattice vector. */
void crystal_repeat(const crystal *c, const int n[3], crystal *repeated);
void crystal_copy(const crystal *c, crystal *copy);
/* x -> m x for atoms and cell. */
void crystal_transform(crystal *c, double m[3][3]);
void crystal_free(crystal *c);

/* A model small enough for differences, on Si and Ge. Weights are larger than
   at the start of a training, so that no term hides behind another. */
eipnn_status small_model(const eipnn_network_options *options, int nheads, eipnn_model **model);
void small_options(eipnn_network_options *options);

#endif
