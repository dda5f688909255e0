/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_ENERGY_ZERO_H
#define EIPNN_CLI_ENERGY_ZERO_H

#include "cli/command.h"

#include <eipnn/dataset.h>

/* Warns where DFT energies seem to count from different zeros. first: [nparts+1] configurations
   at which the parts (input files) begin, and their number; path: [nparts] names of the parts. */
void cli_warn_energy_zeros(const cli_context *context, const eipnn_dataset *dataset, int nparts,
                           const size_t *first, const char *const *path);

#endif
