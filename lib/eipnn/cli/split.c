/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "cli/command.h"
#include "cli/dataset_file.h"

#include <string.h>

typedef struct split_values {
  const char *name;
  double train, validation, test, unlabelled;
  int64_t train_count, validation_count, test_count;
  int rest, group;
  double energy_minimum, energy_maximum;
  int64_t seed;
} split_values;

#define FIELD(name) offsetof(split_values, name)
static const cli_option options[] = {
    {"name", CLI_TEXT, FIELD(name), "S", "name of the split (required)", CLI_ANY},
    {"train", CLI_REAL, FIELD(train), "F", "fraction for training", 0, 1},
    {"val", CLI_REAL, FIELD(validation), "F", "fraction for validation", 0, 1},
    {"test", CLI_REAL, FIELD(test), "F", "fraction for the test", 0, 1},
    {"train-count", CLI_INTEGER, FIELD(train_count), "N", "configurations, instead of --train",
     CLI_NOT_NEGATIVE},
    {"val-count", CLI_INTEGER, FIELD(validation_count), "N", "configurations, instead of --val",
     CLI_NOT_NEGATIVE},
    {"test-count", CLI_INTEGER, FIELD(test_count), "N", "configurations, instead of --test",
     CLI_NOT_NEGATIVE},
    {"unlabelled", CLI_REAL, FIELD(unlabelled), "F",
     "fraction set aside first as pool, its DFT labels hidden from training", 0, 1},
    {"rest", CLI_CHOICE, FIELD(rest), "unused|pool", "role of what remains", CLI_ANY},
    {"group", CLI_FLAG, FIELD(group), "",
     "whole groups (of `eipnn dedupe`) go to one role, numbers met as closely as they allow",
     CLI_ANY},
    {"energy-min", CLI_REAL, FIELD(energy_minimum), "E",
     "eV/atom; DFT labels below enter neither train, validation nor test", CLI_ANY},
    {"energy-max", CLI_REAL, FIELD(energy_maximum), "E", "eV/atom; the same for labels above",
     CLI_ANY},
    {"seed", CLI_INTEGER, FIELD(seed), "N", "of the random choice", CLI_NOT_NEGATIVE},
};
static const cli_group groups[] = {{"options", options, sizeof options / sizeof options[0], 0}};

static void defaults(void *values)
{
  eipnn_split_options split;
  eipnn_split_options_default(&split);
  *(split_values *)values = (split_values){
      .train = split.train,
      .validation = split.validation,
      .test = split.test,
      .unlabelled = split.pool,
      .train_count = split.train_count,
      .validation_count = split.validation_count,
      .test_count = split.test_count,
      .rest = split.rest_to_pool,
      .energy_minimum = split.energy_minimum,
      .energy_maximum = split.energy_maximum,
      .seed = (int64_t)split.seed,
  };
}

static eipnn_split_options split_options(const split_values *values)
{
  return (eipnn_split_options){
      .train = values->train,
      .validation = values->validation,
      .test = values->test,
      .pool = values->unlabelled,
      .train_count = values->train_count,
      .validation_count = values->validation_count,
      .test_count = values->test_count,
      .rest_to_pool = values->rest,
      .by_group = values->group,
      .energy_minimum = values->energy_minimum,
      .energy_maximum = values->energy_maximum,
      .seed = (uint64_t)values->seed,
  };
}

static eipnn_status make_split(const cli_context *context, const split_values *values,
                               const char *path, eipnn_dataset **dataset)
{
  eipnn_split_options options_of_split = split_options(values);
  EIPNN_TRY(eipnn_dataset_read(path, dataset));
  int replaced = eipnn_dataset_split(*dataset, values->name) != NULL;
  EIPNN_TRY(eipnn_dataset_make_split(*dataset, values->name, &options_of_split));
  EIPNN_TRY(eipnn_dataset_write(*dataset, path));
  size_t count[5];
  cli_count_roles(*dataset, eipnn_dataset_split(*dataset, values->name), count);
  cli_print(context, "%s: split \"%s\"%s:", path, values->name, replaced ? " (replaced)" : "");
  for (int role = 1; role <= 5; role++)
    cli_print(context, "%s %zu %s", role > 1 ? "," : "", count[role % 5], cli_role_name(role % 5));
  cli_print(context, "\n");
  return EIPNN_OK;
}

static int run(const cli_context *context, void *values)
{
  const split_values *split = values;
  if (!split->name) return cli_usage_error("--name S is required, the name of the split");
  if (split->energy_minimum > split->energy_maximum)
    return cli_usage_error("--energy-min %g lies above --energy-max %g", split->energy_minimum,
                           split->energy_maximum);
  eipnn_dataset *dataset = NULL;
  eipnn_status status = make_split(context, split, context->parsed->argument[0], &dataset);
  eipnn_dataset_free(&dataset);
  return cli_code(status);
}

const cli_command cli_split = {
    .name = "split",
    .summary = "divide a dataset into training, validation, test and unlabelled pool",
    .usage = "DATA.h5 --name S [options]",
    .details =
        "Gives every configuration a role and stores it in the dataset under a name. "
        "Fractions are of the configurations that have a DFT label inside the energy window. "
        "The test set is drawn first: splits that differ only in the size of the training "
        "set share it. With --group similar configurations stay together: a test then measures how "
        "a "
        "model does on what it has not seen.",
    .example =
        "  eipnn split silicon.h5 --name a --train 0.64 --val 0.16 --test 0.2 --seed 42\n"
        "  eipnn split silicon.h5 --name b --train-count 320 --val-count 80 --test-count 1000 "
        "\\\n      --rest pool --energy-max -4 --seed 1",
    .values_size = sizeof(split_values),
    .groups = groups,
    .group_count = 1,
    .defaults = defaults,
    .minimum_arguments = 1,
    .maximum_arguments = 1,
    .run = run,
};
