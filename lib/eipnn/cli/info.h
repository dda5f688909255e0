/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_INFO_H
#define EIPNN_CLI_INFO_H

#include "cli/file_kind.h"

#include <eipnn/dataset.h>
#include <eipnn/model.h>
#include <jansson.h>

/* What `eipnn info` says about a file, as JSON (new reference, NULL without
   memory) and in words on standard output. */
json_t *cli_dataset_json(const eipnn_dataset *dataset);
void cli_print_dataset(const char *path, const json_t *facts);
json_t *cli_model_json(const eipnn_model *model, const cli_file_kind *kind);
void cli_print_model(const char *path, const json_t *facts);

#endif
