/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "base/memory.h"
#include "cli/backend_option.h"
#include "cli/command.h"
#include "cli/dataset_file.h"
#include "cli/outputs.h"
#include "cli/parallel.h"
#include "cli/text_output.h"

#include <eipnn/classifier.h>
#include <stdlib.h>

typedef struct features_values {
  const char *split, *out, *backend;
  int role, precision, table;
} features_values;

#define FIELD(name) offsetof(features_values, name)
static const cli_option options[] = {
    {"out", CLI_TEXT, FIELD(out), "FILE.csv", "table to write (required)", CLI_ANY},
    {"split", CLI_TEXT, FIELD(split), "S", "split of the dataset; without it all configurations",
     CLI_ANY},
    {"role", CLI_CHOICE, FIELD(role), "all|train|validation|test|pool",
     "part of the split; all: whatever it uses", CLI_ANY},
    {"precision", CLI_CHOICE, FIELD(precision), "single|mixed|double", "of the arithmetic",
     CLI_ANY},
    {"table", CLI_CHOICE, FIELD(table), "off|on", "radial functions from tables", CLI_ANY},
    {"backend", CLI_WORD, FIELD(backend), CLI_BACKEND_ARGUMENT, CLI_BACKEND_HELP, CLI_ANY},
};
static const cli_group groups[] = {{"options", options, sizeof options / sizeof options[0], 0}};

/* What the rows are printed from. */
typedef struct feature_table {
  const eipnn_dataset *dataset;
  unsigned char *wanted; /* [n] */
  double *features;      /* [n][columns] */
  size_t columns, rows;
} feature_table;

static void defaults(void *values)
{
  features_values *features = values;
  eipnn_calculator_options calculator;
  eipnn_calculator_options_default(&calculator);
  features->precision = (int)calculator.precision;
  features->table = calculator.table;
  features->backend = calculator.backend;
}

static eipnn_status print_rows(FILE *file, const void *data)
{
  const feature_table *table = data;
  const eipnn_labels *dft = eipnn_dataset_labels(table->dataset, "dft");
  fputs("index,tag,atoms,dft_per_atom", file);
  for (size_t k = 0; k < table->columns; k++) fprintf(file, ",f%zu", k);
  fputc('\n', file);
  for (size_t n = 0; n < eipnn_dataset_count(table->dataset); n++) {
    if (!table->wanted[n]) continue;
    eipnn_configuration configuration;
    EIPNN_TRY(eipnn_dataset_get(table->dataset, n, &configuration));
    fprintf(file, "%zu,", n);
    cli_print_tag(file, configuration.tag);
    fprintf(file, ",%d,%.10g", configuration.natoms, dft->energy[n] / configuration.natoms);
    for (size_t k = 0; k < table->columns; k++)
      fprintf(file, ",%.9g", table->features[n * table->columns + k]);
    fputc('\n', file);
  }
  return EIPNN_OK;
}

/* The words of --role after "all" are in the order of eipnn_role. */
static eipnn_status mark_wanted(const cli_context *context, const features_values *values,
                                feature_table *table)
{
  uint8_t *role = NULL;
  const char *path = context->parsed->argument[1];
  if (values->split) EIPNN_TRY(cli_find_split(table->dataset, path, values->split, &role));
  for (size_t n = 0; n < eipnn_dataset_count(table->dataset); n++) {
    table->wanted[n] =
        !role || (values->role ? role[n] == values->role : role[n] != EIPNN_ROLE_UNUSED);
    table->rows += table->wanted[n];
  }
  if (table->rows) return EIPNN_OK;
  return eipnn_error(
      EIPNN_ERROR_ARGUMENT, "%s: no configuration %s%s%s", path, values->role ? "of role " : "",
      values->role ? cli_role_name(values->role) : "", values->split ? " in the split" : "");
}

static eipnn_status read_inputs(const cli_context *context, const features_values *values,
                                eipnn_model **model, eipnn_dataset **dataset, feature_table *table)
{
  EIPNN_TRY(eipnn_model_read(context->parsed->argument[0], model));
  EIPNN_TRY(eipnn_dataset_read(context->parsed->argument[1], dataset));
  const size_t count = eipnn_dataset_count(*dataset);
  table->dataset = *dataset;
  table->columns = (size_t)eipnn_model_options(*model)->hidden;
  table->wanted = eipnn_calloc(count, sizeof *table->wanted);
  table->features = eipnn_calloc(count * table->columns, sizeof *table->features);
  if (!table->wanted || !table->features)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the features of %zu configurations",
                       count);
  return mark_wanted(context, values, table);
}

static eipnn_status evaluate(const cli_context *context, const features_values *values,
                             const eipnn_model *model, const feature_table *table)
{
  eipnn_calculator_options calculator;
  eipnn_calculator_options_default(&calculator);
  calculator.precision = (eipnn_precision)values->precision;
  calculator.table = values->table;
  calculator.backend = values->backend;
  EIPNN_TRY(eipnn_features(model, table->dataset, table->wanted, &calculator, context->parallel,
                           table->features));
  if (context->parallel->rank > 0) return EIPNN_OK;
  EIPNN_TRY(cli_write_text(values->out, print_rows, table));
  cli_print(context, "wrote %s: %zu configurations, %zu features\n", values->out, table->rows,
            table->columns);
  return EIPNN_OK;
}

static int check(const cli_context *context, const features_values *values)
{
  if (!values->out) return cli_usage_error("--out FILE.csv is required");
  if (!values->split && cli_given(context, "role"))
    return cli_usage_error("--role is a part of a split: give --split S too");
  const cli_named_file written[] = {{"--out", values->out}};
  const cli_named_file read[] = {{"the model", context->parsed->argument[0]},
                                 {"the dataset", context->parsed->argument[1]}};
  const int code = cli_outputs_check(1, written, 2, read);
  return code ? code : cli_backend_check(values->backend);
}

static int run(const cli_context *context, void *values)
{
  feature_table table = {0};
  eipnn_model *model = NULL;
  eipnn_dataset *dataset = NULL;
  int code = check(context, values);
  if (code) return code;
  eipnn_status status = read_inputs(context, values, &model, &dataset, &table);
  code = cli_parallel_agree(context->parallel, cli_code(status));
  if (code == CLI_GOOD) code = cli_code(evaluate(context, values, model, &table));
  free(table.wanted);
  free(table.features);
  eipnn_dataset_free(&dataset);
  eipnn_model_free(&model);
  return code;
}

const cli_command cli_features = {
    .name = "features",
    .summary = "what a network has learnt, as numbers per configuration",
    .usage = "MODEL.h5 DATA.h5 --out FILE.csv [options]",
    .details =
        "Writes the features of the network's last layer, averaged over the atoms of each "
        "configuration, beside its tag, number of atoms and DFT energy per atom: the input of "
        "a map of configurations by t-SNE or principal components. Potentials, pretrained "
        "models and classifiers alike.",
    .example = "  eipnn features mp.h5 silicon.h5 --split a --role test --out features.csv",
    .values_size = sizeof(features_values),
    .groups = groups,
    .group_count = 1,
    .defaults = defaults,
    .minimum_arguments = 2,
    .maximum_arguments = 2,
    .every_rank = 1,
    .run = run,
};
