/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_POOLING_H
#define EIPNN_MODELS_POOLING_H

/* From the features of atoms to those of configurations. */

#include "tensor/graph.h"

#include <eipnn/classifier.h>

/* features: [atom][hidden]. Result: [config][hidden], over the nodes that the structure assigns
   to a configuration. */
eipnn_tensor eipnn_pooling_build(eipnn_graph *graph, eipnn_tensor features, eipnn_pooling pooling);

#endif
