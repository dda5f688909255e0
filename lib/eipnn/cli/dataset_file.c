/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/dataset_file.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cli_has_suffix(const char *path, const char *suffix)
{
  size_t length = strlen(path), end = strlen(suffix);
  return length > end && !strcmp(path + length - end, suffix);
}

cli_format cli_file_format(const char *path)
{
  static const struct {
    const char *suffix;
    cli_format format;
  } known[] = {{".h5", CLI_FORMAT_DATASET},    {".xyz", CLI_FORMAT_XYZ},
               {".extxyz", CLI_FORMAT_XYZ},    {".xyz.gz", CLI_FORMAT_XYZ},
               {".extxyz.gz", CLI_FORMAT_XYZ}, {".dump", CLI_FORMAT_DUMP},
               {".lammpstrj", CLI_FORMAT_DUMP}};
  for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
    if (cli_has_suffix(path, known[k].suffix)) return known[k].format;
  return CLI_FORMAT_UNKNOWN;
}

/* Splits text at commas, in place; returns the number of words, at most limit. */
static int split_commas(char *text, char **word, int limit)
{
  int count = 0;
  while (text && count < limit) {
    word[count++] = text;
    text = strchr(text, ',');
    if (text) *text++ = '\0';
  }
  return text ? limit + 1 : count;
}

static eipnn_status append_dump(eipnn_dataset *dataset, const char *path, const char *elements)
{
  enum { LIMIT = 64 };
  char *word[LIMIT], *text = NULL;
  int count = 0;
  if (elements) {
    text = eipnn_strdup(elements);
    if (!text) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the element names");
    count = split_commas(text, word, LIMIT);
  }
  eipnn_status status =
      count > LIMIT ? eipnn_error(EIPNN_ERROR_ARGUMENT, "--elements names over %d types", LIMIT)
                    : eipnn_dataset_read_dump(dataset, path, count, (const char *const *)word);
  free(text);
  return status;
}

static eipnn_status append_dataset(eipnn_dataset *dataset, const char *path)
{
  eipnn_dataset *other;
  EIPNN_TRY(eipnn_dataset_read(path, &other));
  eipnn_status status = eipnn_dataset_append_dataset(dataset, other);
  eipnn_dataset_free(&other);
  return status;
}

eipnn_status cli_append_file(eipnn_dataset *dataset, const char *path, const char *elements)
{
  switch (cli_file_format(path)) {
    case CLI_FORMAT_DATASET: return append_dataset(dataset, path);
    case CLI_FORMAT_XYZ: return eipnn_dataset_read_xyz(dataset, path);
    case CLI_FORMAT_DUMP: return append_dump(dataset, path, elements);
    case CLI_FORMAT_UNKNOWN: break;
  }
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "%s: the format is told by the end of the name, which can be .h5, .xyz, "
                     ".extxyz, .xyz.gz, .extxyz.gz, .dump or .lammpstrj",
                     path);
}

eipnn_status cli_write_file(const eipnn_dataset *dataset, const char *path)
{
  switch (cli_file_format(path)) {
    case CLI_FORMAT_DATASET: return eipnn_dataset_write(dataset, path);
    case CLI_FORMAT_XYZ: return eipnn_dataset_write_xyz(dataset, path);
    default:
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "%s cannot be written; give a name that ends in .h5, .xyz or .xyz.gz",
                         path);
  }
}

static int has_species(const eipnn_dataset *dataset, int number)
{
  int species[EIPNN_ELEMENTS], count = eipnn_dataset_species(dataset, species);
  for (int k = 0; k < count; k++)
    if (species[k] == number) return 1;
  return 0;
}

/* One "Si=-0.835". */
static eipnn_status set_reference(eipnn_dataset *dataset, char *word)
{
  char *equals = strchr(word, '='), *end = NULL;
  double energy = equals ? strtod(equals + 1, &end) : NAN;
  if (!equals || end == equals + 1 || *end || !isfinite(energy))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "--reference: \"%s\" is not ELEMENT=ENERGY, e.g. Si=-0.835 (eV/atom)", word);
  *equals = '\0';
  int number = eipnn_element_number(word);
  if (!number)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "--reference: \"%s\" is not a chemical symbol", word);
  if (!has_species(dataset, number))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "--reference: the dataset holds no %s", word);
  return eipnn_dataset_set_reference_energy(dataset, number, energy);
}

eipnn_status cli_set_references(eipnn_dataset *dataset, const char *text)
{
  enum { LIMIT = 118 };
  char *word[LIMIT], *copy = eipnn_strdup(text);
  if (!copy) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the reference energies");
  int count = split_commas(copy, word, LIMIT);
  eipnn_status status = EIPNN_OK;
  for (int k = 0; k < count && k < LIMIT && status == EIPNN_OK; k++)
    status = set_reference(dataset, word[k]);
  free(copy);
  return status;
}

const char *cli_role_name(int role)
{
  static const char *const name[] = {"unused", "train", "validation", "test", "pool"};
  return role >= 0 && role < 5 ? name[role] : "unknown";
}

eipnn_status cli_find_split(const eipnn_dataset *dataset, const char *path, const char *name,
                            uint8_t **role)
{
  *role = eipnn_dataset_split(dataset, name);
  if (*role) return EIPNN_OK;
  char known[512] = "";
  size_t count = eipnn_dataset_split_count(dataset), used = 0;
  for (size_t k = 0; k < count && used < sizeof known; k++)
    used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", k ? ", " : "",
                             eipnn_dataset_split_name(dataset, k));
  if (!count)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "%s has no splits; make one with `eipnn split %s --name %s`", path, path,
                       name);
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "%s has no split \"%s\"; it has: %s", path, name, known);
}

void cli_count_roles(const eipnn_dataset *dataset, const uint8_t *role, size_t count[5])
{
  memset(count, 0, 5 * sizeof *count);
  for (size_t k = 0; k < eipnn_dataset_count(dataset); k++)
    if (role[k] < 5) count[role[k]]++;
}
