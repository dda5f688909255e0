/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_SWEEP_H
#define EIPNN_MODELS_SWEEP_H

/* One row of numbers for each configuration of a dataset, several configurations in one run
   of the graph, the ranks sharing the work. */

#include <eipnn/calculator.h>
#include <eipnn/dataset.h>
#include <eipnn/parallel.h>

typedef enum eipnn_sweep_rows {
  EIPNN_SWEEP_OUTPUTS, /* [nheads] config outputs of the graph, before scale and shift */
  EIPNN_SWEEP_FEATURES /* [hidden] features of the last layer, mean over contributing nodes */
} eipnn_sweep_rows;

/* rows: [n][columns], NaN where not wanted ([n], NULL: all). Collective over parallel: the
   wanted configurations are dealt out round robin, and every rank gets all rows. On failure
   rows hold no results. options->halo must be NULL. */
eipnn_status eipnn_sweep(const eipnn_model *model, eipnn_sweep_rows what,
                         const eipnn_dataset *dataset, const unsigned char *wanted,
                         const eipnn_calculator_options *options, const eipnn_parallel *parallel,
                         double *rows);

#endif
