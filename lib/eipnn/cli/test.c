/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "base/memory.h"
#include "cli/backend_option.h"
#include "cli/command.h"
#include "cli/dataset_file.h"
#include "cli/eip_baselines.h"
#include "cli/label_sets.h"
#include "cli/outputs.h"
#include "cli/predictions.h"

#include <eipnn/train.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct test_values {
  const char *split, *predictions, *forces_out, *backend;
  int role, json, precision, table, calibrated;
  double energy_minimum, energy_maximum;
} test_values;

#define FIELD(name) offsetof(test_values, name)
static const cli_option options[] = {
    {"split", CLI_TEXT, FIELD(split), "S", "split of the dataset; without it all configurations",
     CLI_ANY},
    {"role", CLI_CHOICE, FIELD(role), "test|validation|train|pool", "part of the split", CLI_ANY},
    {"energy-min", CLI_REAL, FIELD(energy_minimum), "E", "eV/atom; DFT labels below do not count",
     CLI_ANY},
    {"energy-max", CLI_REAL, FIELD(energy_maximum), "E", "eV/atom; DFT labels above do not count",
     CLI_ANY},
    {"predictions", CLI_TEXT, FIELD(predictions), "FILE.csv",
     "energies beside DFT, see `eipnn plot parity`", CLI_ANY},
    {"forces-out", CLI_TEXT, FIELD(forces_out), "FILE.xyz",
     "configurations with the model's energy, forces and virial", CLI_ANY},
    {"precision", CLI_CHOICE, FIELD(precision), "single|mixed|double", "of the arithmetic",
     CLI_ANY},
    {"table", CLI_CHOICE, FIELD(table), "off|on", "radial functions from tables", CLI_ANY},
    {"backend", CLI_WORD, FIELD(backend), CLI_BACKEND_ARGUMENT, CLI_BACKEND_HELP, CLI_ANY},
    {"calibrated", CLI_FLAG, FIELD(calibrated), "",
     "also the EIPs fitted to the DFT labels of training and validation set", CLI_ANY},
    {"json", CLI_FLAG, FIELD(json), "", "print the result as JSON", CLI_ANY},
};
static const cli_group groups[] = {{"options", options, sizeof options / sizeof options[0], 0}};

/* Errors of the model and, where the dataset has EIP labels, of the EIPs. */
typedef struct test_result {
  eipnn_metrics model;
  double *predicted;
  eipnn_metrics *eip;
  const char **eip_name;
  int eip_count, best;
  cli_eip_baselines fitted; /* with --calibrated */
} test_result;

static void defaults(void *values)
{
  test_values *test = values;
  eipnn_calculator_options calculator;
  eipnn_calculator_options_default(&calculator);
  test->precision = (int)calculator.precision;
  test->table = calculator.table;
  test->backend = calculator.backend;
  test->energy_minimum = test->energy_maximum = NAN;
}

static eipnn_role chosen_role(const test_values *test)
{
  static const eipnn_role role[] = {EIPNN_ROLE_TEST, EIPNN_ROLE_VALIDATION, EIPNN_ROLE_TRAIN,
                                    EIPNN_ROLE_POOL};
  return test->split ? role[test->role] : EIPNN_ROLE_UNUSED;
}

static json_t *metrics_json(const eipnn_metrics *metrics)
{
  const struct {
    const char *key;
    double value;
  } numbers[] = {{"config_mae", metrics->config_mae},   {"atom_mae", metrics->atom_mae},
                 {"config_rmse", metrics->config_rmse}, {"atom_rmse", metrics->atom_rmse},
                 {"force_mae", metrics->force_mae},     {"force_rmse", metrics->force_rmse},
                 {"virial_mae", metrics->virial_mae},   {"virial_rmse", metrics->virial_rmse}};
  json_t *object = json_object();
  json_object_set_new(object, "configurations", json_integer((json_int_t)metrics->configurations));
  json_object_set_new(object, "atoms", json_integer((json_int_t)metrics->atoms));
  for (size_t k = 0; k < sizeof numbers / sizeof numbers[0]; k++)
    json_object_set_new(object, numbers[k].key,
                        isfinite(numbers[k].value) ? json_real(numbers[k].value) : json_null());
  return object;
}

/* Name of the EIP behind result->eip_name[k], a label set "eip/NAME". */
static const char *eip_name(const test_result *result, int k)
{
  return cli_eip_name(result->eip_name[k]);
}

static void report_json(const cli_context *context, const test_values *test,
                        const test_result *result)
{
  json_t *object = metrics_json(&result->model), *eips = json_object();
  json_object_set_new(object, "left_out", json_integer((json_int_t)result->model.left_out));
  json_object_set_new(object, "model", json_string(context->parsed->argument[0]));
  json_object_set_new(object, "dataset", json_string(context->parsed->argument[1]));
  json_object_set_new(object, "split", test->split ? json_string(test->split) : json_null());
  json_object_set_new(object, "role",
                      json_string(test->split ? cli_role_name((int)chosen_role(test)) : "all"));
  for (int k = 0; k < result->eip_count; k++)
    json_object_set_new(eips, eip_name(result, k), metrics_json(&result->eip[k]));
  json_object_set_new(object, "eips", eips);
  json_object_set_new(object, "best_eip",
                      result->best < 0 ? json_null() : json_string(eip_name(result, result->best)));
  if (test->calibrated) {
    json_t *calibrated = metrics_json(&result->fitted.calibrated);
    json_object_set_new(calibrated, "eip", json_string(result->fitted.calibrated_name));
    json_object_set_new(object, "calibrated", calibrated);
    json_object_set_new(object, "regression", metrics_json(&result->fitted.regression));
  }
  char *text = json_dumps(object, JSON_INDENT(2));
  cli_print(context, "%s\n", text ? text : "{}");
  free(text);
  json_decref(object);
}

/* The first species without a reference energy, 0 if every one has it. */
static int without_reference(const eipnn_dataset *dataset)
{
  int species[EIPNN_ELEMENTS], known = 1, count = eipnn_dataset_species(dataset, species);
  for (int k = 0; k < count; k++) {
    eipnn_dataset_reference_energy(dataset, species[k], &known);
    if (!known) return species[k];
  }
  return 0;
}

/* Energies that lie beside DFT, all by about as much, count from another zero. */
static void warn_of_shift(const cli_context *context, const char *what,
                          const eipnn_metrics *metrics, const char *remedy)
{
  const double shift = metrics->atom_shift;
  const double scatter = sqrt(fmax(metrics->atom_rmse * metrics->atom_rmse - shift * shift, 0));
  if (metrics->configurations < 5 || fabs(shift) < 0.1 || fabs(shift) < 3 * scatter) return;
  cli_warn(context,
           "%s lies %.3f eV/atom %s the DFT energies on average, its errors scatter by %.3f "
           "eV/atom about that: %s",
           what, fabs(shift), shift > 0 ? "above" : "below", scatter, remedy);
}

static void warn_of_reference(const cli_context *context, const test_result *result)
{
  char what[128], remedy[512];
  if (result->best < 0) return;
  snprintf(what, sizeof what, "the best EIP, %s,", eip_name(result, result->best));
  snprintf(remedy, sizeof remedy,
           "the reference energies do not fit these DFT labels; `eipnn label %s --align` fits them",
           context->parsed->argument[1]);
  warn_of_shift(context, what, &result->eip[result->best], remedy);
}

/* What makes the printed errors mean something else than they seem to. */
static void warn_of_zeros(const cli_context *context, const eipnn_model *model,
                          const eipnn_dataset *dataset, const test_result *result)
{
  const char *head = eipnn_model_head_name(model, 0);
  const char *data = context->parsed->argument[1];
  if (strcmp(head, "dft"))
    cli_warn(context,
             "%s is a pretrained model: its output \"%s\" is an EIP's, not DFT; finish it with "
             "`eipnn train --method mp --pretrained %s`",
             context->parsed->argument[0], head, context->parsed->argument[0]);
  else
    warn_of_shift(context, context->parsed->argument[0], &result->model,
                  "its training data counted from another zero of energy");
  int missing = result->eip_count > 0 ? without_reference(dataset) : 0;
  if (missing)
    cli_warn(context,
             "the reference energy of %s is not set, so that the errors of the EIPs hold the "
             "difference of two energy zeros: run `eipnn label %s --align` or --reference %s=E",
             eipnn_element_symbol(missing), data, eipnn_element_symbol(missing));
  else
    warn_of_reference(context, result);
}

/* Width of the column of names: "calibrated EIP: " and the longest name. */
static int name_width(const test_values *test, const test_result *result)
{
  size_t width = 22;
  if (result->best >= 0 && strlen(eip_name(result, result->best)) > width)
    width = strlen(eip_name(result, result->best));
  if (test->calibrated && strlen(result->fitted.calibrated_name) > width)
    width = strlen(result->fitted.calibrated_name);
  return (int)width + 16;
}

static void report_row(const cli_context *context, int width, const char *name,
                       const eipnn_metrics *metrics)
{
  cli_print(context, "%-*s %10.4f %10.4f %14.2f %14.2f\n", width, name, metrics->config_mae,
            metrics->config_rmse, 1000 * metrics->atom_mae, 1000 * metrics->atom_rmse);
}

/* The rows to beat. */
static void report_eips(const cli_context *context, int width, const test_values *test,
                        const test_result *result)
{
  char name[128];
  if (result->best >= 0) {
    snprintf(name, sizeof name, "best EIP: %s", eip_name(result, result->best));
    report_row(context, width, name, &result->eip[result->best]);
  }
  if (!test->calibrated) return;
  snprintf(name, sizeof name, "calibrated EIP: %s", result->fitted.calibrated_name);
  report_row(context, width, name, &result->fitted.calibrated);
  report_row(context, width, "regression on the EIPs", &result->fitted.regression);
}

static void report(const cli_context *context, const test_values *test, const test_result *result)
{
  const eipnn_metrics *model = &result->model;
  const int width = name_width(test, result);
  cli_backend_report(context, test->backend);
  cli_print(context, "%zu configurations, %zu atoms (%s%s%s)\n\n", model->configurations,
            model->atoms, test->split ? cli_role_name((int)chosen_role(test)) : "all",
            test->split ? " of split " : "", test->split ? test->split : "");
  if (model->left_out)
    cli_print(context, "%zu more lack an EIP label of the model's baseline and are left out\n\n",
              model->left_out);
  cli_print(context, "%-*s %10s %10s %14s %14s\n", width, "", "config MAE", "RMSE", "atom MAE",
            "RMSE");
  cli_print(context, "%-*s %10s %10s %14s %14s\n", width, "", "eV", "eV", "meV/atom", "meV/atom");
  report_row(context, width, "model", model);
  report_eips(context, width, test, result);
  if (model->forces)
    cli_print(context, "\nforces: MAE %.4f, RMSE %.4f eV/Angstrom over %zu components\n",
              model->force_mae, model->force_rmse, model->forces);
  if (model->virials)
    cli_print(context, "%svirial: MAE %.4f, RMSE %.4f eV/atom over %zu components\n",
              model->forces ? "" : "\n", model->virial_mae, model->virial_rmse, model->virials);
}

/* The EIPs as baseline, where the dataset has labels of any. */
static eipnn_status evaluate_eips(const test_values *test, const eipnn_dataset *dataset,
                                  test_result *result)
{
  int any = 0;
  for (size_t k = 0; k < eipnn_dataset_labels_count(dataset); k++)
    if (eipnn_labels_is_eip(eipnn_dataset_labels_at(dataset, k)->name)) any = 1;
  result->best = -1;
  if (!any) return EIPNN_OK;
  return eipnn_evaluate_eips(dataset, test->split, chosen_role(test), test->energy_minimum,
                             test->energy_maximum, &result->eip, &result->eip_name,
                             &result->eip_count, &result->best);
}

static eipnn_status evaluate(const cli_context *context, const test_values *test,
                             const eipnn_model *model, const eipnn_dataset *dataset,
                             test_result *result)
{
  uint8_t *role;
  eipnn_calculator_options calculator;
  eipnn_calculator_options_default(&calculator);
  calculator.precision = (eipnn_precision)test->precision;
  calculator.table = test->table;
  calculator.backend = test->backend;
  if (test->split)
    EIPNN_TRY(cli_find_split(dataset, context->parsed->argument[1], test->split, &role));
  result->predicted = eipnn_calloc(eipnn_dataset_count(dataset), sizeof *result->predicted);
  if (!result->predicted) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for energies");
  EIPNN_TRY(eipnn_evaluate(model, dataset, test->split, chosen_role(test), test->energy_minimum,
                           test->energy_maximum, &calculator, &result->model, result->predicted));
  EIPNN_TRY(evaluate_eips(test, dataset, result));
  if (test->calibrated)
    EIPNN_TRY(cli_fit_eip_baselines(dataset, test->split, chosen_role(test), test->energy_minimum,
                                    test->energy_maximum, &result->fitted));
  if (test->predictions)
    EIPNN_TRY(cli_write_predictions(test->predictions, dataset, result->predicted));
  if (test->forces_out)
    EIPNN_TRY(cli_write_predicted_forces(test->forces_out, dataset, model, &calculator,
                                         result->predicted));
  return EIPNN_OK;
}

static int check(const cli_context *context, const test_values *test)
{
  if (!test->split && cli_given(context, "role"))
    return cli_usage_error("--role is a part of a split: give --split S too");
  if (!test->split && test->calibrated)
    return cli_usage_error("--calibrated fits on a split: give --split S too");
  if (test->energy_minimum > test->energy_maximum)
    return cli_usage_error("--energy-min %g lies above --energy-max %g", test->energy_minimum,
                           test->energy_maximum);
  const cli_named_file written[] = {{"--predictions", test->predictions},
                                    {"--forces-out", test->forces_out}};
  const cli_named_file read[] = {{"the model", context->parsed->argument[0]},
                                 {"the dataset", context->parsed->argument[1]}};
  const int code = cli_outputs_check(2, written, 2, read);
  return code ? code : cli_backend_check(test->backend);
}

static int run(const cli_context *context, void *values)
{
  const test_values *test = values;
  test_result result = {.best = -1};
  eipnn_model *model = NULL;
  eipnn_dataset *dataset = NULL;
  int code = check(context, test);
  if (code) return code;
  eipnn_status status = eipnn_model_read(context->parsed->argument[0], &model);
  if (status == EIPNN_OK) status = eipnn_dataset_read(context->parsed->argument[1], &dataset);
  if (status == EIPNN_OK) status = evaluate(context, test, model, dataset, &result);
  if (status == EIPNN_OK) warn_of_zeros(context, model, dataset, &result);
  if (status == EIPNN_OK && test->json) report_json(context, test, &result);
  if (status == EIPNN_OK && !test->json) report(context, test, &result);
  free(result.predicted);
  free(result.eip);
  free(result.eip_name);
  eipnn_dataset_free(&dataset);
  eipnn_model_free(&model);
  return cli_code(status);
}

const cli_command cli_test = {
    .name = "test",
    .summary = "errors of a model against DFT labels",
    .usage = "MODEL.h5 DATA.h5 [--split S] [options]",
    .details =
        "Mean absolute and root mean square errors of the energies per configuration (eV) and "
        "per atom, of forces and virials where the data have them, and the best single EIP "
        "(its reference energy added) as the baseline to beat.",
    .example = "  eipnn test mp.h5 silicon.h5 --split a --role test --energy-max -4 \\\n"
               "      --predictions mp-test.csv",
    .values_size = sizeof(test_values),
    .groups = groups,
    .group_count = 1,
    .defaults = defaults,
    .minimum_arguments = 2,
    .maximum_arguments = 2,
    .run = run,
};
