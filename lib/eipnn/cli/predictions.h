/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_PREDICTIONS_H
#define EIPNN_CLI_PREDICTIONS_H

#include <eipnn/calculator.h>

/* Energies beside their DFT labels as CSV: index,tag,atoms,dft,predicted,
   dft_per_atom,predicted_per_atom (eV, eV/atom). predicted: [n], NaN where
   none; those rows are left out. Replaces the file whole. */
eipnn_status cli_write_predictions(const char *path, const eipnn_dataset *dataset,
                                   const double *predicted);

/* The configurations that have a prediction, with energy, forces and virial of
   the model, as .xyz[.gz] or .h5. */
eipnn_status cli_write_predicted_forces(const char *path, const eipnn_dataset *dataset,
                                        const eipnn_model *model,
                                        const eipnn_calculator_options *options,
                                        const double *predicted);

#endif
