/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_LABEL_FILE_H
#define EIPNN_CLI_LABEL_FILE_H

#include <eipnn/augmentation.h>

/* Labels for configurations of the pool (role [n]) out of a CSV file with the columns index and
   label (eV, on the scale of the DFT energies); rows without a label are left out. An index outside
   the pool, or one that comes twice, is an error that names its row. Free with
   eipnn_augmentation_free. */
eipnn_status cli_read_labels(const char *path, const eipnn_dataset *dataset, const uint8_t *role,
                             eipnn_augmentation *augmentation);

#endif
