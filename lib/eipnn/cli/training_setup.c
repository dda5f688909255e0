/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _DEFAULT_SOURCE
#include "cli/training_setup.h"

#include "cli/backend_option.h"
#include "cli/dataset_file.h"
#include "cli/outputs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RUN(name) offsetof(cli_setup, name)
const cli_option cli_run_options[] = {
    {"input", CLI_TEXT, RUN(input), "FILE.json", "options by the same names; the command line wins",
     CLI_ANY},
    {"resume", CLI_FLAG, RUN(resume), "", "go on from the checkpoint and the finished stages",
     CLI_ANY},
    {"log", CLI_TEXT, RUN(log), "FILE.csv", "learning curve, see `eipnn plot curves`", CLI_ANY},
};
_Static_assert(sizeof cli_run_options / sizeof cli_run_options[0] == CLI_RUN_OPTIONS,
               "the header states the number of run options");

#define TRAINING(name) offsetof(eipnn_train_options, name)
const cli_option cli_training_options[] = {
    {"steps", CLI_INTEGER, TRAINING(steps), "N", "length in optimiser steps; 0: by --epochs",
     CLI_NOT_NEGATIVE},
    {"epochs", CLI_INTEGER, TRAINING(epochs), "N", "length in epochs", CLI_COUNT(1e9)},
    {"batch", CLI_INT, TRAINING(batch), "N", "configurations per step", CLI_COUNT(1e6)},
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
    {"huber", CLI_REAL, TRAINING(huber), "D",
     "energy residuals beyond D times the head's scale count linearly; 0: all squared",
     CLI_NOT_NEGATIVE},
    {"average", CLI_REAL, TRAINING(average), "D",
     "validate and keep the mean of the weights that decays by D a step, e.g. 0.99; 0: no mean", 0,
     0.999999},
    {"keep", CLI_CHOICE, TRAINING(keep_last), "best|last",
     "the weights of the best or of the last validation", CLI_ANY},
    {"energy-min", CLI_REAL, TRAINING(energy_minimum), "E", "eV/atom; labels below are not used",
     CLI_ANY},
    {"energy-max", CLI_REAL, TRAINING(energy_maximum), "E", "eV/atom; labels above are not used",
     CLI_ANY},
    {"validate-every", CLI_INTEGER, TRAINING(validate_every), "N",
     "steps between validations; 0: every epoch, at least 20 times", CLI_NOT_NEGATIVE},
    {"precision", CLI_CHOICE, TRAINING(precision), "single|mixed|double", "of the arithmetic",
     CLI_ANY},
    {"table", CLI_CHOICE, TRAINING(table), "off|on", "radial functions from tables", CLI_ANY},
    {"table-nodes", CLI_INT, TRAINING(table_nodes), "N", "nodes of a table", 8, 1e6},
    {"backend", CLI_WORD, TRAINING(backend), CLI_BACKEND_ARGUMENT, CLI_BACKEND_HELP, CLI_ANY},
    {"checkpoint", CLI_TEXT, TRAINING(checkpoint), "FILE.h5",
     "where to save the state [OUT with .checkpoint.h5; removed after success]", CLI_ANY},
    {"checkpoint-every", CLI_REAL, TRAINING(checkpoint_interval), "SECONDS",
     "time between saves of the state; 0: at every validation", CLI_NOT_NEGATIVE},
};
_Static_assert(sizeof cli_training_options / sizeof cli_training_options[0] == CLI_TRAINING_OPTIONS,
               "the header states the number of training options");
_Static_assert(sizeof(eipnn_schedule) == sizeof(int) && sizeof(eipnn_precision) == sizeof(int),
               "options write choices as int");

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

int cli_length_check(const cli_context *context, const char *steps, const char *epochs,
                     const eipnn_train_options *options)
{
  if (cli_given(context, epochs) && cli_given(context, steps) && options->steps > 0)
    return cli_usage_error("--%s and --%s exclude each other", steps, epochs);
  return CLI_GOOD;
}

/* No file that is written may be one that is read. */
static int check_outputs(const cli_context *context, const cli_setup *setup,
                         const cli_training_files *files, size_t count,
                         const cli_named_file *written)
{
  const cli_named_file read[] = {{"the dataset", context->parsed->argument[0]},
                                 {"the list of --eips", files->eips},
                                 {"the model of --pretrained", files->pretrained},
                                 {"the classifier of --classifier", files->classifier},
                                 {"the labels of --labels", files->labels},
                                 {"the options of --input", setup->input}};
  return cli_outputs_check(count, written, sizeof read / sizeof read[0], read);
}

int cli_stage_file_check(const cli_context *context, const cli_setup *setup,
                         const cli_training_files *files, const char *path)
{
  const cli_named_file written[] = {{"--out", files->out},
                                    {"--checkpoint", setup->training.checkpoint},
                                    {"--log", setup->log},
                                    {"a file beside --out,", path}};
  int code = check_outputs(context, setup, files, sizeof written / sizeof written[0], written);
  return code ? code : check_writable(path);
}

int cli_setup_check(const cli_context *context, const cli_setup *setup,
                    const cli_training_files *files)
{
  const eipnn_train_options *training = &setup->training;
  const cli_named_file written[] = {
      {"--out", files->out}, {"--checkpoint", training->checkpoint}, {"--log", setup->log}};
  int code = check_outputs(context, setup, files, sizeof written / sizeof written[0], written);
  if (!code) code = cli_length_check(context, "steps", "epochs", training);
  if (code) return code;
  if (training->energy_minimum > training->energy_maximum)
    return cli_usage_error("--energy-min %g lies above --energy-max %g", training->energy_minimum,
                           training->energy_maximum);
  if (training->energy_weight == 0 && training->force_weight == 0 && training->virial_weight == 0)
    return cli_usage_error("nothing to train on: --energy-weight, --force-weight and "
                           "--virial-weight are all 0");
  code = check_writable(files->out);
  if (!code && training->checkpoint) code = check_writable(training->checkpoint);
  return code ? code : cli_backend_check(training->backend);
}

char *cli_sibling_path(const char *path, const char *suffix)
{
  size_t stem = strlen(path);
  if (cli_has_suffix(path, ".h5")) stem -= 3;
  if (cli_has_suffix(path, ".csv")) stem -= 4;
  char *sibling = malloc(stem + strlen(suffix) + 1);
  if (sibling) sprintf(sibling, "%.*s%s", (int)stem, path, suffix);
  return sibling;
}
