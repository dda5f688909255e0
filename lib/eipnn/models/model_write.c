/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Model files: HDF5, format "eipnn-model", version 1. */
#include "models/model_data.h"
#include "models/model_format.h"
#include "models/network_options.h"

#include "base/file.h"
#include "base/h5.h"
#include "base/memory.h"

#include <jansson.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
          ? eipnn_h5_write_text(file, "history", text)
          : eipnn_error(EIPNN_ERROR_ARGUMENT, "the model's history is longer than %d bytes",
                        EIPNN_MODEL_MAX_HISTORY);
  free(text);
  return status;
}

static eipnn_status write_options(hid_t file, const eipnn_network_options *options)
{
  EIPNN_TRY(eipnn_h5_write_text(file, "network", options->network));
  EIPNN_TRY(eipnn_h5_write_text(file, "cutoff_function",
                                eipnn_cutoff_function_name(options->cutoff_function)));
  for (int k = 0; k < EIPNN_NETWORK_NUMBERS; k++) {
    const eipnn_network_number *number = &eipnn_network_numbers[k];
    const double value = eipnn_network_number_get(options, number);
    EIPNN_TRY(number->real ? eipnn_h5_write_real(file, number->name, value)
                           : eipnn_h5_write_integer(file, number->name, (int64_t)value));
  }
  return EIPNN_OK;
}

static eipnn_status write_task(hid_t file, const eipnn_model *model)
{
  if (model->task == EIPNN_TASK_ENERGY)
    return eipnn_h5_write_text(file, "task", EIPNN_MODEL_TASK_ENERGY);
  EIPNN_TRY(eipnn_h5_write_text(file, "task", EIPNN_MODEL_TASK_CLASSES));
  return eipnn_h5_write_text(file, "pooling", eipnn_pooling_name(model->pooling));
}

static eipnn_status write_baseline(hid_t file, const eipnn_model *model)
{
  const size_t count = (size_t)model->nbaseline;
  const char *names[EIPNN_MAX_BASELINE], *sources[EIPNN_MAX_BASELINE];
  double coefficients[EIPNN_MAX_BASELINE];
  if (!count) return EIPNN_OK;
  for (size_t k = 0; k < count; k++) {
    names[k] = model->baseline[k].name;
    sources[k] = model->baseline[k].source;
    coefficients[k] = model->baseline[k].coefficient;
  }
  EIPNN_TRY(eipnn_h5_write_text_list(file, "baseline", count, names));
  EIPNN_TRY(eipnn_h5_write_text_list(file, "baseline_source", count, sources));
  return eipnn_h5_write_reals(file, "baseline_coefficient", count, coefficients);
}

static eipnn_status write_attributes(hid_t file, const eipnn_model *model)
{
  const char *precision = eipnn_model_history(model, "precision");
  const size_t nspecies = (size_t)model->nspecies, nheads = (size_t)model->nheads;
  int64_t species[EIPNN_ELEMENTS];
  for (size_t k = 0; k < nspecies; k++) species[k] = model->species[k];
  EIPNN_TRY(eipnn_h5_write_text(file, "format", EIPNN_MODEL_FORMAT));
  EIPNN_TRY(eipnn_h5_write_integer(file, "version", EIPNN_MODEL_VERSION));
  EIPNN_TRY(eipnn_h5_write_text(file, "units", "metal"));
  EIPNN_TRY(eipnn_h5_write_text(file, "precision", precision ? precision : "double"));
  EIPNN_TRY(write_options(file, &model->options));
  EIPNN_TRY(write_task(file, model));
  EIPNN_TRY(write_baseline(file, model));
  EIPNN_TRY(eipnn_h5_write_integers(file, "species", nspecies, species));
  EIPNN_TRY(eipnn_h5_write_text_list(file, "heads", nheads, (const char *const *)model->heads));
  EIPNN_TRY(eipnn_h5_write_integer(file, "checksum", (int64_t)eipnn_model_checksum(model)));
  return write_history(file, model);
}

static eipnn_status write_array(hid_t file, const char *path, int rank, const size_t *shape,
                                const double *values)
{
  return eipnn_h5_write_array(file, path, rank, shape, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values);
}

static eipnn_status write_arrays(hid_t file, const eipnn_model *model)
{
  const size_t shift[2] = {(size_t)model->nheads, (size_t)model->nspecies};
  const int one = model->nheads == 1;
  EIPNN_TRY(write_array(file, "scale", 1, shift, model->scale));
  /* One head: /shift[species], as the format states it; else one row per head. */
  EIPNN_TRY(write_array(file, "shift", one ? 1 : 2, one ? shift + 1 : shift, model->shift));
  for (int k = 0; k < model->parameters.count; k++) {
    const eipnn_parameter_info *info = &model->parameters.info[k];
    const size_t shape[2] = {(size_t)info->rows, (size_t)info->cols};
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
  if (H5Fclose(file) < 0 && status == EIPNN_OK)
    status = eipnn_error(EIPNN_ERROR_IO, "HDF5 cannot finish the file (disk full?)");
  return status;
}

eipnn_status eipnn_model_write(const eipnn_model *model, const char *path)
{
  eipnn_replacement replacement;
  eipnn_h5_silence silence;
  EIPNN_TRY(check_finite(model));
  EIPNN_TRY(eipnn_replacement_begin(&replacement, path));
  eipnn_h5_silence_begin(&silence);
  eipnn_status status = write_file(model, replacement.temporary);
  eipnn_h5_silence_end(&silence);
  if (status == EIPNN_OK) return eipnn_replacement_commit(&replacement);
  eipnn_replacement_discard(&replacement);
  return eipnn_error(status, "cannot write model %s: %s", path, eipnn_last_error());
}
