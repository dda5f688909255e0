/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_TRAIN_TOY_H
#define EIPNN_UNITTEST_TRAIN_TOY_H

/* A small world to train in: periodic cells of two to four atoms whose labels
   come from pair potentials, so that everything about them is known. */

#include "train/test_support.h"

#include <eipnn/train.h>

#define TOY_CUTOFF 3.5

/* Silicon, or silicon and carbon. Label sets dft (energy, forces, virial), eip/a (energy,
   forces, virial), eip/b (energy). Split "s" deals out the roles train, train, pool,
   validation, test in turn. */
eipnn_dataset *toy_dataset(size_t count, int nspecies, uint64_t seed);

/* The label of the pair potential of that strength: energy, forces [natoms][3], virial [6]. */
void toy_label(const eipnn_configuration *configuration, double strength, double *energy,
               double (*forces)[3], double *virial);

/* Labels of that set chosen for the pool of split "s", forces and virials where it has some;
   weights 1, 1/2, 1/3, 1, ... Energies count from the zero of DFT as they are. */
eipnn_augmentation toy_augmentation(const eipnn_dataset *dataset, const char *labels);
void toy_augmentation_free(eipnn_augmentation *augmentation);

/* SchNet of a few hundred weights. */
eipnn_model *toy_model(int nspecies, int nheads, const char *const *heads, uint64_t seed);

/* Double precision, exact filters, plain loops; 40 steps of four configurations. */
eipnn_train_options toy_options(void);

/* A file name of this process in the temporary folder; the file is removed. */
void toy_path(char path[256], const char *name);

/* Both hold the same weights, bit for bit. */
int toy_same_weights(eipnn_model *a, eipnn_model *b);

#endif
