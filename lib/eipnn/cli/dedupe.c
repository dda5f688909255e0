/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "cli/command.h"
#include "cli/dataset_file.h"
#include "cli/outputs.h"

#include <eipnn/dedupe.h>

static const cli_option options[] = {
    {"twin", CLI_REAL, offsetof(eipnn_dedupe_options, twin), "D",
     "remove a configuration nearer than D to one that is kept; 0: remove none", 0, 2},
    {"group", CLI_REAL, offsetof(eipnn_dedupe_options, group), "G",
     "configurations nearer than G belong to one group (single linkage)", 0, 2},
    {"cutoff", CLI_REAL, offsetof(eipnn_dedupe_options, cutoff), "R",
     "Angstrom; how far an atom looks", 1, 20},
};
static const cli_group groups[] = {{"options", options, sizeof options / sizeof options[0], 0}};

static void defaults(void *values)
{
  eipnn_dedupe_options_default(values);
}

static eipnn_status dedupe(const cli_context *context, const eipnn_dedupe_options *chosen,
                           eipnn_dataset **dataset, eipnn_dataset **unique)
{
  const char *in = context->parsed->argument[0], *out = context->parsed->argument[1];
  eipnn_dedupe_report report;
  EIPNN_TRY(eipnn_dataset_read(in, dataset));
  EIPNN_TRY(eipnn_dataset_dedupe(*dataset, chosen, unique, &report));
  EIPNN_TRY(eipnn_dataset_write(*unique, out));
  cli_print(context,
            "wrote %s: %zu of %zu configurations, %zu near twins removed (distance below %g); %zu "
            "groups (distance below %g), the largest of %zu\n",
            out, eipnn_dataset_count(*unique), eipnn_dataset_count(*dataset), report.removed,
            chosen->twin, report.groups, chosen->group, report.largest);
  if (report.conflicts)
    cli_warn(context,
             "%zu twins have DFT energies that differ from those kept by more than %g eV/atom (by "
             "%.3f at most): were they computed with the same settings?",
             report.conflicts, EIPNN_DEDUPE_CONFLICT, report.largest_conflict);
  return EIPNN_OK;
}

static int run(const cli_context *context, void *values)
{
  const char *const *path = context->parsed->argument;
  if (cli_file_format(path[1]) != CLI_FORMAT_DATASET)
    return cli_usage_error("%s: give a name that ends in .h5", path[1]);
  cli_named_file out = {"OUT", path[1]}, in = {"the dataset", path[0]};
  int code = cli_outputs_check(1, &out, 1, &in);
  if (code) return code;
  eipnn_dataset *dataset = NULL, *unique = NULL;
  eipnn_status status = dedupe(context, values, &dataset, &unique);
  eipnn_dataset_free(&dataset);
  eipnn_dataset_free(&unique);
  return cli_code(status);
}

const cli_command cli_dedupe = {
    .name = "dedupe",
    .summary = "remove near twins from a dataset, mark groups of similar configurations",
    .usage = "IN.h5 OUT.h5 [options]",
    .details =
        "Compares every two configurations by the distance of their descriptors (0: equal up to "
        "rotation, wrapping, repetition of the cell and order of the atoms; 1.41 at most). Of near "
        "twins one is kept, with a DFT label if there is one; what is left is marked with groups, "
        "which `eipnn split --group` does not divide.",
    .example = "  eipnn dedupe all.h5 unique.h5\n"
               "  eipnn dedupe aimd.h5 aimd-groups.h5 --twin 0 --group 0.05",
    .values_size = sizeof(eipnn_dedupe_options),
    .groups = groups,
    .group_count = 1,
    .defaults = defaults,
    .minimum_arguments = 2,
    .maximum_arguments = 2,
    .run = run,
};
