/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "base/memory.h"
#include "cli/backend_option.h"
#include "cli/dataset_file.h"
#include "cli/outputs.h"
#include "cli/parallel.h"
#include "cli/select_report.h"
#include "cli/training_run.h"

#include <stdlib.h>

typedef struct select_values {
  const char *split, *eips, *csv, *backend;
  int role, json, precision, table;
  double energy_minimum, energy_maximum; /* of the DFT labels that a calibration is fitted to */
  cli_label_choice choosing;
} select_values;

#define FIELD(name) offsetof(select_values, name)
static const cli_option options[] = {
    {"split", CLI_TEXT, FIELD(split), "S", "split of the dataset (required)", CLI_ANY},
    {"role", CLI_CHOICE, FIELD(role), "pool|test|validation|train", "part of the split", CLI_ANY},
    {"eips", CLI_TEXT, FIELD(eips), "LIST.json", "must name the EIPs of the classifier", CLI_ANY},
    {"energy-min", CLI_REAL, FIELD(energy_minimum), "E",
     "eV/atom; labels below are not chosen, DFT labels below are not fitted to", CLI_ANY},
    {"energy-max", CLI_REAL, FIELD(energy_maximum), "E",
     "eV/atom; labels above are not chosen, DFT labels above are not fitted to", CLI_ANY},
    {"csv", CLI_TEXT, FIELD(csv), "FILE.csv", "a row per configuration, see `eipnn plot labels`",
     CLI_ANY},
    {"precision", CLI_CHOICE, FIELD(precision), "single|mixed|double", "of the arithmetic",
     CLI_ANY},
    {"table", CLI_CHOICE, FIELD(table), "off|on", "radial functions from tables", CLI_ANY},
    {"backend", CLI_WORD, FIELD(backend), CLI_BACKEND_ARGUMENT, CLI_BACKEND_HELP, CLI_ANY},
    {"json", CLI_FLAG, FIELD(json), "", "print the result as JSON", CLI_ANY},
};
static const cli_group groups[] = {
    {"options", options, sizeof options / sizeof options[0], 0},
    {"choice", cli_label_choice_options, CLI_LABEL_CHOICE_OPTIONS, FIELD(choosing)},
};

/* In memory only: the selected configurations as the pool that labels are chosen for. */
static const char own_split[] = "(selection)";

/* One run, from the files to the report. */
typedef struct select_job {
  const cli_context *context;
  select_values *values;
  eipnn_model *classifier;
  eipnn_dataset *dataset;
  cli_label_sets sets;
  cli_labelling labelling;
  unsigned char *wanted; /* [n] */
  uint8_t *selected;     /* [n] roles of own_split */
} select_job;

static void defaults(void *values)
{
  select_values *select = values;
  eipnn_calculator_options calculator;
  eipnn_calculator_options_default(&calculator);
  select->precision = (int)calculator.precision;
  select->table = calculator.table;
  select->backend = calculator.backend;
  select->energy_minimum = select->energy_maximum = NAN;
  cli_label_choice_defaults(&select->choosing);
}

static int check(const cli_context *context, const select_values *select)
{
  if (!select->split) return cli_usage_error("--split S is required");
  if (select->energy_minimum > select->energy_maximum)
    return cli_usage_error("--energy-min %g lies above --energy-max %g", select->energy_minimum,
                           select->energy_maximum);
  const cli_named_file written[] = {{"--csv", select->csv}};
  const cli_named_file read[] = {{"the classifier", context->parsed->argument[0]},
                                 {"the dataset", context->parsed->argument[1]},
                                 {"the list of --eips", select->eips}};
  const int code = cli_outputs_check(1, written, 3, read);
  return code ? code : cli_backend_check(select->backend);
}

static eipnn_status mark_selected(select_job *job)
{
  static const uint8_t roles[] = {EIPNN_ROLE_POOL, EIPNN_ROLE_TEST, EIPNN_ROLE_VALIDATION,
                                  EIPNN_ROLE_TRAIN};
  const select_values *select = job->values;
  const char *data = job->context->parsed->argument[1];
  uint8_t *role;
  size_t count = eipnn_dataset_count(job->dataset), found = 0;
  EIPNN_TRY(cli_find_split(job->dataset, data, select->split, &role));
  EIPNN_TRY(eipnn_dataset_add_split(job->dataset, own_split, &job->selected));
  EIPNN_TRY(cli_find_split(job->dataset, data, select->split, &role));
  job->wanted = eipnn_calloc(count, 1);
  if (!job->wanted) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the selection");
  for (size_t k = 0; k < count; k++) {
    job->wanted[k] = role[k] == roles[select->role];
    job->selected[k] = job->wanted[k] ? EIPNN_ROLE_POOL : EIPNN_ROLE_UNUSED;
    found += job->wanted[k];
  }
  if (found) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "split %s of %s has no configuration in its part %s",
                     select->split, data, cli_role_name(roles[select->role]));
}

static eipnn_status prepare(select_job *job)
{
  const char *const *path = job->context->parsed->argument;
  EIPNN_TRY(cli_label_sets_of_classifier(job->classifier, path[0], job->dataset, path[1],
                                         job->values->eips, &job->sets));
  return mark_selected(job);
}

/* Calibrations are fitted on the user's split, labels chosen for the selected part of it. */
static int choose(select_job *job)
{
  select_values *select = job->values;
  eipnn_augmentation_options *choice = &select->choosing.choice;
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = (eipnn_precision)select->precision;
  options.table = select->table;
  options.backend = select->backend;
  cli_label_choice_adopt(job->context, job->classifier, &select->choosing);
  choice->split = select->split;
  choice->energy_minimum = select->energy_minimum;
  choice->energy_maximum = select->energy_maximum;
  int code =
      cli_label_prepare(job->context, job->dataset, &job->sets, &select->choosing, &job->labelling);
  choice->split = own_split;
  if (!code)
    code = cli_label_choose(job->context, job->dataset, job->classifier, job->wanted, &options,
                            &select->choosing, &job->labelling);
  return code;
}

static eipnn_status report(select_job *job)
{
  const select_values *select = job->values;
  cli_selection selection = {
      .dataset = job->dataset,
      .sets = &job->sets,
      .role = job->selected,
      .labelling = &job->labelling,
      .error_limit = select->choosing.error_limit,
  };
  EIPNN_TRY(eipnn_augmentation_assess(job->dataset, own_split, EIPNN_ROLE_POOL, job->sets.count,
                                      job->labelling.energy, job->labelling.probability,
                                      select->choosing.error_limit, &job->labelling.chosen,
                                      &selection.report));
  if (select->json)
    cli_print_selection_json(job->context, &selection);
  else
    cli_print_selection(job->context, &selection);
  if (!select->csv || job->context->parallel->rank) return EIPNN_OK;
  return cli_write_selection(select->csv, &selection);
}

static int run(const cli_context *context, void *values)
{
  select_job job = {.context = context, .values = values};
  int code = check(context, values);
  if (!code) code = cli_read_model(context, context->parsed->argument[0], &job.classifier);
  if (!code) code = cli_read_dataset(context, context->parsed->argument[1], &job.dataset);
  if (!code) code = cli_parallel_agree(context->parallel, cli_code(prepare(&job)));
  if (!code) code = choose(&job);
  if (!code) code = cli_parallel_agree(context->parallel, cli_code(report(&job)));
  cli_labelling_free(&job.labelling);
  cli_label_sets_free(&job.sets);
  free(job.wanted);
  eipnn_model_free(&job.classifier);
  eipnn_dataset_free(&job.dataset);
  return code;
}

const cli_command cli_select = {
    .name = "select",
    .summary = "labels that a classifier chooses among the EIPs, and how good they are",
    .usage = "CLASSIFIER.h5 DATA.h5 --split S [options]",
    .details =
        "Classifies a part of the split, chooses the label of an EIP for each configuration as "
        "`eipnn train --method la` does, and, where DFT is known after all, tells how often the "
        "class is right, how far the labels are from DFT, and both by groups of the classifier's "
        "probability. Options that the classifier was trained with are taken from its history.",
    .example = "  eipnn select la.classifier.h5 silicon.h5 --split a --csv labels.csv\n"
               "  eipnn select la.classifier.h5 silicon.h5 --split a --role test --json",
    .values_size = sizeof(select_values),
    .groups = groups,
    .group_count = sizeof groups / sizeof groups[0],
    .defaults = defaults,
    .minimum_arguments = 2,
    .maximum_arguments = 2,
    .every_rank = 1,
    .run = run,
};
