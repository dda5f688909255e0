/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reader of model files. Nothing is believed before it was checked: types and
   sizes of attributes, shapes of arrays, finite numbers, the checksum. */
#include "models/model_data.h"
#include "models/model_format.h"

#include "base/h5.h"
#include "base/memory.h"

#include <jansson.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_STRINGS 1000
#define MAX_STRING 65536

/* Sized and freed by read_description. */
typedef struct description {
  eipnn_network_options options;
  int nspecies, nheads;
  int *species;
  char **heads;
} description;

/* Opens an attribute of a class; *count: its elements, 1 to maximum. */
static eipnn_status open_attribute(hid_t file, const char *name, H5T_class_t class, int maximum,
                                   hid_t *attribute, int *count)
{
  *attribute = H5Aexists(file, name) > 0 ? H5Aopen(file, name, H5P_DEFAULT) : -1;
  if (*attribute < 0)
    return eipnn_error(EIPNN_ERROR_FORMAT, "attribute '%s' is missing or damaged", name);
  hid_t type = H5Aget_type(*attribute);
  hid_t space = H5Aget_space(*attribute);
  hssize_t size = space >= 0 ? H5Sget_simple_extent_npoints(space) : -1;
  int good = type >= 0 && H5Tget_class(type) == class && size >= 1 && size <= maximum;
  if (type >= 0) H5Tclose(type);
  if (space >= 0) H5Sclose(space);
  *count = good ? (int)size : 0;
  if (good) return EIPNN_OK;
  H5Aclose(*attribute);
  return eipnn_error(EIPNN_ERROR_FORMAT, "attribute '%s' has the wrong type or size", name);
}

static eipnn_status read_number(hid_t file, const char *name, H5T_class_t class, hid_t type,
                                void *value)
{
  hid_t attribute;
  int count;
  EIPNN_TRY(open_attribute(file, name, class, 1, &attribute, &count));
  int bad = H5Aread(attribute, type, value) < 0;
  H5Aclose(attribute);
  return bad ? eipnn_error(EIPNN_ERROR_FORMAT, "attribute '%s' cannot be read", name) : EIPNN_OK;
}

/* count strings of an open attribute, copied to the heap. */
static int read_variable_strings(hid_t attribute, hid_t type, int count, char **values)
{
  char **raw = eipnn_calloc((size_t)count, sizeof *raw);
  hid_t space = H5Aget_space(attribute);
  int bad = !raw || space < 0 || H5Aread(attribute, type, raw) < 0;
  for (int k = 0; !bad && k < count; k++)
    bad = !raw[k] || strlen(raw[k]) > MAX_STRING || !(values[k] = eipnn_strdup(raw[k]));
  if (raw && space >= 0) H5Dvlen_reclaim(type, space, H5P_DEFAULT, raw);
  if (space >= 0) H5Sclose(space);
  free(raw);
  return bad;
}

static int read_fixed_strings(hid_t attribute, hid_t type, int count, char **values)
{
  size_t size = H5Tget_size(type);
  if (size < 1 || size > MAX_STRING) return 1;
  char *raw = eipnn_calloc((size_t)count, size);
  int bad = !raw || H5Aread(attribute, type, raw) < 0;
  for (int k = 0; !bad && k < count; k++) {
    values[k] = eipnn_calloc(size + 1, 1);
    bad = !values[k];
    if (!bad) memcpy(values[k], raw + (size_t)k * size, size);
  }
  free(raw);
  return bad;
}

/* [count] strings on the heap, at most maximum; free each and the array. */
static eipnn_status read_strings(hid_t file, const char *name, int maximum, char ***values,
                                 int *count)
{
  hid_t attribute;
  *values = NULL;
  EIPNN_TRY(open_attribute(file, name, H5T_STRING, maximum, &attribute, count));
  hid_t type = H5Aget_type(attribute);
  *values = eipnn_calloc((size_t)*count, sizeof **values);
  int bad = !*values || type < 0;
  if (!bad)
    bad = H5Tis_variable_str(type) > 0 ? read_variable_strings(attribute, type, *count, *values)
                                       : read_fixed_strings(attribute, type, *count, *values);
  if (type >= 0) H5Tclose(type);
  H5Aclose(attribute);
  if (!bad) return EIPNN_OK;
  for (int k = 0; *values && k < *count; k++) free((*values)[k]);
  free(*values);
  *values = NULL;
  return eipnn_error(EIPNN_ERROR_FORMAT, "attribute '%s' cannot be read", name);
}

/* One string on the heap. */
static eipnn_status read_string(hid_t file, const char *name, char **value)
{
  char **values;
  int count;
  EIPNN_TRY(read_strings(file, name, 1, &values, &count));
  *value = values[0];
  free(values);
  return EIPNN_OK;
}

static eipnn_status check_format(hid_t file)
{
  char *format;
  if (H5Aexists(file, "format") <= 0)
    return eipnn_error(EIPNN_ERROR_FORMAT, "this HDF5 file is not an eipnn model");
  EIPNN_TRY(read_string(file, "format", &format));
  eipnn_status status = EIPNN_OK;
  if (strcmp(format, EIPNN_MODEL_FORMAT))
    status = eipnn_error(EIPNN_ERROR_FORMAT, "the file's format is '%.64s', not '%s'", format,
                         EIPNN_MODEL_FORMAT);
  free(format);
  EIPNN_TRY(status);
  int version = 0;
  EIPNN_TRY(read_number(file, "version", H5T_INTEGER, H5T_NATIVE_INT, &version));
  if (version == EIPNN_MODEL_VERSION) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_FORMAT,
                     "model format version %d; this program reads version %d: use a newer eipnn",
                     version, EIPNN_MODEL_VERSION);
}

static eipnn_status check_units(hid_t file)
{
  char *units;
  EIPNN_TRY(read_string(file, "units", &units));
  int bad = strcmp(units, "metal") != 0;
  free(units);
  return bad ? eipnn_error(EIPNN_ERROR_FORMAT, "the model's units are not 'metal'") : EIPNN_OK;
}

static eipnn_status read_network(hid_t file, eipnn_network_options *options)
{
  char *text;
  EIPNN_TRY(read_string(file, "network", &text));
  size_t length = strlen(text);
  if (length < sizeof options->network) memcpy(options->network, text, length + 1);
  free(text);
  if (length >= sizeof options->network)
    return eipnn_error(EIPNN_ERROR_FORMAT, "the name of the network is too long");
  EIPNN_TRY(read_string(file, "cutoff_function", &text));
  eipnn_status status = eipnn_cutoff_function_from_name(text, &options->cutoff_function);
  free(text);
  return status;
}

static eipnn_status read_options(hid_t file, eipnn_network_options *options)
{
  eipnn_network_options_default(options);
  EIPNN_TRY(read_network(file, options));
  EIPNN_TRY(read_number(file, "cutoff", H5T_FLOAT, H5T_NATIVE_DOUBLE, &options->cutoff));
  EIPNN_TRY(
      read_number(file, "radial_gamma", H5T_FLOAT, H5T_NATIVE_DOUBLE, &options->radial_gamma));
  for (int k = 0; k < EIPNN_MODEL_NINTEGERS; k++)
    EIPNN_TRY(read_number(file, eipnn_model_integer_name(k), H5T_INTEGER, H5T_NATIVE_INT,
                          eipnn_model_integer(options, k)));
  return EIPNN_OK;
}

static eipnn_status read_species(hid_t file, description *d)
{
  hid_t attribute;
  EIPNN_TRY(open_attribute(file, "species", H5T_INTEGER, 118, &attribute, &d->nspecies));
  d->species = eipnn_calloc((size_t)d->nspecies, sizeof *d->species);
  int bad = !d->species || H5Aread(attribute, H5T_NATIVE_INT, d->species) < 0;
  H5Aclose(attribute);
  return bad ? eipnn_error(EIPNN_ERROR_FORMAT, "attribute 'species' cannot be read") : EIPNN_OK;
}

static eipnn_status describe(hid_t file, description *d, eipnn_model **model)
{
  EIPNN_TRY(check_format(file));
  EIPNN_TRY(check_units(file));
  EIPNN_TRY(read_options(file, &d->options));
  EIPNN_TRY(read_species(file, d));
  EIPNN_TRY(read_strings(file, "heads", MAX_STRINGS, &d->heads, &d->nheads));
  return eipnn_model_describe(&d->options, d->nspecies, d->species, d->nheads,
                              (const char *const *)d->heads, model);
}

static eipnn_status read_description(hid_t file, eipnn_model **model)
{
  description d = {0};
  eipnn_status status = describe(file, &d, model);
  for (int k = 0; d.heads && k < d.nheads; k++) free(d.heads[k]);
  free(d.heads);
  free(d.species);
  return status;
}

/* An open data set of floating-point numbers with rows*cols elements, in one
   of the ranks allowed. */
static int array_fits(hid_t set, hsize_t rows, hsize_t cols)
{
  hid_t type = H5Dget_type(set), space = H5Dget_space(set);
  hsize_t shape[2] = {0, 0};
  int rank = space >= 0 ? H5Sget_simple_extent_ndims(space) : -1;
  int good = type >= 0 && H5Tget_class(type) == H5T_FLOAT && (rank == 1 || rank == 2) &&
             H5Sget_simple_extent_dims(space, shape, NULL) == rank;
  good = good && (rank == 2 ? shape[0] == rows && shape[1] == cols : rows == 1 && shape[0] == cols);
  if (type >= 0) H5Tclose(type);
  if (space >= 0) H5Sclose(space);
  return good;
}

static eipnn_status read_array(hid_t file, const char *path, int rows, int cols, double *values)
{
  hid_t set = H5Dopen2(file, path, H5P_DEFAULT);
  if (set < 0) return eipnn_error(EIPNN_ERROR_FORMAT, "/%s is missing or damaged", path);
  eipnn_status status = EIPNN_OK;
  if (!array_fits(set, (hsize_t)rows, (hsize_t)cols))
    status = eipnn_error(EIPNN_ERROR_FORMAT, "/%s is not an array of [%d][%d] real numbers", path,
                         rows, cols);
  else if (values && H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
    status = eipnn_error(EIPNN_ERROR_FORMAT, "/%s cannot be read", path);
  H5Dclose(set);
  EIPNN_TRY(status);
  for (size_t k = 0; values && k < (size_t)rows * (size_t)cols; k++)
    if (!isfinite(values[k]))
      return eipnn_error(EIPNN_ERROR_FORMAT, "/%s holds a number that is not finite", path);
  return EIPNN_OK;
}

/* values NULL: only looks whether all are there and of the right shape, so that
   a file cannot make the reader allocate what it does not hold. */
static eipnn_status read_weights(hid_t file, const eipnn_model *model, double *values)
{
  for (int k = 0; k < model->parameters.count; k++) {
    const eipnn_parameter_info *info = &model->parameters.info[k];
    char path[EIPNN_MODEL_PATH_SIZE];
    eipnn_model_weight_path(info, path);
    EIPNN_TRY(
        read_array(file, path, info->rows, info->cols, values ? values + info->offset : NULL));
  }
  return EIPNN_OK;
}

static eipnn_status parse_history(eipnn_model *model, const char *text)
{
  json_t *object = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  eipnn_status status = EIPNN_OK;
  if (!json_is_object(object))
    status = eipnn_error(EIPNN_ERROR_FORMAT, "attribute 'history' is not a JSON object");
  const char *key;
  json_t *value;
  json_object_foreach(object, key, value)
  {
    if (status != EIPNN_OK) break;
    status = json_is_string(value)
                 ? eipnn_model_set_history(model, key, json_string_value(value))
                 : eipnn_error(EIPNN_ERROR_FORMAT, "history '%.64s' is not a string", key);
  }
  json_decref(object);
  return status;
}

static eipnn_status read_history(hid_t file, eipnn_model *model)
{
  char *text;
  EIPNN_TRY(read_string(file, "history", &text));
  eipnn_status status = parse_history(model, text);
  free(text);
  return status;
}

static eipnn_status check_checksum(hid_t file, const eipnn_model *model)
{
  /* Optional, so that other programs can write models. */
  if (H5Aexists(file, "checksum") <= 0) return EIPNN_OK;
  unsigned int stored = 0;
  EIPNN_TRY(read_number(file, "checksum", H5T_INTEGER, H5T_NATIVE_UINT, &stored));
  if (stored == (unsigned int)eipnn_model_checksum(model)) return EIPNN_OK;
  return eipnn_error(
      EIPNN_ERROR_FORMAT,
      "the checksum does not fit: the file was damaged, or changed by another program "
      "(which must remove attribute 'checksum')");
}

static eipnn_status read_contents(hid_t file, eipnn_model *model)
{
  EIPNN_TRY(read_weights(file, model, NULL));
  EIPNN_TRY(eipnn_model_allocate_weights(model));
  EIPNN_TRY(read_weights(file, model, model->weights));
  EIPNN_TRY(read_array(file, "scale", 1, model->nheads, model->scale));
  EIPNN_TRY(read_array(file, "shift", model->nheads, model->nspecies, model->shift));
  EIPNN_TRY(check_checksum(file, model));
  return read_history(file, model);
}

static eipnn_status read_file(const char *path, eipnn_model **model)
{
  hid_t file;
  EIPNN_TRY(eipnn_h5_open(path, &file));
  eipnn_status status = read_description(file, model);
  if (status == EIPNN_OK) status = read_contents(file, *model);
  if (status != EIPNN_OK) eipnn_model_free(model);
  H5Fclose(file);
  if (status == EIPNN_OK || status == EIPNN_ERROR_MEMORY) return status;
  return eipnn_error(EIPNN_ERROR_FORMAT, "cannot read model %s: %s", path, eipnn_last_error());
}

eipnn_status eipnn_model_read(const char *path, eipnn_model **model)
{
  eipnn_h5_silence silence;
  *model = NULL;
  eipnn_h5_silence_begin(&silence);
  eipnn_status status = read_file(path, model);
  eipnn_h5_silence_end(&silence);
  return status;
}
