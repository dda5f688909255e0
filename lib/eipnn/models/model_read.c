/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reader of model files. Nothing is believed before it was checked: types and
   sizes of attributes, shapes of arrays, finite numbers, the checksum. */
#include "models/model_data.h"
#include "models/model_format.h"
#include "models/network_options.h"

#include "base/h5.h"
#include "base/memory.h"

#include <jansson.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 64 };

static eipnn_status check_root(hid_t file)
{
  char text[TEXT_SIZE];
  int64_t version;
  if (!eipnn_h5_has_attribute(file, "format"))
    return eipnn_error(EIPNN_ERROR_FORMAT, "this HDF5 file is not an eipnn model");
  EIPNN_TRY(eipnn_h5_read_text(file, "format", text, sizeof text));
  if (strcmp(text, EIPNN_MODEL_FORMAT))
    return eipnn_error(EIPNN_ERROR_FORMAT, "the file's format is '%s', not '%s'", text,
                       EIPNN_MODEL_FORMAT);
  EIPNN_TRY(eipnn_h5_read_integer(file, "version", &version));
  if (version != EIPNN_MODEL_VERSION)
    return eipnn_error(
        EIPNN_ERROR_FORMAT,
        "model format version %lld; this program reads version %d: use a newer eipnn",
        (long long)version, EIPNN_MODEL_VERSION);
  EIPNN_TRY(eipnn_h5_read_text(file, "units", text, sizeof text));
  if (strcmp(text, "metal"))
    return eipnn_error(EIPNN_ERROR_FORMAT, "the model's units are '%s', not 'metal'", text);
  return EIPNN_OK;
}

static eipnn_status read_number(hid_t file, const eipnn_network_number *number, double *value)
{
  int64_t integer;
  if (number->real) return eipnn_h5_read_real(file, number->name, value);
  EIPNN_TRY(eipnn_h5_read_integer(file, number->name, &integer));
  *value = (double)integer;
  return EIPNN_OK;
}

static eipnn_status read_options(hid_t file, eipnn_network_options *options)
{
  char text[TEXT_SIZE];
  eipnn_network_options_default(options);
  EIPNN_TRY(eipnn_h5_read_text(file, "network", options->network, sizeof options->network));
  EIPNN_TRY(eipnn_h5_read_text(file, "cutoff_function", text, sizeof text));
  EIPNN_TRY(eipnn_cutoff_function_from_name(text, &options->cutoff_function));
  for (int k = 0; k < EIPNN_NETWORK_NUMBERS; k++) {
    const eipnn_network_number *number = &eipnn_network_numbers[k];
    double value;
    EIPNN_TRY(read_number(file, number, &value));
    EIPNN_TRY(eipnn_network_number_set(options, number, value));
  }
  return EIPNN_OK;
}

/* Files without a task are of before there were classifiers. */
static eipnn_status read_task(hid_t file, eipnn_model *model)
{
  char text[TEXT_SIZE];
  if (!eipnn_h5_has_attribute(file, "task")) return EIPNN_OK;
  EIPNN_TRY(eipnn_h5_read_text(file, "task", text, sizeof text));
  if (!strcmp(text, EIPNN_MODEL_TASK_ENERGY)) return EIPNN_OK;
  if (strcmp(text, EIPNN_MODEL_TASK_CLASSES))
    return eipnn_error(EIPNN_ERROR_FORMAT, "attribute 'task' is '%s'; known: %s, %s", text,
                       EIPNN_MODEL_TASK_ENERGY, EIPNN_MODEL_TASK_CLASSES);
  EIPNN_TRY(eipnn_h5_read_text(file, "pooling", text, sizeof text));
  eipnn_pooling pooling;
  EIPNN_TRY(eipnn_pooling_from_name(text, &pooling));
  return eipnn_model_set_classes(model, pooling);
}

/* What the attributes of a baseline hold. */
typedef struct baseline_texts {
  char name[EIPNN_MAX_BASELINE][EIPNN_BASELINE_NAME_SIZE];
  char source[EIPNN_MAX_BASELINE][EIPNN_BASELINE_SOURCE_SIZE];
} baseline_texts;

static eipnn_status read_terms(hid_t file, baseline_texts *texts, eipnn_model *model)
{
  const char *names[EIPNN_MAX_BASELINE];
  double coefficients[EIPNN_MAX_BASELINE];
  size_t count, sources, values;
  EIPNN_TRY(eipnn_h5_read_text_list(file, "baseline", EIPNN_MAX_BASELINE, EIPNN_BASELINE_NAME_SIZE,
                                    texts->name[0], &count));
  EIPNN_TRY(eipnn_h5_read_text_list(file, "baseline_source", EIPNN_MAX_BASELINE,
                                    EIPNN_BASELINE_SOURCE_SIZE, texts->source[0], &sources));
  EIPNN_TRY(
      eipnn_h5_read_reals(file, "baseline_coefficient", EIPNN_MAX_BASELINE, coefficients, &values));
  if (sources != count || values != count)
    return eipnn_error(EIPNN_ERROR_FORMAT,
                       "the baseline has %zu names, %zu sources and %zu coefficients", count,
                       sources, values);
  for (size_t k = 0; k < count; k++) names[k] = texts->name[k];
  EIPNN_TRY(eipnn_model_set_baseline(model, (int)count, names, coefficients));
  for (size_t k = 0; k < count; k++)
    EIPNN_TRY(eipnn_model_set_baseline_source(model, (int)k, texts->source[k]));
  return EIPNN_OK;
}

static eipnn_status read_baseline(hid_t file, eipnn_model *model)
{
  if (!eipnn_h5_has_attribute(file, "baseline")) return EIPNN_OK;
  baseline_texts *texts = eipnn_calloc(1, sizeof *texts);
  if (!texts) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a baseline");
  eipnn_status status = read_terms(file, texts, model);
  free(texts);
  return status;
}

/* names: [EIPNN_MAX_HEADS][EIPNN_HEAD_NAME_SIZE], scratch. */
static eipnn_status describe(hid_t file, char *names, eipnn_model **model)
{
  eipnn_network_options options;
  int64_t number[EIPNN_ELEMENTS];
  int species[EIPNN_ELEMENTS];
  const char *heads[EIPNN_MAX_HEADS];
  size_t nspecies, nheads;
  EIPNN_TRY(read_options(file, &options));
  EIPNN_TRY(eipnn_h5_read_integers(file, "species", EIPNN_ELEMENTS, number, &nspecies));
  EIPNN_TRY(eipnn_h5_read_text_list(file, "heads", EIPNN_MAX_HEADS, EIPNN_HEAD_NAME_SIZE, names,
                                    &nheads));
  for (size_t k = 0; k < nspecies; k++)
    species[k] = number[k] >= 1 && number[k] <= EIPNN_ELEMENTS ? (int)number[k] : 0;
  for (size_t k = 0; k < nheads; k++) heads[k] = names + k * EIPNN_HEAD_NAME_SIZE;
  return eipnn_model_describe(&options, (int)nspecies, species, (int)nheads, heads, model);
}

static eipnn_status read_description(hid_t file, eipnn_model **model)
{
  char *names = eipnn_calloc(EIPNN_MAX_HEADS, EIPNN_HEAD_NAME_SIZE);
  if (!names) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a model");
  eipnn_status status = describe(file, names, model);
  if (status == EIPNN_OK) status = read_task(file, *model);
  if (status == EIPNN_OK) status = read_baseline(file, *model);
  free(names);
  return status;
}

/* One row may be stored with or without its first dimension. */
static eipnn_status read_array(hid_t file, const char *path, int rows, int cols, double *values)
{
  const size_t shape[2] = {(size_t)rows, (size_t)cols};
  const int flat = rows == 1 && eipnn_h5_rank(file, path) == 1;
  EIPNN_TRY(eipnn_h5_read_array(file, path, flat ? 1 : 2, flat ? shape + 1 : shape,
                                H5T_NATIVE_DOUBLE, values));
  for (size_t k = 0; values && k < shape[0] * shape[1]; k++)
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
  char *text = eipnn_calloc(EIPNN_MODEL_MAX_HISTORY, 1);
  if (!text) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a model's history");
  eipnn_status status = eipnn_h5_read_text(file, "history", text, EIPNN_MODEL_MAX_HISTORY);
  if (status == EIPNN_OK) status = parse_history(model, text);
  free(text);
  return status;
}

static eipnn_status check_checksum(hid_t file, const eipnn_model *model)
{
  /* Optional, so that other programs can write models. */
  if (!eipnn_h5_has_attribute(file, "checksum")) return EIPNN_OK;
  int64_t stored;
  EIPNN_TRY(eipnn_h5_read_integer(file, "checksum", &stored));
  if (stored == (int64_t)eipnn_model_checksum(model)) return EIPNN_OK;
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
  eipnn_status status = check_root(file);
  if (status == EIPNN_OK) status = read_description(file, model);
  if (status == EIPNN_OK) status = read_contents(file, *model);
  H5Fclose(file);
  if (status == EIPNN_OK) return EIPNN_OK;
  eipnn_model_free(model);
  return eipnn_error(status == EIPNN_ERROR_MEMORY ? status : EIPNN_ERROR_FORMAT,
                     "cannot read model %s: %s", path, eipnn_last_error());
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
