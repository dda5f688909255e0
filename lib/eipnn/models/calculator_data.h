/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_CALCULATOR_DATA_H
#define EIPNN_MODELS_CALCULATOR_DATA_H

/* What a calculator holds; shared by the files of models/ only. */

#include "models/batch.h"
#include "models/potential.h"
#include "tensor/executor.h"

#include <eipnn/calculator.h>

/* Angstrom; far below any distance between atoms, far above rounding. */
#define EIPNN_COINCIDENT 1e-6

/* The pairs of one rank's atoms, and what the graph knows of each atom. */
typedef struct eipnn_selection {
  int natom, nall, npair;
  int *species;         /* [natom] -1: no atom of this model */
  int *config;          /* [natom] 0, or -1 where species is -1 */
  int *listed;          /* [natom] 1: has a neighbour list */
  int *pair_i, *pair_j; /* [npair] pair_j: the owned row where the neighbour is an image */
  int *pair_config;     /* [npair] 0 */
  double (*vec)[3];     /* [npair] */
  size_t atom_capacity[3], pair_capacity[4];
} eipnn_selection;

/* Each pair within the cutoff once, sorted by pair_i; a neighbour owned by another rank is a
   pair of its own (that rank has the mirrored one). */
eipnn_status eipnn_selection_build(eipnn_selection *selection, const eipnn_atoms *atoms,
                                   double cutoff, int halo);
void eipnn_selection_structure(const eipnn_selection *selection, eipnn_structure *structure);
size_t eipnn_selection_bytes(const eipnn_selection *selection);
void eipnn_selection_free(eipnn_selection *selection);

struct eipnn_calculator {
  eipnn_model *description; /* the model without weights: those are the executor's */
  const eipnn_backend *backend;
  eipnn_precision precision;
  int has_halo;
  eipnn_potential potential;
  eipnn_executor *executor;
  eipnn_selection selection;
  eipnn_pair_list list; /* of the last whole configuration, as batch; kept for their memory */
  eipnn_batch batch;
  double *output;        /* [natom][nheads] network outputs */
  double (*gradient)[3]; /* [npair] d(head 0)/d vec, before scale */
  size_t output_capacity, gradient_capacity;
  void *device; /* for atoms in device memory; NULL before the first such call */
  void (*free_device)(void *device);
  size_t device_bytes; /* held by device, beside the executor's */
};

/* Intervals of a table: what the options say, or what suits their precision. */
int eipnn_calculator_table_nodes(const eipnn_calculator_options *options);

/* Runs the graph: outputs of every atom into calculator->output and, with
   forces, the gradient of head 0 into calculator->gradient. */
eipnn_status eipnn_calculator_run(eipnn_calculator *calculator, const eipnn_structure *structure,
                                  const double (*vec)[3], int forces);

/* Virial of head 0 (eV, xx yy zz xy xz yz) from the pairs of the last run with forces:
   -sum vec x gradient, summed in double. vec: [npair][3]. */
void eipnn_calculator_sum_virial(const eipnn_calculator *calculator, int npair,
                                 const double (*vec)[3], double virial[6]);

#endif
