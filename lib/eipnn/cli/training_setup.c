/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _DEFAULT_SOURCE
#include "cli/training_setup.h"

#include "base/error.h"
#include "cli/dataset_file.h"
#include "cli/input_file.h"
#include "cli/outputs.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NETWORK(name) offsetof(cli_network, name)
const cli_option cli_network_options[] = {
    {"network", CLI_CHOICE, NETWORK(network), "schnet", "kind of network", CLI_ANY},
    {"cutoff", CLI_REAL, NETWORK(cutoff), "R", "Angstrom", EIPNN_RANGE_CUTOFF},
    {"hidden", CLI_INTEGER, NETWORK(hidden), "N", "features per atom and filter",
     EIPNN_RANGE_HIDDEN},
    {"layers", CLI_INTEGER, NETWORK(layers), "N", "interactions", EIPNN_RANGE_LAYERS},
    {"radial", CLI_INTEGER, NETWORK(radial), "N", "radial basis functions", EIPNN_RANGE_NRADIAL},
    {"gamma", CLI_REAL, NETWORK(gamma), "G",
     "exponent of the Gaussians, 1/Angstrom^2; 0: radial/cutoff", EIPNN_RANGE_RADIAL_GAMMA},
    {"cutoff-function", CLI_CHOICE, NETWORK(cutoff_function), "none|cosine|polynomial",
     "smooth end of the radial functions; none is the paper's and not for MD", CLI_ANY},
    {"residual", CLI_CHOICE, NETWORK(residual), "no|yes", "layers add to the features", CLI_ANY},
    {"filter-ssp", CLI_CHOICE, NETWORK(filter_ssp), "no|yes",
     "shifted softplus after the second layer of the filter too", CLI_ANY},
    {"graph", CLI_CHOICE, NETWORK(graph), "periodic|padded",
     "padded is the paper's and for training only", CLI_ANY},
};
_Static_assert(sizeof cli_network_options / sizeof cli_network_options[0] == CLI_NETWORK_OPTIONS,
               "the header states the number of network options");

#define TRAINING(name) offsetof(cli_training, name)
const cli_option cli_training_options[] = {
    {"steps", CLI_INTEGER, TRAINING(steps), "N", "length in optimiser steps; 0: by --epochs",
     CLI_NOT_NEGATIVE},
    {"epochs", CLI_INTEGER, TRAINING(epochs), "N", "length in epochs", CLI_COUNT(1e9)},
    {"batch", CLI_INTEGER, TRAINING(batch), "N", "configurations per step", CLI_COUNT(1e6)},
    {"lr", CLI_REAL, TRAINING(rate), "L", "learning rate (Adam)", CLI_POSITIVE},
    {"lr-final-ratio", CLI_REAL, TRAINING(final_ratio), "F",
     "the linear schedule ends at F times --lr", 0, 1},
    {"schedule", CLI_CHOICE, TRAINING(schedule), "linear|slanted", "of the learning rate", CLI_ANY},
    {"clip", CLI_REAL, TRAINING(clip), "C", "largest norm of the gradient; 0: no limit",
     CLI_NOT_NEGATIVE},
    {"seed", CLI_INTEGER, TRAINING(seed), "N", "of weights and batches", CLI_NOT_NEGATIVE},
    {"energy-weight", CLI_REAL, TRAINING(energy_weight), "W", "of the energies in the loss",
     CLI_NOT_NEGATIVE},
    {"force-weight", CLI_REAL, TRAINING(force_weight), "W", "of the forces; 0: not trained on",
     CLI_NOT_NEGATIVE},
    {"virial-weight", CLI_REAL, TRAINING(virial_weight), "W", "of the virials; 0: not trained on",
     CLI_NOT_NEGATIVE},
    {"energy-min", CLI_REAL, TRAINING(energy_minimum), "E", "eV/atom; labels below are not used",
     CLI_ANY},
    {"energy-max", CLI_REAL, TRAINING(energy_maximum), "E", "eV/atom; labels above are not used",
     CLI_ANY},
    {"validate-every", CLI_INTEGER, TRAINING(validate_every), "N",
     "steps between validations; 0: every epoch, at least 20 times", CLI_NOT_NEGATIVE},
    {"precision", CLI_CHOICE, TRAINING(precision), "single|mixed|double", "of the arithmetic",
     CLI_ANY},
    {"table", CLI_CHOICE, TRAINING(table), "off|on", "radial functions from tables", CLI_ANY},
    {"table-nodes", CLI_INTEGER, TRAINING(table_nodes), "N", "nodes of a table", 8, 1e6},
    {"backend", CLI_CHOICE, TRAINING(backend), "cpu|ref", "ref is slow and for checks", CLI_ANY},
    {"checkpoint", CLI_TEXT, TRAINING(checkpoint), "FILE.h5",
     "where to save the state [OUT with .checkpoint.h5; removed after success]", CLI_ANY},
    {"checkpoint-every", CLI_REAL, TRAINING(checkpoint_interval), "SECONDS",
     "save also between validations", CLI_NOT_NEGATIVE},
    {"log", CLI_TEXT, TRAINING(log), "FILE.csv", "learning curve, see `eipnn plot curves`",
     CLI_ANY},
};
_Static_assert(sizeof cli_training_options / sizeof cli_training_options[0] == CLI_TRAINING_OPTIONS,
               "the header states the number of training options");

void cli_network_defaults(cli_network *network)
{
  eipnn_network_options options;
  eipnn_network_options_default(&options);
  *network = (cli_network){
      .cutoff = options.cutoff,
      .hidden = options.hidden,
      .layers = options.layers,
      .radial = options.nradial,
      .gamma = options.radial_gamma,
      .cutoff_function = (int)options.cutoff_function,
      .residual = options.residual,
      .filter_ssp = options.filter_ssp,
      .graph = options.padded,
  };
}

static void set_network_name(eipnn_network_options *options, int choice)
{
  char word[32] = "";
  cli_choice_word(cli_network_options[0].value, choice, word);
  snprintf(options->network, sizeof options->network, "%.15s", word);
}

eipnn_network_options cli_network_build(const cli_context *context, const cli_network *network,
                                        const eipnn_network_options *base)
{
  eipnn_network_options options;
  eipnn_network_options_default(&options);
  if (base) options = *base;
  if (!base || cli_given(context, "network")) set_network_name(&options, network->network);
  if (!base || cli_given(context, "cutoff")) options.cutoff = network->cutoff;
  if (!base || cli_given(context, "hidden")) options.hidden = (int)network->hidden;
  if (!base || cli_given(context, "layers")) options.layers = (int)network->layers;
  if (!base || cli_given(context, "radial")) options.nradial = (int)network->radial;
  if (!base || cli_given(context, "gamma")) options.radial_gamma = network->gamma;
  if (!base || cli_given(context, "cutoff-function"))
    options.cutoff_function = (eipnn_cutoff_function)network->cutoff_function;
  if (!base || cli_given(context, "residual")) options.residual = network->residual;
  if (!base || cli_given(context, "filter-ssp")) options.filter_ssp = network->filter_ssp;
  if (!base || cli_given(context, "graph")) options.padded = network->graph;
  return options;
}

void cli_training_defaults(cli_training *training, const eipnn_train_options *options)
{
  *training = (cli_training){
      .steps = options->steps,
      .epochs = options->epochs,
      .batch = options->batch,
      .rate = options->rate,
      .final_ratio = options->final_ratio,
      .schedule = (int)options->schedule,
      .clip = options->clip,
      .seed = (int64_t)options->seed,
      .energy_weight = options->energy_weight,
      .force_weight = options->force_weight,
      .virial_weight = options->virial_weight,
      .energy_minimum = options->energy_minimum,
      .energy_maximum = options->energy_maximum,
      .validate_every = options->validate_every,
      .precision = (int)options->precision,
      .table = options->table,
      .table_nodes = options->table_nodes,
      .backend = !strcmp(options->backend, "ref"),
      .checkpoint_interval = options->checkpoint_interval,
  };
}

eipnn_train_options cli_training_build(const cli_context *context, const cli_training *training,
                                       const eipnn_train_options *start)
{
  eipnn_train_options options = *start;
  /* A length in epochs that the user asked for is not overruled by a default in steps. */
  int by_epochs = cli_given(context, "epochs") && !cli_given(context, "steps");
  options.steps = by_epochs ? 0 : training->steps;
  options.epochs = training->epochs;
  options.batch = (int)training->batch;
  options.rate = training->rate;
  options.final_ratio = training->final_ratio;
  options.schedule = (eipnn_schedule)training->schedule;
  options.clip = training->clip;
  options.seed = (uint64_t)training->seed;
  options.energy_weight = training->energy_weight;
  options.force_weight = training->force_weight;
  options.virial_weight = training->virial_weight;
  options.energy_minimum = training->energy_minimum;
  options.energy_maximum = training->energy_maximum;
  options.validate_every = training->validate_every;
  options.precision = (eipnn_precision)training->precision;
  options.table = training->table;
  options.table_nodes = (int)training->table_nodes;
  options.backend = training->backend ? "ref" : "cpu";
  options.checkpoint = training->checkpoint;
  options.checkpoint_interval = training->checkpoint_interval;
  return options;
}

/* The folder must take a new file, which then replaces path. */
static int check_writable(const char *path)
{
  struct stat present;
  if (!stat(path, &present) && !S_ISREG(present.st_mode))
    return cli_failure("%s cannot be written: it is no regular file", path);
  char folder[PATH_MAX];
  const char *slash = strrchr(path, '/');
  int length = slash ? (int)(slash - path) : 0;
  snprintf(folder, sizeof folder, "%.*s/", length, path);
  if (access(slash ? folder : ".", W_OK))
    return cli_failure("%s cannot be written: %s", path, strerror(errno));
  return CLI_GOOD;
}

int cli_training_check(const cli_context *context, const cli_training *training,
                       const cli_training_files *files)
{
  const cli_named_file written[] = {
      {"--out", files->out}, {"--checkpoint", training->checkpoint}, {"--log", training->log}};
  const cli_named_file read[] = {{"the dataset", context->parsed->argument[0]},
                                 {"the list of --eips", files->eips},
                                 {"the model of --pretrained", files->pretrained},
                                 {"the options of --input", files->input}};
  int clash = cli_outputs_check(3, written, 4, read);
  if (clash) return clash;
  if (cli_given(context, "epochs") && cli_given(context, "steps") && training->steps > 0)
    return cli_usage_error("--steps and --epochs exclude each other");
  if (training->energy_minimum > training->energy_maximum)
    return cli_usage_error("--energy-min %g lies above --energy-max %g", training->energy_minimum,
                           training->energy_maximum);
  if (training->energy_weight == 0 && training->force_weight == 0 && training->virial_weight == 0)
    return cli_usage_error("nothing to train on: --energy-weight, --force-weight and "
                           "--virial-weight are all 0");
  int code = check_writable(files->out);
  return code || !training->checkpoint ? code : check_writable(training->checkpoint);
}

char *cli_sibling_path(const char *path, const char *suffix)
{
  size_t stem = strlen(path) - (cli_has_suffix(path, ".h5") ? 3 : 0);
  char *sibling = malloc(stem + strlen(suffix) + 1);
  if (sibling) sprintf(sibling, "%.*s%s", (int)stem, path, suffix);
  return sibling;
}

static eipnn_status set_number(eipnn_model *model, const char *key, double value)
{
  char text[32];
  snprintf(text, sizeof text, "%.8g", value);
  return eipnn_model_set_history(model, key, text);
}

/* The network of a model that continues a pretrained one is not that of the defaults. */
static void set_network(json_t *object, const eipnn_network_options *network)
{
  char word[32];
  json_object_set_new(object, "network", json_string(network->network));
  json_object_set_new(object, "cutoff", json_real(network->cutoff));
  json_object_set_new(object, "hidden", json_integer(network->hidden));
  json_object_set_new(object, "layers", json_integer(network->layers));
  json_object_set_new(object, "radial", json_integer(network->nradial));
  json_object_set_new(object, "gamma", json_real(network->radial_gamma));
  const struct {
    size_t row;
    int choice;
  } choices[] = {{6, (int)network->cutoff_function},
                 {7, network->residual},
                 {8, network->filter_ssp},
                 {9, network->padded}};
  for (size_t k = 0; k < sizeof choices / sizeof choices[0]; k++) {
    const cli_option *option = &cli_network_options[choices[k].row];
    if (cli_choice_word(option->value, choices[k].choice, word))
      json_object_set_new(object, option->name, json_string(word));
  }
}

static eipnn_status set_options(const cli_context *context, const void *values, eipnn_model *model)
{
  json_t *object = cli_options_json(context->command, values);
  if (object) set_network(object, eipnn_model_options(model));
  char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
  json_decref(object);
  if (!text) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the options");
  eipnn_status status = eipnn_model_set_history(model, "options", text);
  free(text);
  return status;
}

eipnn_status cli_write_history(const cli_context *context, const void *values,
                               const cli_origin *origin, eipnn_model *model)
{
  char hash[17], seed[32];
  eipnn_dataset_hash(origin->dataset, hash);
  snprintf(seed, sizeof seed, "%" PRIu64, origin->options->seed);
  const struct {
    const char *key, *value;
  } texts[] = {{"program", "eipnn " EIPNN_VERSION},
               {"method", origin->method},
               {"dataset", origin->data},
               {"dataset_hash", hash},
               {"split", origin->split ? origin->split : ""},
               {"seed", seed},
               {"precision", eipnn_precision_name(origin->options->precision)}};
  for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
    EIPNN_TRY(eipnn_model_set_history(model, texts[k].key, texts[k].value));
  EIPNN_TRY(set_number(model, "steps", (double)origin->summary->steps));
  EIPNN_TRY(set_number(model, "best_step", (double)origin->summary->best_step));
  EIPNN_TRY(set_number(model, "training_configurations", (double)origin->summary->ntrain));
  EIPNN_TRY(set_number(model, "validation_configurations", (double)origin->summary->nvalidation));
  EIPNN_TRY(set_number(model, "validation_mae", origin->summary->best_mae));
  EIPNN_TRY(set_number(model, "validation_atom_mae", origin->summary->best_atom_mae));
  return set_options(context, values, model);
}
