/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_TARGET_GRAPHS_H
#define EIPNN_TRAIN_TARGET_GRAPHS_H

#include "models/batch.h"
#include "train/targets.h"

/* Graphs of the configurations of targets, [targets->count], made once for all steps; free with
   the function below. */
eipnn_status eipnn_target_graphs_build(const eipnn_targets *targets, const eipnn_model *model,
                                       const eipnn_dataset *dataset, eipnn_config_graph **graphs);
/* The shortest distance of a pair, Angstrom; infinite where there is none. */
double eipnn_target_graphs_shortest(const eipnn_config_graph *graphs, size_t count);
void eipnn_target_graphs_free(eipnn_config_graph **graphs, size_t count);

#endif
