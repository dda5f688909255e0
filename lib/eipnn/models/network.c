/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/network.h"

#include "models/model_data.h"
#include "models/network_options.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const eipnn_network *const networks[] = {&eipnn_network_schnet};
#define NNETWORKS (sizeof networks / sizeof networks[0])

eipnn_status eipnn_network_find(const char *name, const eipnn_network **network)
{
  char known[256] = "";
  for (size_t k = 0; k < NNETWORKS; k++) {
    if (!strcmp(networks[k]->name, name)) {
      *network = networks[k];
      return EIPNN_OK;
    }
    size_t used = strlen(known);
    snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "", networks[k]->name);
  }
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "unknown network '%s'; known networks: %s", name, known);
}

eipnn_status eipnn_network_options_check(const eipnn_network_options *options,
                                         const eipnn_network **network)
{
  if (!memchr(options->network, 0, sizeof options->network))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "the name of the network is not terminated");
  EIPNN_TRY(eipnn_network_find(options->network, network));
  return eipnn_network_numbers_check(options);
}

static eipnn_tensor find_leaf(const eipnn_network_graph *network, const char *path)
{
  int index = eipnn_parameter_find(&network->model->parameters, path);
  return index < 0 ? EIPNN_NO_TENSOR : network->parameter[index];
}

eipnn_tensor eipnn_network_parameter(const eipnn_network_graph *network, const char *format, ...)
{
  char path[160];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(path, sizeof path, format, arguments);
  va_end(arguments);
  return find_leaf(network, path);
}

/* Leaves of a dense layer. */
typedef struct dense {
  eipnn_tensor weight, bias;
} dense;

static dense find_dense(const eipnn_network_graph *network, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
static dense find_dense(const eipnn_network_graph *network, const char *format, va_list arguments)
{
  char path[128], full[160];
  vsnprintf(path, sizeof path, format, arguments);
  snprintf(full, sizeof full, "%s/weight", path);
  const eipnn_tensor weight = find_leaf(network, full);
  snprintf(full, sizeof full, "%s/bias", path);
  return (dense){weight, find_leaf(network, full)};
}

eipnn_tensor eipnn_network_linear(const eipnn_network_graph *network, eipnn_tensor a,
                                  const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const dense layer = find_dense(network, format, arguments);
  va_end(arguments);
  return eipnn_linear(network->graph, a, layer.weight, layer.bias);
}

eipnn_tensor eipnn_network_activated(const eipnn_network_graph *network, eipnn_function function,
                                     eipnn_tensor a, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const dense layer = find_dense(network, format, arguments);
  va_end(arguments);
  const eipnn_tensor product = eipnn_matmul(network->graph, a, 0, layer.weight, 0);
  return eipnn_activation(network->graph, function, product, layer.bias);
}

eipnn_tensor eipnn_network_residual(const eipnn_network_graph *network, eipnn_tensor h,
                                    eipnn_tensor a, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const dense layer = find_dense(network, format, arguments);
  va_end(arguments);
  return eipnn_linear_residual(network->graph, a, layer.weight, layer.bias, h);
}
