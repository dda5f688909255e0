/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/file.h"
#include "base/h5.h"
#include "base/memory.h"
#include "data/dataset_data.h"
#include "data/dataset_format.h"

#include <stdlib.h>
#include <string.h>

static eipnn_status write_reals(hid_t group, const char *name, int rank, const size_t *shape,
                                const double *values)
{
  return eipnn_h5_write_array(group, name, rank, shape, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values);
}

static eipnn_status write_root(hid_t file)
{
  EIPNN_TRY(eipnn_h5_write_text(file, "format", EIPNN_DATASET_FORMAT));
  EIPNN_TRY(eipnn_h5_write_integer(file, "version", EIPNN_DATASET_VERSION));
  return eipnn_h5_write_text(file, "units", "metal");
}

static eipnn_status write_first(const eipnn_dataset *dataset, hid_t group)
{
  size_t n = dataset->count + 1;
  int64_t *first = eipnn_calloc(n, sizeof *first);
  if (!first) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to write %zu configurations", n);
  for (size_t i = 0; i < n; i++) first[i] = (int64_t)dataset->first[i];
  eipnn_status status =
      eipnn_h5_write_array(group, "first", 1, &n, H5T_STD_I64LE, H5T_NATIVE_INT64, first);
  free(first);
  return status;
}

static eipnn_status write_tags(const eipnn_dataset *dataset, hid_t group)
{
  const char **tags = eipnn_calloc(dataset->count, sizeof *tags);
  if (!tags) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to write config types");
  for (size_t i = 0; i < dataset->count; i++) tags[i] = dataset->tag[i] ? dataset->tag[i] : "";
  eipnn_status status = eipnn_h5_write_texts(group, "tag", dataset->count, tags);
  free(tags);
  return status;
}

static eipnn_status write_configurations(const eipnn_dataset *dataset, hid_t file)
{
  const size_t cell[3] = {dataset->count, 3, 3}, atoms[2] = {dataset->natom, 3};
  hid_t group;
  EIPNN_TRY(eipnn_h5_create_group(file, "configs", &group));
  EIPNN_TRY(write_first(dataset, group));
  EIPNN_TRY(write_reals(group, "cell", 3, cell, (const double *)dataset->cell));
  EIPNN_TRY(
      eipnn_h5_write_array(group, "pbc", 2, cell, H5T_STD_U8LE, H5T_NATIVE_UINT8, dataset->pbc));
  EIPNN_TRY(write_tags(dataset, group));
  if (dataset->group)
    EIPNN_TRY(eipnn_h5_write_array(group, "group", 1, &dataset->count, H5T_STD_I64LE,
                                   H5T_NATIVE_INT64, dataset->group));
  EIPNN_TRY(eipnn_h5_create_group(file, "atoms", &group));
  EIPNN_TRY(eipnn_h5_write_array(group, "number", 1, atoms, H5T_STD_I32LE, H5T_NATIVE_INT,
                                 dataset->number));
  return write_reals(group, "position", 2, atoms, (const double *)dataset->position);
}

static eipnn_status write_references(const eipnn_dataset *dataset, hid_t group)
{
  double energy[EIPNN_ELEMENTS];
  int64_t species[EIPNN_ELEMENTS];
  size_t count = 0;
  for (int z = 1; z <= EIPNN_ELEMENTS; z++) {
    if (!dataset->reference_known[z]) continue;
    energy[count] = dataset->reference[z];
    species[count++] = z;
  }
  if (count == 0) return EIPNN_OK;
  EIPNN_TRY(eipnn_h5_write_reals(group, "reference_energy", count, energy));
  return eipnn_h5_write_integers(group, "reference_species", count, species);
}

static eipnn_status write_provenance(const eipnn_labels *labels, hid_t group)
{
  EIPNN_TRY(eipnn_h5_write_text(group, "provider", labels->provider));
  EIPNN_TRY(eipnn_h5_write_text(group, "model", labels->model));
  EIPNN_TRY(eipnn_h5_write_text(group, "version", labels->version));
  EIPNN_TRY(eipnn_h5_write_text(group, "timestamp", labels->timestamp));
  return eipnn_h5_write_integer(group, "failed", labels->failed);
}

static eipnn_status write_label_set(const eipnn_dataset *dataset, const eipnn_labels *labels,
                                    hid_t parent, const char *name)
{
  const size_t forces[2] = {dataset->natom, 3}, virial[2] = {dataset->count, 6};
  hid_t group;
  EIPNN_TRY(eipnn_h5_create_group(parent, name, &group));
  EIPNN_TRY(write_reals(group, "energy", 1, &dataset->count, labels->energy));
  if (labels->forces)
    EIPNN_TRY(write_reals(group, "forces", 2, forces, (const double *)labels->forces));
  if (labels->virial)
    EIPNN_TRY(write_reals(group, "virial", 2, virial, (const double *)labels->virial));
  EIPNN_TRY(write_provenance(labels, group));
  if (strcmp(labels->name, "dft") == 0) EIPNN_TRY(write_references(dataset, group));
  H5Gclose(group);
  return EIPNN_OK;
}

static eipnn_status write_labels(const eipnn_dataset *dataset, hid_t file)
{
  hid_t group, eip;
  EIPNN_TRY(eipnn_h5_create_group(file, "labels", &group));
  EIPNN_TRY(eipnn_h5_create_group(group, "eip", &eip));
  for (size_t i = 0; i < dataset->nlabels; i++) {
    const eipnn_labels *labels = dataset->labels[i];
    int is_eip = eipnn_labels_is_eip(labels->name);
    EIPNN_TRY(
        write_label_set(dataset, labels, is_eip ? eip : group, labels->name + (is_eip ? 4 : 0)));
  }
  return EIPNN_OK;
}

static eipnn_status write_splits(const eipnn_dataset *dataset, hid_t file)
{
  hid_t group, split;
  EIPNN_TRY(eipnn_h5_create_group(file, "splits", &group));
  for (size_t i = 0; i < dataset->nsplits; i++) {
    EIPNN_TRY(eipnn_h5_create_group(group, dataset->splits[i]->name, &split));
    EIPNN_TRY(eipnn_h5_write_array(split, "role", 1, &dataset->count, H5T_STD_U8LE,
                                   H5T_NATIVE_UINT8, dataset->splits[i]->role));
    H5Gclose(split);
  }
  return EIPNN_OK;
}

static eipnn_status write_all(const eipnn_dataset *dataset, const char *path)
{
  hid_t file;
  EIPNN_TRY(eipnn_h5_create(path, &file));
  eipnn_status status = write_root(file);
  if (status == EIPNN_OK) status = write_configurations(dataset, file);
  if (status == EIPNN_OK) status = write_labels(dataset, file);
  if (status == EIPNN_OK) status = write_splits(dataset, file);
  if (H5Fclose(file) < 0 && status == EIPNN_OK)
    status = eipnn_error(EIPNN_ERROR_IO, "HDF5 cannot finish the file (disk full?)");
  return status;
}

eipnn_status eipnn_dataset_write(const eipnn_dataset *dataset, const char *path)
{
  eipnn_replacement replacement;
  eipnn_h5_silence silence;
  EIPNN_TRY(eipnn_replacement_begin(&replacement, path));
  eipnn_h5_silence_begin(&silence);
  eipnn_status status = write_all(dataset, replacement.temporary);
  eipnn_h5_silence_end(&silence);
  if (status == EIPNN_OK) return eipnn_replacement_commit(&replacement);
  eipnn_replacement_discard(&replacement);
  return eipnn_error(status, "cannot write dataset %s: %s", path, eipnn_last_error());
}
