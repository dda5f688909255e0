/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "cli/dataset_file.h"
#include "cli/input_file.h"
#include "cli/parallel.h"
#include "cli/pretraining.h"
#include "cli/training_setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { METHOD_NONE, METHOD_LA, METHOD_MP, METHOD_MP_LA };

typedef struct train_values {
  const char *split, *out, *pretrained, *eips, *input;
  int method, resume, json;
  int64_t pretrain_steps;
  double pretrain_energy_minimum, pretrain_energy_maximum;
  cli_network network;
  cli_training training;
} train_values;

#define FIELD(name) offsetof(train_values, name)
static const cli_option options[] = {
    {"split", CLI_TEXT, FIELD(split), "S", "split of the dataset (required)", CLI_ANY},
    {"out", CLI_TEXT, FIELD(out), "MODEL.h5", "model file (required)", CLI_ANY},
    {"method", CLI_CHOICE, FIELD(method), "none|la|mp|mp+la",
     "none: DFT labels only; mp: from a pretrained representation; la, mp+la: not in this version",
     CLI_ANY},
    {"pretrained", CLI_TEXT, FIELD(pretrained), "PRE.h5", "of `eipnn pretrain`, for mp", CLI_ANY},
    {"eips", CLI_TEXT, FIELD(eips), "LIST.json",
     "for mp without --pretrained: pretrain first, into OUT with .pretrained.h5", CLI_ANY},
    {"pretrain-steps", CLI_INTEGER, FIELD(pretrain_steps), "N", "length of that pretraining",
     CLI_COUNT(1e12)},
    {"pretrain-energy-min", CLI_REAL, FIELD(pretrain_energy_minimum), "E",
     "eV/atom; its EIP labels below are not used", CLI_ANY},
    {"pretrain-energy-max", CLI_REAL, FIELD(pretrain_energy_maximum), "E",
     "eV/atom; its EIP labels above are not used", CLI_ANY},
    {"input", CLI_TEXT, FIELD(input), "FILE.json",
     "options by the same names; the command line wins", CLI_ANY},
    {"resume", CLI_FLAG, FIELD(resume), "", "go on from the checkpoint", CLI_ANY},
    {"json", CLI_FLAG, FIELD(json), "", "print the summary as JSON", CLI_ANY},
};
static const cli_group groups[] = {
    {"options", options, sizeof options / sizeof options[0], 0},
    {"network", cli_network_options, CLI_NETWORK_OPTIONS, FIELD(network)},
    {"training", cli_training_options, CLI_TRAINING_OPTIONS, FIELD(training)},
};

/* File names that a run makes out of OUT. */
typedef struct train_files {
  char *checkpoint, *pretrained, *pretrain_checkpoint;
} train_files;

static void defaults(void *values)
{
  train_values *train = values;
  eipnn_train_options training, pretraining;
  eipnn_train_options_default(&training);
  eipnn_pretrain_options_default(&pretraining);
  cli_network_defaults(&train->network);
  cli_training_defaults(&train->training, &training);
  train->pretrain_steps = pretraining.steps > 0 ? pretraining.steps : 6000;
  train->pretrain_energy_minimum = pretraining.energy_minimum;
  train->pretrain_energy_maximum = pretraining.energy_maximum;
}

static int check(const cli_context *context, const train_values *train)
{
  if (!train->split) return cli_usage_error("--split S is required, see `eipnn split --help`");
  if (!train->out) return cli_usage_error("--out MODEL.h5 is required");
  if (train->method == METHOD_LA || train->method == METHOD_MP_LA)
    return cli_usage_error("label augmentation (--method la, mp+la) is not in this version; the "
                           "methods are none and mp");
  if (train->method == METHOD_MP && !train->pretrained && !train->eips)
    return cli_usage_error("--method mp needs --pretrained PRE.h5 (of `eipnn pretrain`), or --eips "
                           "LIST.json to pretrain first");
  if (train->method == METHOD_NONE && (train->pretrained || train->eips))
    return cli_usage_error("--pretrained and --eips are for --method mp");
  const cli_training_files files = {train->out, train->eips, train->pretrained, train->input};
  return cli_training_check(context, &train->training, &files);
}

/* Pretrains, or reads the result of a pretraining that an interrupted run finished. */
static int pretrain_first(const cli_context *context, const train_values *train,
                          const train_files *files, eipnn_dataset *dataset, eipnn_model **model)
{
  eipnn_train_summary summary = {0};
  eipnn_train_options start;
  if (train->resume && access(files->pretrained, F_OK) == 0)
    return cli_read_model(context, files->pretrained, model);
  eipnn_pretrain_options_default(&start);
  eipnn_network_options network = cli_network_build(context, &train->network, NULL);
  cli_pretraining pretraining = {
      .data = context->parsed->argument[0],
      .eips = train->eips,
      .split = train->split,
      .out = files->pretrained,
      .network = &network,
      .options = start,
      .resume = train->resume,
      .values = train,
  };
  pretraining.options.steps = train->pretrain_steps;
  pretraining.options.batch = (int)train->training.batch;
  pretraining.options.seed = (uint64_t)train->training.seed;
  pretraining.options.energy_minimum = train->pretrain_energy_minimum;
  pretraining.options.energy_maximum = train->pretrain_energy_maximum;
  pretraining.options.precision = (eipnn_precision)train->training.precision;
  pretraining.options.table = train->training.table;
  pretraining.options.table_nodes = (int)train->training.table_nodes;
  pretraining.options.checkpoint = files->pretrain_checkpoint;
  int code = cli_pretrain_model(context, &pretraining, dataset, model, &summary);
  if (!code && !train->json)
    cli_print(context, "wrote %s: best validation %.4f eV over the EIPs\n", files->pretrained,
              summary.best_mae);
  return code;
}

/* A model with one fresh head "dft"; its representation is fresh too, or that of pretrained. */
static eipnn_status create_model(const cli_context *context, const train_values *train,
                                 const eipnn_dataset *dataset, const eipnn_model *pretrained,
                                 eipnn_model **model)
{
  static const char *const head[] = {"dft"};
  int number[118];
  const int *species = number;
  int nspecies = eipnn_dataset_species(dataset, number);
  if (pretrained) {
    species = eipnn_model_species(pretrained);
    nspecies = eipnn_model_species_count(pretrained);
  }
  eipnn_network_options network = cli_network_build(
      context, &train->network, pretrained ? eipnn_model_options(pretrained) : NULL);
  EIPNN_TRY(eipnn_model_create(&network, nspecies, species, 1, head, (uint64_t)train->training.seed,
                               model));
  return pretrained ? eipnn_model_copy_representation(*model, pretrained) : EIPNN_OK;
}

static void report_json(const cli_context *context, const train_values *train,
                        const eipnn_train_summary *summary)
{
  json_t *object = json_pack(
      "{s:s,s:s,s:I,s:I,s:f,s:f,s:I,s:I}", "model", train->out, "method",
      train->method == METHOD_MP ? "mp" : "none", "steps", (json_int_t)summary->steps, "best_step",
      (json_int_t)summary->best_step, "validation_mae", summary->best_mae, "validation_atom_mae",
      summary->best_atom_mae, "training_configurations", (json_int_t)summary->ntrain,
      "validation_configurations", (json_int_t)summary->nvalidation);
  char *text = object ? json_dumps(object, JSON_INDENT(2)) : NULL;
  if (text) cli_print(context, "%s\n", text);
  free(text);
  json_decref(object);
}

static void report(const cli_context *context, const train_values *train,
                   const eipnn_train_summary *summary)
{
  if (train->json) {
    report_json(context, train, summary);
    return;
  }
  cli_print(context,
            "wrote %s: best validation %.4f eV (%.1f meV/atom) at step %lld of %lld, %zu training "
            "and %zu validation configurations\n",
            train->out, summary->best_mae, 1000 * summary->best_atom_mae,
            (long long)summary->best_step, (long long)summary->steps, summary->ntrain,
            summary->nvalidation);
}

static int train_model(const cli_context *context, const train_values *train,
                       const eipnn_dataset *dataset, eipnn_model *model)
{
  eipnn_train_options start;
  eipnn_train_summary summary = {0};
  eipnn_train_options_default(&start);
  eipnn_train_options training = cli_training_build(context, &train->training, &start);
  training.split = train->split;
  eipnn_status status = eipnn_train_fit_output(model, dataset, &training);
  int code = cli_parallel_agree(context->parallel, cli_code(status));
  cli_training_run run = {"training", train->training.log, train->resume};
  if (!code) code = cli_run_training(context, &run, &training, dataset, model, &summary);
  if (code) return cli_keep_best(context, model, train->out, &summary, code);
  cli_origin origin = {train->method == METHOD_MP ? "mp" : "none",
                       context->parsed->argument[0],
                       train->split,
                       dataset,
                       &training,
                       &summary};
  status = cli_write_history(context, train, &origin, model);
  code = cli_parallel_agree(context->parallel, cli_code(status));
  if (!code) code = cli_store_model(context, model, train->out, training.checkpoint);
  if (!code) report(context, train, &summary);
  return code;
}

/* A weight on labels that the dataset has not would do nothing. */
static int check_weights(const train_values *train, const eipnn_dataset *dataset, const char *path)
{
  const eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  if (dft && train->training.force_weight > 0 && !dft->forces)
    return cli_usage_error("--force-weight: %s has no DFT forces", path);
  if (dft && train->training.virial_weight > 0 && !dft->virial)
    return cli_usage_error("--virial-weight: %s has no DFT virials", path);
  return CLI_GOOD;
}

static int train_on(const cli_context *context, const train_values *train, const train_files *files,
                    eipnn_dataset *dataset)
{
  eipnn_model *pretrained = NULL, *model = NULL;
  uint8_t *role;
  eipnn_status status = cli_find_split(dataset, context->parsed->argument[0], train->split, &role);
  int code = cli_parallel_agree(context->parallel, cli_code(status));
  if (!code) code = check_weights(train, dataset, context->parsed->argument[0]);
  if (!code && train->pretrained)
    code = cli_read_model(context, train->pretrained, &pretrained);
  else if (!code && train->eips)
    code = pretrain_first(context, train, files, dataset, &pretrained);
  if (!code) {
    status = create_model(context, train, dataset, pretrained, &model);
    code = cli_parallel_agree(context->parallel, cli_code(status));
  }
  if (!code) code = train_model(context, train, dataset, model);
  eipnn_model_free(&pretrained);
  eipnn_model_free(&model);
  return code;
}

static int run(const cli_context *context, void *values)
{
  train_values *train = values;
  eipnn_dataset *dataset = NULL;
  int code = check(context, train);
  if (code) return code;
  train_files files = {cli_sibling_path(train->out, ".checkpoint.h5"),
                       cli_sibling_path(train->out, ".pretrained.h5"),
                       cli_sibling_path(train->out, ".pretraining.checkpoint.h5")};
  if (!files.checkpoint || !files.pretrained || !files.pretrain_checkpoint)
    code = cli_failure("no memory for a file name");
  if (!train->training.checkpoint) train->training.checkpoint = files.checkpoint;
  if (!code) code = cli_read_dataset(context, context->parsed->argument[0], &dataset);
  if (!code) code = train_on(context, train, &files, dataset);
  eipnn_dataset_free(&dataset);
  free(files.checkpoint);
  free(files.pretrained);
  free(files.pretrain_checkpoint);
  return code;
}

const cli_command cli_train = {
    .name = "train",
    .summary = "train a network on DFT labels, from scratch or pretrained",
    .usage = "DATA.h5 --split S --out MODEL.h5 [options]",
    .details = "Trains on the energies (and with --force-weight, --virial-weight on forces and "
               "virials) of the training set; the weights of the best validation are kept. With "
               "--pretrained the network is the pretrained one. The first SIGINT or SIGTERM saves "
               "the state and stops; --resume goes on from there to the same result.",
    .example = "  eipnn train silicon.h5 --split a --network schnet --method none --out dft.h5\n"
               "  eipnn train silicon.h5 --split a --method mp --pretrained pre.h5 --out mp.h5 \\\n"
               "      --steps 3000 --log mp.csv",
    .values_size = sizeof(train_values),
    .groups = groups,
    .group_count = sizeof groups / sizeof groups[0],
    .defaults = defaults,
    .minimum_arguments = 1,
    .maximum_arguments = 1,
    .every_rank = 1,
    .run = run,
};
