/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_NETWORK_SETUP_H
#define EIPNN_CLI_NETWORK_SETUP_H

#include "cli/command.h"

#include <eipnn/model.h>
#include <jansson.h>

/* The options of a network, over an eipnn_network_options. */
enum { CLI_NETWORK_OPTIONS = 10 };
extern const cli_option cli_network_options[CLI_NETWORK_OPTIONS];

/* Options of a network to create: network as it stands, or, with a base (those of a
   pretrained model), the base with what the user gave on top. base may be NULL. */
eipnn_network_options cli_network_build(const cli_context *context,
                                        const eipnn_network_options *network,
                                        const eipnn_network_options *base);

/* Name of an option that the user gave with another value than the base has, or NULL. */
const char *cli_network_conflict(const cli_context *context, const eipnn_network_options *network,
                                 const eipnn_network_options *base);

/* Adds every option of the network to object under its name. */
void cli_network_json(const eipnn_network_options *network, json_t *object);

#endif
