/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_MODEL_FORMAT_H
#define EIPNN_MODELS_MODEL_FORMAT_H

/* What reader and writer of model files share. Layout:
     / attributes: format, version, network, units, precision, cutoff_function,
       the numbers of network_options.h, species (atomic numbers), heads,
       history (a JSON object of strings), checksum, and of a classifier
       task ("classes"; absent or "energy" for any other model), pooling;
       of a model of delta learning baseline (names of label sets), baseline_source (text of
       each), baseline_coefficient (reals)
     /scale [nheads], /shift [nspecies] or [nheads][nspecies],
     /weights/<path> [rows][cols] */

#include "base/error.h"

#include <eipnn/model.h>

#define EIPNN_MODEL_FORMAT "eipnn-model"
#define EIPNN_MODEL_VERSION 1
#define EIPNN_MODEL_TASK_ENERGY "energy"
#define EIPNN_MODEL_TASK_CLASSES "classes"
#define EIPNN_MODEL_PATH_SIZE 192
#define EIPNN_MODEL_MAX_HISTORY 60000 /* HDF5 keeps an attribute within 64 KiB */

/* Path of a weight in the file. */
void eipnn_model_weight_path(const eipnn_parameter_info *info, char path[EIPNN_MODEL_PATH_SIZE]);

#endif
