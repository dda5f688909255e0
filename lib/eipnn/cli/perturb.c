/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/dataset_file.h"
#include "cli/outputs.h"

#include <eipnn/pool.h>

#include <stdlib.h>

typedef struct perturb_values {
  const char *lattices, *supercell, *split;
  int64_t copies, max_atoms, seed;
  double strain, rattle, volume_minimum, volume_maximum, min_distance, min_fraction;
  int shuffle;
} perturb_values;

#define FIELD(name) offsetof(perturb_values, name)
static const cli_option options[] = {
    {"lattices", CLI_TEXT, FIELD(lattices), "si|al|agau",
     "copies of the crystal prototypes of a material, in place of IN.h5", CLI_ANY},
    {"split", CLI_TEXT, FIELD(split), "S",
     "leave out the test set of this split: nothing like it shall be in the pool", CLI_ANY},
    {"copies", CLI_INTEGER, FIELD(copies), "C", "copies of each configuration",
     CLI_COUNT(INFINITY)},
    {"strain", CLI_REAL, FIELD(strain), "S",
     "the six entries of a symmetric strain are uniform in [-S, S]", 0, 0.3},
    {"rattle", CLI_REAL, FIELD(rattle), "R",
     "Angstrom; standard deviation of the normal displacement of every coordinate", 0, 10},
    {"volume-min", CLI_REAL, FIELD(volume_minimum), "V",
     "volumes are scaled by a factor uniform from V (--lattices: 0.8) ...", CLI_POSITIVE},
    {"volume-max", CLI_REAL, FIELD(volume_maximum), "V", "... to V (--lattices: 1.25)",
     CLI_POSITIVE},
    {"supercell", CLI_TEXT, FIELD(supercell), "LxMxN",
     "repeats along the periodic lattice vectors (default 1x1x1, --lattices: 2x2x2)", CLI_ANY},
    {"max-atoms", CLI_INTEGER, FIELD(max_atoms), "N",
     "repeats are lowered to keep it, larger sources left out; 0: no limit (--lattices: 16)",
     CLI_NOT_NEGATIVE},
    {"min-distance", CLI_REAL, FIELD(min_distance), "D",
     "Angstrom; a copy with closer atoms is drawn again, 100 times at most", 0, 100},
    {"min-fraction", CLI_REAL, FIELD(min_fraction), "F",
     "the same for F times the shortest distance of the source", 0, 1},
    {"shuffle", CLI_FLAG, FIELD(shuffle), "",
     "permute the elements among the sites at random (random alloys)", CLI_ANY},
    {"seed", CLI_INTEGER, FIELD(seed), "N", "of the random numbers", CLI_NOT_NEGATIVE},
};
static const cli_group groups[] = {{"options", options, sizeof options / sizeof options[0], 0}};

static void defaults(void *values)
{
  eipnn_perturb_options perturb;
  eipnn_perturb_options_default(&perturb);
  *(perturb_values *)values = (perturb_values){
      .copies = perturb.copies,
      .max_atoms = perturb.max_atoms,
      .seed = (int64_t)perturb.seed,
      .strain = perturb.strain,
      .rattle = perturb.rattle,
      .volume_minimum = perturb.volume_minimum,
      .volume_maximum = perturb.volume_maximum,
      .min_distance = perturb.min_distance,
      .min_fraction = perturb.min_fraction,
  };
}

/* Prototypes come as cells of 1 to 16 atoms at one volume: wider defaults. */
static void lattice_defaults(const cli_context *context, perturb_values *values)
{
  if (!cli_given(context, "volume-min")) values->volume_minimum = 0.8;
  if (!cli_given(context, "volume-max")) values->volume_maximum = 1.25;
  if (!cli_given(context, "max-atoms")) values->max_atoms = 16;
  if (!values->supercell) values->supercell = "2x2x2";
}

/* "2x2x1" or "2,2,1". */
static int parse_supercell(const char *text, int supercell[3])
{
  const char *rest = text;
  for (int k = 0; k < 3; k++) {
    char *end;
    long repeat = strtol(rest, &end, 10);
    int closed = k == 2 ? *end == '\0' : *end == 'x' || *end == ',';
    if (end == rest || !closed || repeat < 1 || repeat > 1000)
      return cli_usage_error("--supercell needs three repeats from 1 to 1000, e.g. 2x2x2, not "
                             "\"%s\"",
                             text);
    supercell[k] = (int)repeat;
    rest = end + 1;
  }
  return CLI_GOOD;
}

/* *source without the configurations that a split tests. */
static eipnn_status leave_out_test_set(const char *path, const char *split, eipnn_dataset **source)
{
  const size_t n = eipnn_dataset_count(*source);
  uint8_t *role;
  EIPNN_TRY(cli_find_split(*source, path, split, &role));
  size_t *index = eipnn_calloc(n, sizeof *index), count = 0;
  if (!index) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %zu configurations", n);
  for (size_t k = 0; k < n; k++)
    if (role[k] != EIPNN_ROLE_TEST) index[count++] = k;
  eipnn_dataset *rest;
  eipnn_status status = eipnn_dataset_subset(*source, index, count, &rest);
  free(index);
  if (status != EIPNN_OK) return status;
  eipnn_dataset_free(source);
  *source = rest;
  return EIPNN_OK;
}

static eipnn_status read_source(const cli_context *context, const perturb_values *values,
                                eipnn_dataset **source)
{
  const char *in = context->parsed->argument[0];
  if (!values->lattices) {
    EIPNN_TRY(eipnn_dataset_read(in, source));
    return values->split ? leave_out_test_set(in, values->split, source) : EIPNN_OK;
  }
  EIPNN_TRY(eipnn_dataset_create(source));
  return eipnn_dataset_append_prototypes(*source, values->lattices);
}

static void report(const cli_context *context, const char *out, const eipnn_dataset *source,
                   const eipnn_perturb_report *counts)
{
  cli_print(context, "wrote %s: %zu copies of %zu configurations, without labels\n", out,
            counts->copies, eipnn_dataset_count(source) - counts->too_large);
  if (counts->too_large)
    cli_warn(context, "%zu configurations have more than --max-atoms and are left out",
             counts->too_large);
  if (counts->redrawn)
    cli_print(context, "%zu draws thrown away: atoms too close\n", counts->redrawn);
  if (counts->given_up)
    cli_warn(context,
             "%zu copies are missing: %d draws each brought atoms too close; lower --rattle, "
             "--strain, --min-distance or --min-fraction",
             counts->given_up, EIPNN_PERTURB_DRAWS);
}

static eipnn_status make(const cli_context *context, const perturb_values *values,
                         const eipnn_perturb_options *perturb, eipnn_dataset **source,
                         eipnn_dataset **pool)
{
  const char *out = context->parsed->argument[context->parsed->argument_count - 1];
  eipnn_perturb_report counts;
  EIPNN_TRY(read_source(context, values, source));
  EIPNN_TRY(eipnn_dataset_create(pool));
  EIPNN_TRY(eipnn_dataset_perturb(*source, perturb, *pool, &counts));
  if (counts.copies == 0)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "no copy could be made: %zu configurations have more than --max-atoms, in "
                       "%zu copies atoms came too close (--min-distance, --min-fraction); %s is "
                       "not written",
                       counts.too_large, counts.given_up, out);
  EIPNN_TRY(eipnn_dataset_write(*pool, out));
  report(context, out, *source, &counts);
  return EIPNN_OK;
}

static int check_arguments(const cli_context *context, const perturb_values *values)
{
  const cli_parsed *parsed = context->parsed;
  int wanted = values->lattices ? 1 : 2;
  if (parsed->argument_count != wanted)
    return cli_usage_error(values->lattices
                               ? "--lattices takes the place of IN.h5; give OUT.h5 only"
                               : "give IN.h5 and OUT.h5, or --lattices si OUT.h5");
  if (values->lattices && values->split)
    return cli_usage_error("--split is for the configurations of IN.h5, --lattices has none");
  if (cli_file_format(parsed->argument[wanted - 1]) != CLI_FORMAT_DATASET)
    return cli_usage_error("%s: give a name that ends in .h5", parsed->argument[wanted - 1]);
  cli_named_file out = {"OUT", parsed->argument[wanted - 1]};
  cli_named_file in = {"the dataset", values->lattices ? NULL : parsed->argument[0]};
  return cli_outputs_check(1, &out, 1, &in);
}

static int run(const cli_context *context, void *all_values)
{
  perturb_values *values = all_values;
  int code = check_arguments(context, values);
  if (code) return code;
  if (values->lattices) lattice_defaults(context, values);
  eipnn_perturb_options perturb = {.copies = values->copies,
                                   .strain = values->strain,
                                   .rattle = values->rattle,
                                   .volume_minimum = values->volume_minimum,
                                   .volume_maximum = values->volume_maximum,
                                   .supercell = {1, 1, 1},
                                   .max_atoms = values->max_atoms,
                                   .min_distance = values->min_distance,
                                   .min_fraction = values->min_fraction,
                                   .shuffle = values->shuffle,
                                   .seed = (uint64_t)values->seed};
  if (values->supercell) code = parse_supercell(values->supercell, perturb.supercell);
  if (code) return code;
  eipnn_dataset *source = NULL, *pool = NULL;
  eipnn_status status = make(context, values, &perturb, &source, &pool);
  eipnn_dataset_free(&source);
  eipnn_dataset_free(&pool);
  return cli_code(status);
}

const cli_command cli_perturb = {
    .name = "perturb",
    .summary = "make an unlabelled pool: strained and rattled copies",
    .usage = "IN.h5 OUT.h5 [options], or --lattices si|al|agau OUT.h5 [options]",
    .details =
        "Writes strained and rattled copies of every configuration, without labels, or of the "
        "crystal prototypes of a material. `eipnn convert DATA.h5 OUT.h5 ALL.h5` appends them to "
        "labelled data; `eipnn split` puts configurations without a DFT energy into the pool. "
        "Tags say where a copy comes from: perturbed:<index of the source>:<its tag>.",
    .example = "  eipnn perturb dft.h5 pool.h5 --copies 20 --strain 0.05 --rattle 0.1 --seed 42\n"
               "  eipnn perturb --lattices si pool.h5 --copies 1400 --strain 0.05 --rattle 0.1",
    .values_size = sizeof(perturb_values),
    .groups = groups,
    .group_count = 1,
    .defaults = defaults,
    .minimum_arguments = 1,
    .maximum_arguments = 2,
    .run = run,
};
