/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/dataset_file.h"
#include "cli/energy_zero.h"

#include <stdlib.h>

typedef struct convert_values {
  const char *elements;
} convert_values;

static const cli_option options[] = {
    {"elements", CLI_TEXT, offsetof(convert_values, elements), "Si,O",
     "chemical symbols by LAMMPS atom type, for dumps without an element column", CLI_ANY},
};
static const cli_group groups[] = {{"options", options, 1, 0}};

static size_t count_energies(const eipnn_dataset *dataset, size_t first)
{
  size_t labelled = 0;
  const eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  for (size_t k = first; dft && k < eipnn_dataset_count(dataset); k++)
    if (isfinite(dft->energy[k])) labelled++;
  return labelled;
}

/* Energies under another key than `energy` look like a pool. */
static void warn_no_energies(const cli_context *context, const eipnn_dataset *dataset, size_t first,
                             const char *path)
{
  if (cli_file_format(path) != CLI_FORMAT_XYZ || count_energies(dataset, first) > 0) return;
  cli_warn(context,
           "%s: no configuration has a DFT energy; if it should have, its key must be \"energy\" "
           "(free_energy, REF_energy and others are not read), the column of forces \"forces\"",
           path);
}

/* first: [inputs+1] configurations at which the files begin. */
static eipnn_status append_inputs(const cli_context *context, const convert_values *values,
                                  int inputs, eipnn_dataset *dataset, size_t *first)
{
  const char *const *path = context->parsed->argument;
  for (int k = 0; k < inputs; k++) {
    EIPNN_TRY(cli_append_file(dataset, path[k], values->elements));
    first[k + 1] = eipnn_dataset_count(dataset);
    cli_print(context, "%s: %zu configurations\n", path[k], first[k + 1] - first[k]);
    warn_no_energies(context, dataset, first[k], path[k]);
  }
  return EIPNN_OK;
}

/* One .h5 alone is copied whole, splits included; anything else is appended. */
static eipnn_status read_inputs(const cli_context *context, const convert_values *values,
                                eipnn_dataset **dataset)
{
  int inputs = context->parsed->argument_count - 1;
  const char *const *path = context->parsed->argument;
  if (inputs == 1 && cli_file_format(path[0]) == CLI_FORMAT_DATASET)
    return eipnn_dataset_read(path[0], dataset);
  EIPNN_TRY(eipnn_dataset_create(dataset));
  size_t *first = eipnn_calloc((size_t)inputs + 1, sizeof *first);
  if (!first) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the names of files");
  eipnn_status status = append_inputs(context, values, inputs, *dataset, first);
  if (status == EIPNN_OK) cli_warn_energy_zeros(context, *dataset, inputs, first, path);
  free(first);
  return status;
}

static int run(const cli_context *context, void *values)
{
  const char *out = context->parsed->argument[context->parsed->argument_count - 1];
  cli_format format = cli_file_format(out);
  if (format != CLI_FORMAT_DATASET && format != CLI_FORMAT_XYZ)
    return cli_usage_error("%s cannot be written; give a name that ends in .h5, .xyz, .extxyz, "
                           ".xyz.gz or .extxyz.gz",
                           out);
  eipnn_dataset *dataset = NULL;
  eipnn_status status = read_inputs(context, values, &dataset);
  if (status == EIPNN_OK) status = cli_write_file(dataset, out);
  if (status == EIPNN_OK)
    cli_print(context, "wrote %s: %zu configurations, %zu atoms, %zu with DFT energies\n", out,
              eipnn_dataset_count(dataset), eipnn_dataset_atom_count(dataset),
              count_energies(dataset, 0));
  eipnn_dataset_free(&dataset);
  return cli_code(status);
}

const cli_command cli_convert = {
    .name = "convert",
    .summary = "read and write datasets (.h5), extended XYZ and LAMMPS dumps",
    .usage = "IN [IN ...] OUT [options]",
    .details =
        "Reads .h5 datasets, extended XYZ (.xyz, .extxyz, also .gz) and LAMMPS dumps (.dump, "
        ".lammpstrj), several one after the other, and writes one dataset (.h5) or extended "
        "XYZ file. Energies in eV, forces in eV/Angstrom, stress with the sign of ASE.",
    .example = "  eipnn convert dft1.xyz.gz dft2.xyz.gz silicon.h5\n"
               "  eipnn convert md.lammpstrj pool.h5 --elements Si",
    .values_size = sizeof(convert_values),
    .groups = groups,
    .group_count = 1,
    .minimum_arguments = 2,
    .maximum_arguments = -1,
    .run = run,
};
