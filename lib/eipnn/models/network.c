/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/network.h"

#include "models/model_data.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const eipnn_network *const networks[] = {&eipnn_network_schnet};
#define NNETWORKS (sizeof networks / sizeof networks[0])

void eipnn_network_options_default(eipnn_network_options *options)
{
  *options = (eipnn_network_options){.network = "schnet",
                                     .cutoff = 5.0,
                                     .hidden = 128,
                                     .layers = 5,
                                     .nradial = 128,
                                     .radial_gamma = 0.0,
                                     .cutoff_function = EIPNN_CUTOFF_COSINE,
                                     .residual = 1,
                                     .filter_ssp = 0,
                                     .padded = 0};
}

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

static eipnn_status check_count(const char *what, int value, int minimum, int maximum)
{
  if (value >= minimum && value <= maximum) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "%s is %d; use a number from %d to %d", what, value,
                     minimum, maximum);
}

eipnn_status eipnn_network_options_check(const eipnn_network_options *options,
                                         const eipnn_network **network)
{
  if (!memchr(options->network, 0, sizeof options->network))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "the name of the network is not terminated");
  EIPNN_TRY(eipnn_network_find(options->network, network));
  if (!(options->cutoff > 0.0 && options->cutoff <= 100.0))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "cutoff is %g; use a distance up to 100 Angstrom",
                       options->cutoff);
  if (!(options->radial_gamma >= 0.0 && isfinite(options->radial_gamma)))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "radial_gamma is %g; use an exponent in 1/A^2, or 0 for nradial/cutoff",
                       options->radial_gamma);
  EIPNN_TRY(check_count("hidden", options->hidden, 1, 8192));
  EIPNN_TRY(check_count("layers", options->layers, 1, 100));
  EIPNN_TRY(check_count("nradial", options->nradial, 2, 8192));
  EIPNN_TRY(check_count("cutoff_function", (int)options->cutoff_function, EIPNN_CUTOFF_NONE,
                        EIPNN_CUTOFF_POLYNOMIAL));
  EIPNN_TRY(check_count("residual", options->residual, 0, 1));
  EIPNN_TRY(check_count("filter_ssp", options->filter_ssp, 0, 1));
  return check_count("padded", options->padded, 0, 1);
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

eipnn_tensor eipnn_network_linear(const eipnn_network_graph *network, eipnn_tensor a,
                                  const char *format, ...)
{
  char path[128], full[160];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(path, sizeof path, format, arguments);
  va_end(arguments);
  snprintf(full, sizeof full, "%s/weight", path);
  eipnn_tensor weight = find_leaf(network, full);
  snprintf(full, sizeof full, "%s/bias", path);
  eipnn_tensor bias = find_leaf(network, full);
  /* Without the bias a missing parameter would pass as "no bias". */
  if (bias == EIPNN_NO_TENSOR) weight = EIPNN_NO_TENSOR;
  return eipnn_linear(network->graph, a, weight, bias);
}
