/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/info.h"

#include "base/error.h"
#include "cli/command.h"
#include "cli/dataset_file.h"
#include "cli/file_kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct info_values {
  int json;
} info_values;

static const cli_option options[] = {
    {"json", CLI_FLAG, offsetof(info_values, json), "", "print as JSON", CLI_ANY},
};
static const cli_group groups[] = {{"options", options, 1, 0}};

static void print_facts(const cli_context *context, json_t *facts, int as_json,
                        void (*print)(const char *path, const json_t *facts))
{
  if (as_json) {
    char *text = json_dumps(facts, JSON_INDENT(2));
    cli_print(context, "%s\n", text ? text : "{}");
    free(text);
  } else {
    print(context->parsed->argument[0], facts);
  }
}

static eipnn_status dataset_info(const cli_context *context, int as_json, const char *path)
{
  eipnn_dataset *dataset = NULL;
  eipnn_status status = EIPNN_OK;
  if (cli_file_format(path) == CLI_FORMAT_XYZ || cli_file_format(path) == CLI_FORMAT_DUMP) {
    status = eipnn_dataset_create(&dataset);
    if (status == EIPNN_OK) status = cli_append_file(dataset, path, NULL);
  } else {
    status = eipnn_dataset_read(path, &dataset);
  }
  json_t *facts = status == EIPNN_OK ? cli_dataset_json(dataset) : NULL;
  if (facts) print_facts(context, facts, as_json, cli_print_dataset);
  json_decref(facts);
  eipnn_dataset_free(&dataset);
  return status;
}

static eipnn_status model_info(const cli_context *context, int as_json, const char *path,
                               const cli_file_kind *kind)
{
  eipnn_model *model = NULL;
  EIPNN_TRY(eipnn_model_read(path, &model));
  json_t *facts = cli_model_json(model, kind);
  if (facts) print_facts(context, facts, as_json, cli_print_model);
  json_decref(facts);
  eipnn_model_free(&model);
  return EIPNN_OK;
}

static eipnn_status any_info(const cli_context *context, int as_json, const char *path)
{
  cli_file_kind kind;
  cli_format format = cli_file_format(path);
  if (format == CLI_FORMAT_XYZ || format == CLI_FORMAT_DUMP)
    return dataset_info(context, as_json, path);
  EIPNN_TRY(cli_read_file_kind(path, &kind));
  if (!strcmp(kind.format, "eipnn-dataset")) return dataset_info(context, as_json, path);
  if (!strcmp(kind.format, "eipnn-model")) return model_info(context, as_json, path, &kind);
  return eipnn_error(EIPNN_ERROR_FORMAT,
                     "%s has the format \"%s\"; known are eipnn-dataset and eipnn-model", path,
                     kind.format);
}

static int run(const cli_context *context, void *values)
{
  const info_values *info = values;
  return cli_code(any_info(context, info->json, context->parsed->argument[0]));
}

const cli_command cli_info = {
    .name = "info",
    .summary = "say what is in a dataset, model or checkpoint",
    .usage = "FILE [--json]",
    .details =
        "Datasets (.h5, extended XYZ, dumps): species, sizes, label sets, reference energies, "
        "splits. Models and checkpoints: network, energy zeros, history.",
    .example = "  eipnn info silicon.h5\n  eipnn info model.h5 --json",
    .values_size = sizeof(info_values),
    .groups = groups,
    .group_count = 1,
    .minimum_arguments = 1,
    .maximum_arguments = 1,
    .run = run,
};
