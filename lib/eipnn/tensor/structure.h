/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_STRUCTURE_H
#define EIPNN_TENSOR_STRUCTURE_H

/* What a run of a graph is bound to: extents and integer maps of one batch of
   configurations (or of one rank's atoms in MD). A view: arrays belong to the
   caller and must live until the run ends. */
struct eipnn_adjacency;
typedef struct eipnn_structure {
  int natom; /* owned atoms (nodes of the graph) */
  int nall;  /* natom + ghosts owned by other ranks */
  int npair;
  int nconfig;
  const int *pair_i;       /* [npair] ascending, < natom */
  const int *pair_j;       /* [npair] < nall */
  const int *pair_config;  /* [npair] */
  const int *atom_config;  /* [natom], -1: does not contribute to an energy */
  const int *atom_species; /* [natom] */
  /* 1: the arrays lie in the backend's memory already (an MD host on the same device); 0: in
     host memory, a backend on a device copies them. */
  int in_backend;
  /* in_backend only: how many pairs there are, itself in the backend's memory; rows from there up
     to npair are filler that no result depends on (indices valid, pair_config -1). NULL: npair. */
  const int *npair_used;
  const struct eipnn_adjacency *adjacency; /* made by the backend if it needs one */
} eipnn_structure;

#endif
