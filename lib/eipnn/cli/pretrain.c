/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/backend_option.h"
#include "cli/parallel.h"
#include "cli/pretraining.h"
#include "cli/training_setup.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct pretrain_values {
  const char *eips, *out, *split;
  cli_setup setup;
} pretrain_values;

#define FIELD(name) offsetof(pretrain_values, name)
static const cli_option options[] = {
    {"eips", CLI_TEXT, FIELD(eips), "LIST.json", "the EIPs to learn (required)", CLI_ANY},
    {"out", CLI_TEXT, FIELD(out), "PRE.h5", "model with one head per EIP (required)", CLI_ANY},
    {"split", CLI_TEXT, FIELD(split), "S",
     "train on its training set and pool, validate on its validation set; without it nine "
     "configurations in ten train",
     CLI_ANY},
};
static const cli_group groups[] = {
    {"options", options, sizeof options / sizeof options[0], 0},
    CLI_SETUP_GROUPS(FIELD(setup)),
};

static void defaults(void *values)
{
  pretrain_values *pretrain = values;
  eipnn_network_options_default(&pretrain->setup.network);
  eipnn_pretrain_options_default(&pretrain->setup.training);
}

static int check(const cli_context *context, const pretrain_values *pretrain)
{
  const cli_training_files files = {.out = pretrain->out, .eips = pretrain->eips};
  return cli_setup_check(context, &pretrain->setup, &files);
}

static void report(const cli_context *context, const pretrain_values *pretrain,
                   const eipnn_model *model, const eipnn_train_summary *summary)
{
  cli_print(context,
            "wrote %s: %d heads, best validation %.4f eV (%.1f meV/atom) over the EIPs at step "
            "%lld of %lld, %zu training configurations\n",
            pretrain->out, eipnn_model_head_count(model), summary->best_mae,
            1000 * summary->best_atom_mae, (long long)summary->best_step, (long long)summary->steps,
            summary->ntrain);
}

static int pretrain_on(const cli_context *context, pretrain_values *pretrain,
                       const cli_label_sets *sets, eipnn_dataset *dataset)
{
  char hash[17];
  cli_setup *setup = &pretrain->setup;
  eipnn_train_summary summary = {0};
  eipnn_model *model = NULL;
  eipnn_dataset_hash(dataset, hash);
  const cli_pretraining pretraining = {
      .data = context->parsed->argument[0],
      .hash = hash,
      .sets = sets,
      .split = pretrain->split,
      .out = pretrain->out,
      .network = &setup->network,
      .options = setup->training,
      .log = setup->log,
      .resume = setup->resume,
      .values = pretrain,
  };
  int code = cli_pretrain_model(context, &pretraining, dataset, &model, &summary);
  if (!code) report(context, pretrain, model, &summary);
  eipnn_model_free(&model);
  return code;
}

static int run(const cli_context *context, void *values)
{
  pretrain_values *pretrain = values;
  eipnn_dataset *dataset = NULL;
  cli_label_sets sets = {0};
  if (!pretrain->eips) return cli_usage_error("--eips LIST.json is required");
  if (!pretrain->out) return cli_usage_error("--out PRE.h5 is required");
  char *checkpoint = cli_sibling_path(pretrain->out, ".checkpoint.h5");
  if (!checkpoint) return cli_failure("no memory for a file name");
  if (!pretrain->setup.training.checkpoint) pretrain->setup.training.checkpoint = checkpoint;
  int code = check(context, pretrain);
  if (!code) code = cli_read_dataset(context, context->parsed->argument[0], &dataset);
  if (!code) {
    eipnn_status status =
        cli_label_sets_find(dataset, context->parsed->argument[0], pretrain->eips, &sets);
    code = cli_parallel_agree(context->parallel, cli_code(status));
  }
  if (!code) cli_backend_report(context, pretrain->setup.training.backend);
  if (!code) code = pretrain_on(context, pretrain, &sets, dataset);
  cli_label_sets_free(&sets);
  eipnn_dataset_free(&dataset);
  free(checkpoint);
  return code;
}

const cli_command cli_pretrain = {
    .name = "pretrain",
    .summary = "train a network on EIP labels (multi-task pretraining)",
    .usage = "DATA.h5 --eips LIST.json --out PRE.h5 [options]",
    .details =
        "Trains one network with one head per EIP of the list on all labels that `eipnn label` "
        "stored; no DFT energy is used. `eipnn train --method mp --pretrained PRE.h5` starts "
        "from its representation. The first SIGINT or SIGTERM saves the state and stops.",
    .example = "  eipnn pretrain silicon.h5 --network schnet --eips potentials/eips/si.json \\\n"
               "      --split a --out pre.h5 --steps 6000",
    .values_size = sizeof(pretrain_values),
    .groups = groups,
    .group_count = sizeof groups / sizeof groups[0],
    .defaults = defaults,
    .minimum_arguments = 1,
    .maximum_arguments = 1,
    .every_rank = 1,
    .run = run,
};
