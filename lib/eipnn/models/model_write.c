/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Model files: HDF5, format "eipnn-model", version 1. */
#include "models/model_data.h"
#include "models/model_format.h"

#include "base/file.h"
#include "base/h5.h"
#include "base/memory.h"

#include <jansson.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static eipnn_status failed(const char *what)
{
  return eipnn_error(EIPNN_ERROR_IO, "HDF5 could not write %s", what);
}

static eipnn_status write_attribute(hid_t file, const char *name, hid_t type, int count,
                                    const void *values)
{
  hsize_t size = (hsize_t)count;
  hid_t space = count ? H5Screate_simple(1, &size, NULL) : H5Screate(H5S_SCALAR);
  hid_t attribute = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  int bad = attribute < 0 || H5Awrite(attribute, type, values) < 0;
  if (attribute >= 0) H5Aclose(attribute);
  if (space >= 0) H5Sclose(space);
  return bad ? failed(name) : EIPNN_OK;
}

/* count 0: a scalar. Fixed length: HDF5 keeps strings of variable length in a
   heap without a checksum, and can crash where that was damaged. */
static eipnn_status write_strings(hid_t file, const char *name, int count,
                                  const char *const *values)
{
  const size_t rows = count ? (size_t)count : 1;
  size_t width = 1;
  for (size_t k = 0; k < rows; k++)
    if (strlen(values[k]) + 1 > width) width = strlen(values[k]) + 1;
  char *packed = eipnn_calloc(rows, width);
  if (!packed) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to write '%s'", name);
  for (size_t k = 0; k < rows; k++) strcpy(packed + k * width, values[k]);
  hid_t type = H5Tcopy(H5T_C_S1);
  int bad = type < 0 || H5Tset_size(type, width) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0;
  eipnn_status status = bad ? failed(name) : write_attribute(file, name, type, count, packed);
  if (type >= 0) H5Tclose(type);
  free(packed);
  return status;
}

static eipnn_status write_string(hid_t file, const char *name, const char *value)
{
  return write_strings(file, name, 0, &value);
}

static eipnn_status write_history(hid_t file, const eipnn_model *model)
{
  json_t *object = json_object();
  int bad = !object;
  for (size_t k = 0; !bad && k < model->nhistory; k++)
    bad = json_object_set_new(object, model->history[k].key,
                              json_string(model->history[k].value)) != 0;
  char *text = bad ? NULL : json_dumps(object, JSON_COMPACT);
  if (object) json_decref(object);
  if (!text)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "the model's history is not valid UTF-8 text");
  eipnn_status status =
      strlen(text) < EIPNN_MODEL_MAX_HISTORY
          ? write_string(file, "history", text)
          : eipnn_error(EIPNN_ERROR_ARGUMENT, "the model's history is longer than %d bytes",
                        EIPNN_MODEL_MAX_HISTORY);
  free(text);
  return status;
}

static eipnn_status write_attributes(hid_t file, const eipnn_model *model)
{
  const eipnn_network_options *options = &model->options;
  const char *precision = eipnn_model_history(model, "precision");
  const int version = EIPNN_MODEL_VERSION;
  const unsigned int checksum = (unsigned int)eipnn_model_checksum(model);
  EIPNN_TRY(write_string(file, "format", EIPNN_MODEL_FORMAT));
  EIPNN_TRY(write_attribute(file, "version", H5T_NATIVE_INT, 0, &version));
  EIPNN_TRY(write_string(file, "network", options->network));
  EIPNN_TRY(write_string(file, "units", "metal"));
  EIPNN_TRY(write_string(file, "precision", precision ? precision : "double"));
  EIPNN_TRY(
      write_string(file, "cutoff_function", eipnn_cutoff_function_name(options->cutoff_function)));
  EIPNN_TRY(write_attribute(file, "cutoff", H5T_NATIVE_DOUBLE, 0, &options->cutoff));
  EIPNN_TRY(write_attribute(file, "radial_gamma", H5T_NATIVE_DOUBLE, 0, &options->radial_gamma));
  for (int k = 0; k < EIPNN_MODEL_NINTEGERS; k++) {
    const int value = *eipnn_model_integer((eipnn_network_options *)options, k);
    EIPNN_TRY(write_attribute(file, eipnn_model_integer_name(k), H5T_NATIVE_INT, 0, &value));
  }
  EIPNN_TRY(write_attribute(file, "species", H5T_NATIVE_INT, model->nspecies, model->species));
  EIPNN_TRY(write_strings(file, "heads", model->nheads, (const char *const *)model->heads));
  EIPNN_TRY(write_attribute(file, "checksum", H5T_NATIVE_UINT, 0, &checksum));
  return write_history(file, model);
}

static eipnn_status write_array(hid_t file, const char *path, int rank, const hsize_t *shape,
                                const double *values)
{
  hid_t links = H5Pcreate(H5P_LINK_CREATE);
  hid_t space = H5Screate_simple(rank, shape, NULL);
  hid_t set = -1;
  int bad = links < 0 || space < 0 || H5Pset_create_intermediate_group(links, 1) < 0;
  if (!bad) set = H5Dcreate2(file, path, H5T_IEEE_F64LE, space, links, H5P_DEFAULT, H5P_DEFAULT);
  bad = set < 0 || H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0;
  if (set >= 0) H5Dclose(set);
  if (space >= 0) H5Sclose(space);
  if (links >= 0) H5Pclose(links);
  return bad ? failed(path) : EIPNN_OK;
}

static eipnn_status write_arrays(hid_t file, const eipnn_model *model)
{
  const hsize_t nheads = (hsize_t)model->nheads, nspecies = (hsize_t)model->nspecies;
  const hsize_t shift[2] = {nheads, nspecies};
  EIPNN_TRY(write_array(file, "scale", 1, &nheads, model->scale));
  /* One head: /shift[species], as the format states it; else one row per head. */
  if (model->nheads == 1)
    EIPNN_TRY(write_array(file, "shift", 1, &nspecies, model->shift));
  else
    EIPNN_TRY(write_array(file, "shift", 2, shift, model->shift));
  for (int k = 0; k < model->parameters.count; k++) {
    const eipnn_parameter_info *info = &model->parameters.info[k];
    const hsize_t shape[2] = {(hsize_t)info->rows, (hsize_t)info->cols};
    char path[EIPNN_MODEL_PATH_SIZE];
    eipnn_model_weight_path(info, path);
    EIPNN_TRY(write_array(file, path, 2, shape, model->weights + info->offset));
  }
  return EIPNN_OK;
}

static eipnn_status check_finite(const eipnn_model *model)
{
  for (int k = 0; k < model->parameters.count; k++) {
    const eipnn_parameter_info *info = &model->parameters.info[k];
    const size_t size = (size_t)info->rows * (size_t)info->cols;
    for (size_t n = 0; n < size; n++)
      if (!isfinite(model->weights[info->offset + n]))
        return eipnn_error(EIPNN_ERROR_NUMERIC,
                           "weight %s is not finite; the model was not written", info->path);
  }
  return EIPNN_OK;
}

static eipnn_status write_file(const eipnn_model *model, const char *path)
{
  hid_t file;
  EIPNN_TRY(eipnn_h5_create(path, &file));
  eipnn_status status = write_attributes(file, model);
  if (status == EIPNN_OK) status = write_arrays(file, model);
  if (status == EIPNN_OK && H5Fflush(file, H5F_SCOPE_GLOBAL) < 0) status = failed(path);
  if (H5Fclose(file) < 0 && status == EIPNN_OK) status = failed(path);
  return status;
}

eipnn_status eipnn_model_write(const eipnn_model *model, const char *path)
{
  EIPNN_TRY(check_finite(model));
  eipnn_replacement replacement;
  EIPNN_TRY(eipnn_replacement_begin(&replacement, path));
  eipnn_h5_silence silence;
  eipnn_h5_silence_begin(&silence);
  eipnn_status status = write_file(model, replacement.temporary);
  eipnn_h5_silence_end(&silence);
  if (status == EIPNN_OK) return eipnn_replacement_commit(&replacement);
  eipnn_replacement_discard(&replacement);
  return status;
}
