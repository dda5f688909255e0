/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/pooling.h"

#include "models/model_data.h"

#include <string.h>

static const char *const names[] = {[EIPNN_POOLING_SUM] = "sum", [EIPNN_POOLING_MEAN] = "mean"};
enum { COUNT = sizeof names / sizeof names[0] };

const char *eipnn_pooling_name(eipnn_pooling pooling)
{
  return (int)pooling >= 0 && (int)pooling < COUNT ? names[pooling] : "unknown";
}

eipnn_status eipnn_pooling_from_name(const char *name, eipnn_pooling *pooling)
{
  for (int k = 0; k < COUNT; k++)
    if (!strcmp(name, names[k])) {
      *pooling = (eipnn_pooling)k;
      return EIPNN_OK;
    }
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "unknown pooling '%.32s'; known: sum, mean", name);
}

eipnn_tensor eipnn_pooling_build(eipnn_graph *graph, eipnn_tensor features, eipnn_pooling pooling)
{
  const eipnn_tensor sum =
      eipnn_scatter(graph, features, EIPNN_INDEX_ATOM_CONFIG, EIPNN_ROWS_CONFIG);
  if (pooling == EIPNN_POOLING_SUM) return sum;
  static const double unit = 1.0;
  const eipnn_tensor one = eipnn_constant(graph, 1, 1, &unit);
  const eipnn_tensor nodes = eipnn_scatter(graph, eipnn_repeat(graph, one, EIPNN_ROWS_ATOM, 1),
                                           EIPNN_INDEX_ATOM_CONFIG, EIPNN_ROWS_CONFIG);
  return eipnn_mul(graph, sum, eipnn_unary(graph, EIPNN_FUNCTION_RECIPROCAL, nodes));
}
