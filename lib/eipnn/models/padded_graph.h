/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_PADDED_GRAPH_H
#define EIPNN_MODELS_PADDED_GRAPH_H

/* The paper's padded graph (Shui et al., NeurIPS 2022, and its released code): every image of
   an atom that is a neighbour of an atom of the cell becomes a node of its own. Pairs within the
   cell stand once for both directions; a pair across the border gives two, one for
   each image. Padding nodes are connected to atoms of the cell only. */

#include "models/batch.h"

#include <eipnn/neighbor.h>

typedef struct eipnn_image {
  int atom;
  int shift[3]; /* lattice vectors from the atom as given to this image */
} eipnn_image;

typedef struct eipnn_padding {
  int count;          /* padding nodes, sorted by atom and shift */
  eipnn_image *image; /* [count] */
  int npair;          /* pairs of the padded graph */
  eipnn_image *end;   /* [list->npair] atom j of each pair with its shift from i's cell */
} eipnn_padding;

eipnn_status eipnn_padding_find(eipnn_padding *padding, const eipnn_pair_list *list,
                                const eipnn_configuration *configuration);
/* Owners, pairs (sorted by pair_i) and vectors of an allocated graph. */
void eipnn_padding_fill(const eipnn_padding *padding, const eipnn_pair_list *list,
                        eipnn_config_graph *graph);
void eipnn_padding_free(eipnn_padding *padding);

#endif
