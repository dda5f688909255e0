/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/network_setup.h"

#include "cli/input_file.h"

#include <string.h>

#define FIELD(name) offsetof(eipnn_network_options, name)
const cli_option cli_network_options[] = {
    {"network", CLI_NAME, FIELD(network), "schnet", "kind of network", CLI_ANY},
    {"cutoff", CLI_REAL, FIELD(cutoff), "R", "Angstrom", EIPNN_RANGE_CUTOFF},
    {"hidden", CLI_INT, FIELD(hidden), "N", "features per atom and filter", EIPNN_RANGE_HIDDEN},
    {"layers", CLI_INT, FIELD(layers), "N", "interactions", EIPNN_RANGE_LAYERS},
    {"radial", CLI_INT, FIELD(nradial), "N", "radial basis functions", EIPNN_RANGE_NRADIAL},
    {"gamma", CLI_REAL, FIELD(radial_gamma), "G",
     "exponent of the Gaussians, 1/Angstrom^2; 0: radial/cutoff", EIPNN_RANGE_RADIAL_GAMMA},
    {"cutoff-function", CLI_CHOICE, FIELD(cutoff_function), "none|cosine|polynomial",
     "smooth end of the radial functions; none is the paper's and not for MD", CLI_ANY},
    {"residual", CLI_CHOICE, FIELD(residual), "no|yes", "layers add to the features", CLI_ANY},
    {"filter-ssp", CLI_CHOICE, FIELD(filter_ssp), "no|yes",
     "shifted softplus after the second layer of the filter too", CLI_ANY},
    {"graph", CLI_CHOICE, FIELD(padded), "periodic|padded",
     "padded is the paper's and for training only", CLI_ANY},
};
_Static_assert(sizeof cli_network_options / sizeof cli_network_options[0] == CLI_NETWORK_OPTIONS,
               "the header states the number of network options");
_Static_assert(sizeof(eipnn_cutoff_function) == sizeof(int), "options write choices as int");

eipnn_network_options cli_network_build(const cli_context *context,
                                        const eipnn_network_options *network,
                                        const eipnn_network_options *base)
{
  if (!base) return *network;
  eipnn_network_options result = *base;
  for (int k = 0; k < CLI_NETWORK_OPTIONS; k++) {
    const cli_option *option = &cli_network_options[k];
    if (cli_given(context, option->name))
      memcpy((char *)&result + option->offset, (const char *)network + option->offset,
             cli_value_size(option->type));
  }
  return result;
}

const char *cli_network_conflict(const cli_context *context, const eipnn_network_options *network,
                                 const eipnn_network_options *base)
{
  for (int k = 0; k < CLI_NETWORK_OPTIONS; k++) {
    const cli_option *option = &cli_network_options[k];
    const char *wanted = (const char *)network + option->offset;
    const char *there = (const char *)base + option->offset;
    if (!cli_given(context, option->name)) continue;
    if (option->type == CLI_NAME ? strcmp(wanted, there)
                                 : memcmp(wanted, there, cli_value_size(option->type)))
      return option->name;
  }
  return NULL;
}

void cli_network_json(const eipnn_network_options *network, json_t *object)
{
  const cli_group group = {"network", cli_network_options, CLI_NETWORK_OPTIONS, 0};
  for (int k = 0; k < CLI_NETWORK_OPTIONS; k++)
    json_object_set_new(object, cli_network_options[k].name,
                        cli_option_json(&group, &cli_network_options[k], network));
}
