/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "cli/command.h"
#include "cli/dataset_file.h"
#include "cli/interrupt.h"
#include "cli/jobs.h"
#include "cli/parallel.h"
#include "cli/progress.h"

#include <eipnn/eip.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct label_values {
  const char *eips, *reference, *split;
  int forces, relabel, align;
  int64_t jobs;
  double save_interval;
} label_values;

#define FIELD(name) offsetof(label_values, name)
static const cli_option options[] = {
    {"eips", CLI_TEXT, FIELD(eips), "LIST.json", "the EIPs (potentials/eips holds lists)", CLI_ANY},
    {"forces", CLI_FLAG, FIELD(forces), "", "store forces and virials too", CLI_ANY},
    {"relabel", CLI_FLAG, FIELD(relabel), "",
     "compute anew what is there already; forces are kept with --forces only", CLI_ANY},
    {"align", CLI_FLAG, FIELD(align), "",
     "fit the reference energy of each species (DFT minus EIPs) and store it", CLI_ANY},
    {"split", CLI_TEXT, FIELD(split), "S",
     "--align on the training and validation set of this split only", CLI_ANY},
    {"reference", CLI_TEXT, FIELD(reference), "Si=E,...",
     "store these reference energies instead, eV/atom (free-atom energies of the DFT)", CLI_ANY},
    {"jobs", CLI_INTEGER, FIELD(jobs), "N", "processes that share the work, without MPI",
     CLI_COUNT(1024)},
    {"save-every", CLI_REAL, FIELD(save_interval), "SECONDS", "time between saves of the dataset",
     CLI_POSITIVE},
};
static const cli_group groups[] = {{"options", options, sizeof options / sizeof options[0], 0}};

/* What the progress callback knows of each EIP, for the table at the end. */
typedef struct label_rate {
  char name[64];
  double configurations_per_second;
} label_rate;

typedef struct label_watch {
  int rank;
  cli_progress progress;
  label_rate rate[64];
  int count;
} label_watch;

static void defaults(void *values)
{
  eipnn_label_options label;
  eipnn_label_options_default(&label);
  label_values *initial = values;
  initial->jobs = 1;
  initial->save_interval = label.save_interval > 0 ? label.save_interval : 60.0;
}

static void note_rate(label_watch *watch, const char *eip, double rate)
{
  int k = 0;
  while (k < watch->count && strcmp(watch->rate[k].name, eip)) k++;
  if (k == (int)(sizeof watch->rate / sizeof watch->rate[0])) return;
  if (k == watch->count) snprintf(watch->rate[watch->count++].name, 64, "%s", eip);
  watch->rate[k].configurations_per_second = rate;
}

static int label_progress(void *context, const char *eip, size_t done, size_t total, size_t failed,
                          double rate)
{
  label_watch *watch = context;
  char left[32];
  if (rate > 0) note_rate(watch, eip, rate);
  if (watch->rank == 0 && total == 0)
    cli_progress_line(&watch->progress, !watch->progress.terminal, "label %s: loading", eip);
  else if (watch->rank == 0)
    cli_progress_line(&watch->progress, 0,
                      "label %s: %zu of %zu, %zu failed, %.0f configurations/s, %s left", eip, done,
                      total, failed, rate,
                      cli_duration(rate > 0 ? (double)(total - done) / rate : -1, left));
  return cli_interrupted();
}

static int name_width(const eipnn_eip_list *list)
{
  size_t width = 20;
  for (int e = 0; e < list->count; e++)
    if (strlen(list->entry[e].name) > width) width = strlen(list->entry[e].name);
  return (int)width;
}

static void print_table(const cli_context *context, const label_watch *watch,
                        const eipnn_dataset *dataset, const eipnn_eip_list *list)
{
  size_t count = eipnn_dataset_count(dataset);
  const int width = name_width(list);
  cli_print(context, "%-*s %10s %10s %18s\n", width, "EIP", "labelled", "failed",
            "configurations/s");
  for (int e = 0; e < list->count; e++) {
    char name[EIPNN_LABELS_NAME_SIZE], rate[32] = "-";
    snprintf(name, sizeof name, "eip/%s", list->entry[e].name);
    const eipnn_labels *labels = eipnn_dataset_labels(dataset, name);
    size_t labelled = 0;
    for (size_t k = 0; labels && k < count; k++)
      if (isfinite(labels->energy[k])) labelled++;
    for (int k = 0; k < watch->count; k++)
      if (!strcmp(watch->rate[k].name, list->entry[e].name))
        snprintf(rate, sizeof rate, "%.0f", watch->rate[k].configurations_per_second);
    cli_print(context, "%-*s %10zu %10lld %18s\n", width, list->entry[e].name, labelled,
              labels ? (long long)labels->failed : 0LL, rate);
  }
}

/* On the ranks of MPI, or on the processes of --jobs, which are forked here and gone
   afterwards. */
static eipnn_status label_in_parallel(const cli_context *context, const label_values *values,
                                      eipnn_label_options *label_options, label_watch *watch,
                                      eipnn_dataset *dataset, const eipnn_eip_list *list)
{
  const eipnn_parallel *parallel = context->parallel->size > 1 ? context->parallel : NULL;
  cli_jobs jobs;
  if (values->jobs > 1) {
    EIPNN_TRY(cli_jobs_begin(&jobs, (int)values->jobs));
    parallel = &jobs.parallel;
  }
  watch->rank = parallel ? parallel->rank : 0;
  eipnn_status status = eipnn_label_dataset(dataset, list, label_options, parallel);
  if (watch->rank == 0) cli_progress_end(&watch->progress);
  return values->jobs > 1 ? cli_jobs_end(&jobs, status) : status;
}

static eipnn_status label(const cli_context *context, const label_values *values, const char *path,
                          eipnn_dataset *dataset)
{
  label_watch watch = {0};
  eipnn_eip_list *list;
  eipnn_label_options label_options;
  eipnn_label_options_default(&label_options);
  label_options.forces = values->forces;
  label_options.relabel = values->relabel;
  label_options.save_path = path;
  label_options.save_interval = values->save_interval;
  label_options.context = &watch;
  label_options.progress = label_progress;
  eipnn_status status = eipnn_eip_list_read(values->eips, &list);
  EIPNN_TRY(cli_parallel_status(context->parallel, status));
  cli_progress_begin(&watch.progress);
  status = label_in_parallel(context, values, &label_options, &watch, dataset, list);
  print_table(context, &watch, dataset, list); /* also where an EIP could not be used */
  eipnn_eip_list_free(&list);
  return status;
}

static eipnn_status align(const cli_context *context, const char *split, eipnn_dataset *dataset)
{
  eipnn_alignment fit;
  uint8_t *role = NULL;
  if (split) EIPNN_TRY(cli_find_split(dataset, context->parsed->argument[0], split, &role));
  EIPNN_TRY(eipnn_align_reference(dataset, role, &fit));
  for (int k = 0; k < fit.nspecies; k++)
    if (isfinite(fit.reference[k]))
      EIPNN_TRY(eipnn_dataset_set_reference_energy(dataset, fit.species[k], fit.reference[k]));
    else
      cli_warn(context,
               "no configuration of the fit holds %s: its reference energy stays as it was; give "
               "it by --reference",
               eipnn_element_symbol(fit.species[k]));
  cli_print(context,
            "reference energies fitted on %zu configurations: median residual %.3f eV/atom, "
            "%.0f %% within 0.1 eV/atom\n",
            fit.used, fit.scatter, 100 * fit.agreement);
  if (fit.poor)
    cli_warn(context,
             "WARNING: the reference energies fit POORLY (median residual %.3f eV/atom, %.0f %% "
             "within 0.1 eV/atom). Do not compare DFT and EIP energies with them: give free-atom "
             "energies by --reference, or align on configurations near equilibrium",
             fit.scatter, 100 * fit.agreement);
  return EIPNN_OK;
}

static void print_references(const cli_context *context, const eipnn_dataset *dataset)
{
  int number[EIPNN_ELEMENTS], known;
  int count = eipnn_dataset_species(dataset, number);
  for (int k = 0; k < count; k++) {
    double energy = eipnn_dataset_reference_energy(dataset, number[k], &known);
    if (known)
      cli_print(context, "reference energy %s: %.4f eV/atom\n", eipnn_element_symbol(number[k]),
                energy);
    else
      cli_print(context,
                "reference energy %s: not set; give --align, or --reference %s=E, to compare EIPs "
                "with DFT\n",
                eipnn_element_symbol(number[k]), eipnn_element_symbol(number[k]));
  }
}

static eipnn_status label_and_store(const cli_context *context, const label_values *values,
                                    const char *path, eipnn_dataset **dataset)
{
  eipnn_status read = eipnn_dataset_read(path, dataset);
  EIPNN_TRY(cli_parallel_status(context->parallel, read));
  if (values->eips) EIPNN_TRY(label(context, values, path, *dataset));
  if (values->reference) EIPNN_TRY(cli_set_references(*dataset, values->reference));
  eipnn_status status = EIPNN_OK;
  if (values->align && !cli_interrupted()) status = align(context, values->split, *dataset);
  /* Labels are kept also where the fit failed. */
  if (context->parallel->rank == 0) {
    char cause[512];
    snprintf(cause, sizeof cause, "%s", eipnn_last_error());
    EIPNN_TRY(eipnn_dataset_write(*dataset, path));
    if (status != EIPNN_OK) return eipnn_error(status, "%s", cause);
  }
  if (status == EIPNN_OK) print_references(context, *dataset);
  return status;
}

static int run(const cli_context *context, void *values)
{
  const label_values *given = values;
  const char *path = context->parsed->argument[0];
  if (!given->eips && !given->align && !given->reference)
    return cli_usage_error("nothing to do: give --eips LIST.json, --align or --reference");
  if (given->align && given->reference)
    return cli_usage_error("--align and --reference exclude each other");
  if (given->split && !given->align) return cli_usage_error("--split is for --align");
  if (given->jobs > 1 && context->parallel->size > 1)
    return cli_usage_error("--jobs is for runs without mpirun");
  cli_interrupt_watch();
  eipnn_dataset *dataset = NULL;
  eipnn_status status = label_and_store(context, given, path, &dataset);
  eipnn_dataset_free(&dataset);
  int code = cli_parallel_agree(context->parallel, cli_code(status));
  if (code == CLI_GOOD && cli_interrupted())
    return cli_failure("stopped by a signal; the labels so far are in %s, the same command goes on "
                       "from there (without --relabel)",
                       path);
  return code;
}

const cli_command cli_label = {
    .name = "label",
    .summary = "compute energies of empirical interatomic potentials",
    .usage = "DATA.h5 --eips LIST.json [options]",
    .details =
        "Evaluates every EIP of the list on every configuration whose species it covers and "
        "stores the results as label sets eip/NAME. Labels that are there already are kept, so "
        "that an interrupted run goes on where it stopped. A configuration that an EIP cannot "
        "evaluate stays unlabelled and is counted. DFT counts energies from another zero "
        "than EIPs: --align or --reference stores the difference per species.",
    .example = "  eipnn label silicon.h5 --eips potentials/eips/si.json --align\n"
               "  eipnn label silicon.h5 --align --split a\n"
               "  eipnn label silicon.h5 --reference Si=-0.835",
    .values_size = sizeof(label_values),
    .groups = groups,
    .group_count = 1,
    .defaults = defaults,
    .minimum_arguments = 1,
    .maximum_arguments = 1,
    .every_rank = 1,
    .run = run,
};
