/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/stage_origin.h"

#include "base/error.h"
#include "base/hash.h"
#include "cli/input_file.h"
#include "cli/network_setup.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Options without effect on any result, of the backend's beyond rounding. */
static const char *const places[] = {
    "out", "json", "log", "resume", "input", "checkpoint", "checkpoint-every", "backend"};
/* Options of the training that the stages before it share. */
static const char *const shared[] = {"seed", "batch", "clip", "precision", "table", "table-nodes"};
/* Those that a classifier depends on beside its own. */
static const char *const classes[] = {"pooling", "calibrate", "error-limit", "energy-min",
                                      "energy-max"};
#define COUNT(table) (sizeof table / sizeof table[0])

static int contains(size_t count, const char *const *table, const char *name)
{
  for (size_t k = 0; k < count; k++)
    if (!strcmp(table[k], name)) return 1;
  return 0;
}

static int begins(const char *name, const char *beginning)
{
  return !strncmp(name, beginning, strlen(beginning));
}

static int is_of_network(const char *name)
{
  for (int k = 0; k < CLI_NETWORK_OPTIONS; k++)
    if (!strcmp(cli_network_options[k].name, name)) return 1;
  return 0;
}

/* 1 if what the stage gives depends on the option. */
static int matters(const train_values *train, const char *stage, const char *option)
{
  int pretraining = !strcmp(stage, CLI_STAGE_PRETRAINING);
  if (!pretraining && strcmp(stage, CLI_STAGE_CLASSIFIER) != 0)
    return !contains(COUNT(places), places, option);
  if (is_of_network(option) || contains(COUNT(shared), shared, option)) return 1;
  if ((pretraining || train->start_pretrained) && begins(option, "pretrain")) return 1;
  return !pretraining &&
         (begins(option, "classifier-") || contains(COUNT(classes), classes, option));
}

/* Options of this run; the network is that which the stage creates. */
static json_t *describe_options(const train_job *job, const char *stage)
{
  const train_values *train = job->values;
  int fresh = !strcmp(stage, CLI_STAGE_PRETRAINING) ||
              (!strcmp(stage, CLI_STAGE_CLASSIFIER) && !train->start_pretrained);
  const eipnn_network_options *base =
      fresh || !job->pretrained ? NULL : eipnn_model_options(job->pretrained);
  eipnn_network_options network = cli_network_build(job->context, &train->setup.network, base);
  json_t *options = cli_options_json(job->context->command, train);
  if (options) cli_network_json(&network, options);
  return options;
}

static int find_option(const train_job *job, const char *stage, json_t *found, json_t *now,
                       char difference[CLI_DIFFERENCE])
{
  const cli_command *command = job->context->command;
  for (size_t g = 0; g < command->group_count; g++)
    for (size_t k = 0; k < command->groups[g].count; k++) {
      const char *name = command->groups[g].option[k].name;
      json_t *one = json_object_get(found, name), *other = json_object_get(now, name);
      if (!matters(job->values, stage, name) || (!one && !other)) continue;
      if (one && other && json_equal(one, other)) continue;
      snprintf(difference, CLI_DIFFERENCE, "its --%s differs", name);
      return 1;
    }
  return 0;
}

static int options_differ(const train_job *job, const eipnn_model *model, const char *stage,
                          char difference[CLI_DIFFERENCE])
{
  const char *text = eipnn_model_history(model, "options");
  json_t *found = text ? json_loads(text, 0, NULL) : NULL;
  json_t *now = describe_options(job, stage);
  int differ = 1;
  snprintf(difference, CLI_DIFFERENCE, "its options are not known");
  if (json_is_object(found) && now) differ = find_option(job, stage, found, now, difference);
  json_decref(found);
  json_decref(now);
  return differ;
}

int cli_stage_differs(const train_job *job, const eipnn_model *model, const char *stage,
                      char difference[CLI_DIFFERENCE])
{
  char inputs[17];
  cli_stage_inputs(job, inputs);
  const struct {
    const char *key, *value, *difference;
  } facts[] = {{"method", stage, "its method differs"},
               {"dataset_hash", job->hash, "its configurations or DFT labels differ"},
               {"split", job->values->split, "its split differs"},
               {"inputs", inputs,
                "its EIP labels, chosen labels, reference energies or roles of the split differ"}};
  for (size_t k = 0; k < COUNT(facts); k++) {
    const char *found = eipnn_model_history(model, facts[k].key);
    if (found && !strcmp(found, facts[k].value)) continue;
    snprintf(difference, CLI_DIFFERENCE, "%s", facts[k].difference);
    return 1;
  }
  return options_differ(job, model, stage, difference);
}

static uint64_t add_labels(uint64_t hash, const eipnn_dataset *dataset, const char *name)
{
  const eipnn_labels *labels = eipnn_dataset_labels(dataset, name);
  size_t count = eipnn_dataset_count(dataset), natoms = eipnn_dataset_first_atom(dataset, count);
  for (const char *letter = name; *letter; letter++)
    hash = eipnn_hash_word(hash, (unsigned char)*letter);
  hash = eipnn_hash_reals(hash, labels->energy, count);
  hash = eipnn_hash_reals(hash, labels->forces ? labels->forces[0] : NULL, 3 * natoms);
  return eipnn_hash_reals(hash, labels->virial ? labels->virial[0] : NULL, 6 * count);
}

void cli_stage_inputs(const train_job *job, char hex[17])
{
  const eipnn_augmentation *chosen = &job->labelling.chosen;
  uint64_t hash = EIPNN_HASH_START;
  int species[118], known, count = eipnn_dataset_species(job->dataset, species);
  for (size_t k = 0; k < eipnn_dataset_count(job->dataset); k++)
    hash = eipnn_hash_word(hash, job->role[k]);
  for (int k = 0; k < count; k++) {
    double energy = eipnn_dataset_reference_energy(job->dataset, species[k], &known);
    hash = eipnn_hash_reals(hash, known ? &energy : NULL, 1);
  }
  for (int k = 0; k < job->sets.count; k++)
    hash = add_labels(hash, job->dataset, job->sets.name[k]);
  if (chosen->count) {
    hash = eipnn_hash_reals(hash, chosen->energy, chosen->count);
    hash = eipnn_hash_reals(hash, chosen->weight, chosen->count);
  }
  snprintf(hex, 17, "%016" PRIx64, hash);
}
