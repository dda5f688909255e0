/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/h5.h"
#include "base/memory.h"
#include "data/dataset_data.h"
#include "data/dataset_format.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static eipnn_status read_root(hid_t file)
{
  char text[64];
  int64_t version;
  if (!eipnn_h5_has_attribute(file, "format"))
    return eipnn_error(EIPNN_ERROR_FORMAT, "an HDF5 file, but not an eipnn dataset (no attribute "
                                           "'format')");
  EIPNN_TRY(eipnn_h5_read_text(file, "format", text, sizeof text));
  if (strcmp(text, EIPNN_DATASET_FORMAT) != 0)
    return eipnn_error(EIPNN_ERROR_FORMAT, "not a dataset: its format is '%s', expected '%s'", text,
                       EIPNN_DATASET_FORMAT);
  EIPNN_TRY(eipnn_h5_read_integer(file, "version", &version));
  if (version != EIPNN_DATASET_VERSION)
    return eipnn_error(EIPNN_ERROR_FORMAT,
                       "dataset version %lld; this build reads version %d: use a newer eipnn",
                       (long long)version, EIPNN_DATASET_VERSION);
  EIPNN_TRY(eipnn_h5_read_text(file, "units", text, sizeof text));
  if (strcmp(text, "metal") != 0)
    return eipnn_error(EIPNN_ERROR_FORMAT, "units '%s'; expected 'metal' (Angstrom, eV)", text);
  return EIPNN_OK;
}

/* n configurations with prefix sums that make sense; memory for all of them. */
static eipnn_status read_first(eipnn_dataset *dataset, hid_t group)
{
  size_t rows;
  EIPNN_TRY(eipnn_h5_rows(group, "first", &rows));
  if (rows < 1) return eipnn_error(EIPNN_ERROR_FORMAT, "dataset 'first' is empty");
  int64_t *first = eipnn_calloc(rows, sizeof *first);
  if (!first) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %zu configurations", rows);
  eipnn_status status = eipnn_h5_read_array(group, "first", 1, &rows, H5T_NATIVE_INT64, first);
  if (status == EIPNN_OK && first[0] != 0)
    status = eipnn_error(EIPNN_ERROR_FORMAT, "dataset 'first' does not start with 0");
  for (size_t i = 1; status == EIPNN_OK && i < rows; i++)
    if (first[i] <= first[i - 1] || first[i] - first[i - 1] > INT_MAX)
      status = eipnn_error(EIPNN_ERROR_FORMAT,
                           "dataset 'first' does not increase at configuration %zu", i - 1);
  if (status == EIPNN_OK) status = eipnn_dataset_reserve(dataset, rows - 1, 0);
  for (size_t i = 0; status == EIPNN_OK && i < rows; i++) dataset->first[i] = (size_t)first[i];
  if (status == EIPNN_OK) memset(dataset->tag, 0, dataset->config_capacity * sizeof *dataset->tag);
  if (status == EIPNN_OK) dataset->count = rows - 1;
  free(first);
  return status;
}

static eipnn_status store_tag(void *context, size_t index, const char *text)
{
  eipnn_dataset *dataset = context;
  if (!text[0]) return EIPNN_OK;
  dataset->tag[index] = eipnn_strdup(text);
  return dataset->tag[index] ? EIPNN_OK : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a tag");
}

static eipnn_status read_groups(eipnn_dataset *dataset, hid_t configs)
{
  int64_t *group;
  EIPNN_TRY(eipnn_dataset_add_groups(dataset, &group));
  EIPNN_TRY(eipnn_h5_read_array(configs, "group", 1, &dataset->count, H5T_NATIVE_INT64, group));
  for (size_t i = 0; i < dataset->count; i++)
    if (group[i] < -1 || group[i] > EIPNN_GROUP_LIMIT)
      return eipnn_error(EIPNN_ERROR_FORMAT,
                         "configuration %zu is in group %lld; use -1 (none) to 2^40", i,
                         (long long)group[i]);
  return EIPNN_OK;
}

static eipnn_status read_configurations(eipnn_dataset *dataset, hid_t group)
{
  EIPNN_TRY(read_first(dataset, group));
  const size_t shape[3] = {dataset->count, 3, 3};
  EIPNN_TRY(eipnn_h5_read_array(group, "cell", 3, shape, H5T_NATIVE_DOUBLE, dataset->cell));
  EIPNN_TRY(eipnn_h5_read_array(group, "pbc", 2, shape, H5T_NATIVE_UINT8, dataset->pbc));
  EIPNN_TRY(eipnn_h5_read_texts(group, "tag", dataset->count, dataset, store_tag));
  return eipnn_h5_exists(group, "group") ? read_groups(dataset, group) : EIPNN_OK;
}

static eipnn_status read_atoms(eipnn_dataset *dataset, hid_t group)
{
  size_t natom = dataset->first[dataset->count], rows;
  EIPNN_TRY(eipnn_h5_rows(group, "number", &rows));
  if (rows != natom)
    return eipnn_error(EIPNN_ERROR_FORMAT, "dataset 'number' has %zu atoms, 'first' says %zu", rows,
                       natom);
  EIPNN_TRY(eipnn_dataset_reserve(dataset, 0, natom));
  const size_t shape[2] = {natom, 3};
  EIPNN_TRY(eipnn_h5_read_array(group, "number", 1, shape, H5T_NATIVE_INT, dataset->number));
  EIPNN_TRY(eipnn_h5_read_array(group, "position", 2, shape, H5T_NATIVE_DOUBLE, dataset->position));
  dataset->natom = natom;
  return EIPNN_OK;
}

static eipnn_status check_configurations(const eipnn_dataset *dataset)
{
  for (size_t i = 0; i < dataset->count; i++) {
    eipnn_configuration configuration;
    EIPNN_TRY(eipnn_dataset_get(dataset, i, &configuration));
    for (int k = 0; k < 3; k++)
      if (configuration.pbc[k] > 1)
        return eipnn_error(EIPNN_ERROR_FORMAT, "configuration %zu: pbc is %d; use 0 or 1", i,
                           configuration.pbc[k]);
    if (eipnn_configuration_check(&configuration) != EIPNN_OK)
      return eipnn_error(EIPNN_ERROR_FORMAT, "configuration %zu: %s", i, eipnn_last_error());
  }
  return EIPNN_OK;
}

/* Labels are finite or NaN. */
static eipnn_status read_label_array(hid_t group, const char *name, int rank, const size_t *shape,
                                     double *values)
{
  size_t count = rank > 1 ? shape[0] * shape[1] : shape[0];
  EIPNN_TRY(eipnn_h5_read_array(group, name, rank, shape, H5T_NATIVE_DOUBLE, values));
  for (size_t i = 0; i < count; i++)
    if (isinf(values[i]))
      return eipnn_error(EIPNN_ERROR_FORMAT, "'%s' has an infinite value", name);
  return EIPNN_OK;
}

static eipnn_status optional_text(hid_t group, const char *name, char *text, size_t size)
{
  return eipnn_h5_has_attribute(group, name) ? eipnn_h5_read_text(group, name, text, size)
                                             : EIPNN_OK;
}

static eipnn_status read_provenance(eipnn_labels *labels, hid_t group)
{
  EIPNN_TRY(optional_text(group, "provider", labels->provider, sizeof labels->provider));
  EIPNN_TRY(optional_text(group, "model", labels->model, sizeof labels->model));
  EIPNN_TRY(optional_text(group, "version", labels->version, sizeof labels->version));
  EIPNN_TRY(optional_text(group, "timestamp", labels->timestamp, sizeof labels->timestamp));
  if (!eipnn_h5_has_attribute(group, "failed")) return EIPNN_OK;
  EIPNN_TRY(eipnn_h5_read_integer(group, "failed", &labels->failed));
  if (labels->failed >= 0) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_FORMAT, "attribute 'failed' is negative");
}

static eipnn_status read_label_set(eipnn_dataset *dataset, hid_t group, const char *name)
{
  const size_t forces[2] = {dataset->natom, 3}, virial[2] = {dataset->count, 6};
  eipnn_labels *labels;
  EIPNN_TRY(eipnn_dataset_add_labels(dataset, name, eipnn_h5_exists(group, "forces"),
                                     eipnn_h5_exists(group, "virial"), &labels));
  EIPNN_TRY(read_label_array(group, "energy", 1, &dataset->count, labels->energy));
  if (labels->forces)
    EIPNN_TRY(read_label_array(group, "forces", 2, forces, (double *)labels->forces));
  if (labels->virial)
    EIPNN_TRY(read_label_array(group, "virial", 2, virial, (double *)labels->virial));
  return read_provenance(labels, group);
}

static eipnn_status read_references(eipnn_dataset *dataset, hid_t group)
{
  double energy[EIPNN_ELEMENTS];
  int64_t number[EIPNN_ELEMENTS];
  int species[EIPNN_ELEMENTS];
  size_t count, nspecies;
  if (!eipnn_h5_has_attribute(group, "reference_energy")) return EIPNN_OK;
  EIPNN_TRY(eipnn_h5_read_reals(group, "reference_energy", EIPNN_ELEMENTS, energy, &count));
  if (eipnn_h5_has_attribute(group, "reference_species")) {
    EIPNN_TRY(
        eipnn_h5_read_integers(group, "reference_species", EIPNN_ELEMENTS, number, &nspecies));
  } else {
    nspecies = (size_t)eipnn_dataset_species(dataset, species);
    for (size_t i = 0; i < nspecies; i++) number[i] = species[i];
  }
  if (nspecies != count)
    return eipnn_error(EIPNN_ERROR_FORMAT, "%zu reference energies for %zu species", count,
                       nspecies);
  for (size_t i = 0; i < count; i++) {
    int z = number[i] >= 1 && number[i] <= EIPNN_ELEMENTS ? (int)number[i] : 0;
    EIPNN_TRY(eipnn_dataset_set_reference_energy(dataset, z, energy[i]));
  }
  return EIPNN_OK;
}

static eipnn_status read_dft(eipnn_dataset *dataset, hid_t labels)
{
  hid_t group;
  EIPNN_TRY(eipnn_h5_open_group(labels, "dft", &group));
  eipnn_status status = read_label_set(dataset, group, "dft");
  if (status == EIPNN_OK) status = read_references(dataset, group);
  H5Gclose(group);
  if (status == EIPNN_OK) return EIPNN_OK;
  return eipnn_error(status, "labels/dft: %s", eipnn_last_error());
}

/* Calls read for every group in `name` of parent, where that exists. */
static eipnn_status for_each_group(eipnn_dataset *dataset, hid_t parent, const char *name,
                                   eipnn_status (*read)(eipnn_dataset *, hid_t, const char *))
{
  char child[EIPNN_SPLIT_NAME_SIZE];
  size_t count;
  hid_t group, member;
  if (!eipnn_h5_exists(parent, name)) return EIPNN_OK;
  EIPNN_TRY(eipnn_h5_open_group(parent, name, &group));
  EIPNN_TRY(eipnn_h5_link_count(group, &count));
  for (size_t i = 0; i < count; i++) {
    EIPNN_TRY(eipnn_h5_link_name(group, i, child, sizeof child));
    EIPNN_TRY(eipnn_h5_open_group(group, child, &member));
    if (read(dataset, member, child) != EIPNN_OK)
      return eipnn_error(EIPNN_ERROR_FORMAT, "%s/%s: %s", name, child, eipnn_last_error());
    H5Gclose(member);
  }
  return EIPNN_OK;
}

static eipnn_status read_eip(eipnn_dataset *dataset, hid_t group, const char *name)
{
  char full[EIPNN_SPLIT_NAME_SIZE + 4];
  snprintf(full, sizeof full, "eip/%s", name);
  return read_label_set(dataset, group, full);
}

static eipnn_status read_split(eipnn_dataset *dataset, hid_t group, const char *name)
{
  uint8_t *role;
  EIPNN_TRY(eipnn_dataset_add_split(dataset, name, &role));
  EIPNN_TRY(eipnn_h5_read_array(group, "role", 1, &dataset->count, H5T_NATIVE_UINT8, role));
  for (size_t i = 0; i < dataset->count; i++)
    if (role[i] > EIPNN_ROLE_POOL)
      return eipnn_error(EIPNN_ERROR_FORMAT, "role %d of configuration %zu; known: 0 to %d",
                         role[i], i, EIPNN_ROLE_POOL);
  return EIPNN_OK;
}

static eipnn_status read_all(eipnn_dataset *dataset, hid_t file)
{
  hid_t group;
  EIPNN_TRY(read_root(file));
  EIPNN_TRY(eipnn_h5_open_group(file, "configs", &group));
  EIPNN_TRY(read_configurations(dataset, group));
  EIPNN_TRY(eipnn_h5_open_group(file, "atoms", &group));
  EIPNN_TRY(read_atoms(dataset, group));
  EIPNN_TRY(check_configurations(dataset));
  EIPNN_TRY(eipnn_h5_open_group(file, "labels", &group));
  EIPNN_TRY(read_dft(dataset, group));
  EIPNN_TRY(for_each_group(dataset, group, "eip", read_eip));
  return for_each_group(dataset, file, "splits", read_split);
}

/* The file's handle is closed strongly: groups left open by a failure go with it. */
static eipnn_status read_file(const char *path, eipnn_dataset *dataset)
{
  hid_t file;
  EIPNN_TRY(eipnn_h5_open(path, &file));
  eipnn_status status = read_all(dataset, file);
  H5Fclose(file);
  if (status == EIPNN_OK) return EIPNN_OK;
  return eipnn_error(status == EIPNN_ERROR_MEMORY ? status : EIPNN_ERROR_FORMAT, "%s: %s", path,
                     eipnn_last_error());
}

eipnn_status eipnn_dataset_read(const char *path, eipnn_dataset **dataset)
{
  eipnn_h5_silence silence;
  eipnn_dataset *read;
  *dataset = NULL;
  EIPNN_TRY(eipnn_dataset_create(&read));
  eipnn_h5_silence_begin(&silence);
  eipnn_status status = read_file(path, read);
  eipnn_h5_silence_end(&silence);
  if (status == EIPNN_OK)
    *dataset = read;
  else
    eipnn_dataset_free(&read);
  return status;
}
