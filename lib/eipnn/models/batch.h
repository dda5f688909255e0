/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_BATCH_H
#define EIPNN_MODELS_BATCH_H

/* From configurations to the index structure a graph is bound to. */

#include "tensor/structure.h"

#include <eipnn/model.h>
#include <eipnn/neighbor.h>

/* The graph of one configuration: nodes and pairs, each pair once. Periodic:
   one node per atom. Padded (the paper's): every image within the cutoff of
   the cell is a node of its own, which contributes no energy, but does
   contribute to what a classifier pools. */
typedef struct eipnn_config_graph {
  int natom;         /* nodes */
  int ncontributing; /* the first ones: the atoms of the cell; for a classifier all */
  int npair;
  int *species; /* [natom] index into the model's species */
  int *owner;   /* [natom] atom of the cell this node is (an image of) */
  int *pair_i, *pair_j;
  double (*vec)[3]; /* [npair] */
} eipnn_config_graph;

/* list: zeroed, or of an earlier build, whose memory is reused. An error names a species the
   model does not know. */
eipnn_status eipnn_config_graph_build(eipnn_config_graph *graph, eipnn_pair_list *list,
                                      const eipnn_model *model,
                                      const eipnn_configuration *configuration);
void eipnn_config_graph_free(eipnn_config_graph *graph);

/* Several configurations side by side. Start from a zeroed struct; memory is
   kept over clear. */
typedef struct eipnn_batch {
  int nconfig, natom, npair;
  int *species, *atom_config, *pair_i, *pair_j, *pair_config;
  double (*vec)[3];
  size_t atom_capacity[2], pair_capacity[4];
} eipnn_batch;
void eipnn_batch_clear(eipnn_batch *batch);
eipnn_status eipnn_batch_add(eipnn_batch *batch, const eipnn_config_graph *graph);
void eipnn_batch_structure(const eipnn_batch *batch, eipnn_structure *structure);
void eipnn_batch_free(eipnn_batch *batch);

#endif
