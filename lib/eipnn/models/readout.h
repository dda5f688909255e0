/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_READOUT_H
#define EIPNN_MODELS_READOUT_H

/* The heads: one small network per atom, from features to one output per head.
   All heads share its hidden layer. */

#include "models/network.h"

eipnn_status eipnn_readout_declare(eipnn_parameter_list *list, int hidden, int nheads);

/* features: [atom][hidden]. Result: [atom][nheads]. */
eipnn_tensor eipnn_readout_build(const eipnn_network_graph *network, eipnn_tensor features);

#endif
