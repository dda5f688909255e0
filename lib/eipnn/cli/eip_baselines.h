/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_EIP_BASELINES_H
#define EIPNN_CLI_EIP_BASELINES_H

#include <eipnn/train.h>

/* Penalty of the ridge regression on the EIPs, relative to the mean square of its columns. */
#define CLI_RIDGE_PENALTY 1e-3

/* What EIPs reach without a network when they are fitted to the DFT labels of the training and
   validation sets of a split. Only energies are compared. */
typedef struct cli_eip_baselines {
  char calibrated_name[EIPNN_LABELS_NAME_SIZE]; /* of the best EIP after an affine fit of each; "":
                                                   none */
  eipnn_metrics calibrated, regression;
} cli_eip_baselines;

/* Errors on one role of the split within the energy window (eV/atom, NaN: no limit). */
eipnn_status cli_fit_eip_baselines(const eipnn_dataset *dataset, const char *split, eipnn_role role,
                                   double energy_minimum, double energy_maximum,
                                   cli_eip_baselines *baselines);

#endif
