/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_METHOD_EIP_ENERGIES_H
#define EIPNN_METHOD_EIP_ENERGIES_H

/* What fits of EIPs to DFT and choices among EIPs look at. */

#include "base/error.h"

#include <eipnn/dataset.h>

/* A list of EIP label sets: those of name[count], which must exist and begin with "eip/"; name
   NULL: all of the dataset, at least one. The caller frees *names. */
eipnn_status eipnn_eip_names(const eipnn_dataset *dataset, int count, const char *const *name,
                             int *neips, char (**names)[80]);

/* The label sets of those names; an error that names all that are missing. The caller frees the
   list with free(); the sets belong to the dataset. */
eipnn_status eipnn_eip_labels(const eipnn_dataset *dataset, int neips, char (*const names)[80],
                              eipnn_labels ***labels);

/* Atoms of each species in a configuration, atoms [nspecies]; returns their total, 0 where the
   configuration holds another element. */
int eipnn_composition(const eipnn_dataset *dataset, size_t index, int nspecies, const int *species,
                      double *atoms);

/* Atoms of a configuration. */
int eipnn_natoms(const eipnn_dataset *dataset, size_t index);

/* The configurations of roles train and validation of the split with a DFT energy inside the window
   (eV/atom, NaN: no limit). The caller frees *index. An error where there is none. */
eipnn_status eipnn_labelled_configurations(const eipnn_dataset *dataset, const char *split,
                                           double energy_minimum, double energy_maximum,
                                           size_t **index, size_t *count);

/* 0 where a limit (NaN: none) excludes the value. */
int eipnn_within(double value, double minimum, double maximum);

#endif
