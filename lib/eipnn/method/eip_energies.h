/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_METHOD_EIP_ENERGIES_H
#define EIPNN_METHOD_EIP_ENERGIES_H

/* What fits of EIPs to DFT and choices among EIPs look at. */

#include "base/error.h"

#include <eipnn/dataset.h>

/* A list of EIP label sets: those of name[count], which must exist and begin with "eip/"; name
   NULL: all of the dataset, at least one. The caller frees *names. */
eipnn_status eipnn_eip_names(const eipnn_dataset *dataset, int count, const char *const *name,
                             int *neips, char (**names)[EIPNN_LABELS_NAME_SIZE]);

/* The label sets of those names; an error that names all that are missing. The caller frees the
   list with free(); the sets belong to the dataset. */
eipnn_status eipnn_eip_labels(const eipnn_dataset *dataset, int neips,
                              char (*const names)[EIPNN_LABELS_NAME_SIZE], eipnn_labels ***labels);

/* The configurations of roles train and validation of the split with a DFT energy inside the window
   (eV/atom, NaN: no limit). The caller frees *index. An error where there is none. */
eipnn_status eipnn_labelled_configurations(const eipnn_dataset *dataset, const char *split,
                                           double energy_minimum, double energy_maximum,
                                           size_t **index, size_t *count);

#endif
