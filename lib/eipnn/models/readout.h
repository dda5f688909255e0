/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_READOUT_H
#define EIPNN_MODELS_READOUT_H

/* The heads: one small network, from the features of an atom, or of a classifier's whole
   configuration, to one output per head. All heads share its hidden layer. */

#include "models/network.h"

eipnn_status eipnn_readout_declare(eipnn_parameter_list *list, int hidden, int nheads);

/* features: [rows][hidden]. Result: [rows][nheads]. */
eipnn_tensor eipnn_readout_build(const eipnn_network_graph *network, eipnn_tensor features);

#endif
