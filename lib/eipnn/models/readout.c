/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/readout.h"

#include "models/model_data.h"

eipnn_status eipnn_readout_declare(eipnn_parameter_list *list, int hidden, int nheads)
{
  EIPNN_TRY(eipnn_parameter_declare_linear(list, hidden, hidden, EIPNN_HEAD_PREFIX "hidden"));
  return eipnn_parameter_declare_linear(list, hidden, nheads, EIPNN_HEAD_PREFIX "out");
}

eipnn_tensor eipnn_readout_build(const eipnn_network_graph *network, eipnn_tensor features)
{
  eipnn_tensor x =
      eipnn_network_activated(network, EIPNN_FUNCTION_SSP, features, EIPNN_HEAD_PREFIX "hidden");
  return eipnn_network_linear(network, x, EIPNN_HEAD_PREFIX "out");
}
