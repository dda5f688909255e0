/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/model_format.h"

#include "models/model_data.h"

#include <zlib.h>

#include <stdio.h>
#include <string.h>

static const char *const integer_names[EIPNN_MODEL_NINTEGERS] = {
    "hidden", "layers", "nradial", "residual", "filter_ssp", "padded"};

const char *eipnn_model_integer_name(int index)
{
  return integer_names[index];
}

int *eipnn_model_integer(eipnn_network_options *options, int index)
{
  int *const values[EIPNN_MODEL_NINTEGERS] = {&options->hidden,     &options->layers,
                                              &options->nradial,    &options->residual,
                                              &options->filter_ssp, &options->padded};
  return values[index];
}

void eipnn_model_weight_path(const eipnn_parameter_info *info, char path[EIPNN_MODEL_PATH_SIZE])
{
  snprintf(path, EIPNN_MODEL_PATH_SIZE, "weights/%s", info->path);
}

static const char *const cutoff_names[] = {
    [EIPNN_CUTOFF_NONE] = "none",
    [EIPNN_CUTOFF_COSINE] = "cosine",
    [EIPNN_CUTOFF_POLYNOMIAL] = "polynomial",
};

const char *eipnn_cutoff_function_name(eipnn_cutoff_function function)
{
  return cutoff_names[function];
}

eipnn_status eipnn_cutoff_function_from_name(const char *name, eipnn_cutoff_function *function)
{
  for (int k = EIPNN_CUTOFF_NONE; k <= EIPNN_CUTOFF_POLYNOMIAL; k++)
    if (!strcmp(cutoff_names[k], name)) {
      *function = (eipnn_cutoff_function)k;
      return EIPNN_OK;
    }
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "unknown cutoff function '%s'; known: none, cosine, polynomial", name);
}

static unsigned long add(unsigned long sum, const void *bytes, size_t count)
{
  return crc32_z(sum, bytes, count);
}

static unsigned long add_text(unsigned long sum, const char *text)
{
  return add(sum, text, strlen(text) + 1);
}

unsigned long eipnn_model_checksum(const eipnn_model *model)
{
  const eipnn_network_options *options = &model->options;
  const size_t nheads = (size_t)model->nheads, nspecies = (size_t)model->nspecies;
  unsigned long sum = crc32_z(0, NULL, 0);
  sum = add_text(sum, options->network);
  sum = add_text(sum, eipnn_cutoff_function_name(options->cutoff_function));
  sum = add(sum, &options->cutoff, sizeof options->cutoff);
  sum = add(sum, &options->radial_gamma, sizeof options->radial_gamma);
  for (int k = 0; k < EIPNN_MODEL_NINTEGERS; k++)
    sum = add(sum, eipnn_model_integer((eipnn_network_options *)options, k), sizeof(int));
  sum = add(sum, model->species, nspecies * sizeof *model->species);
  for (size_t k = 0; k < nheads; k++) sum = add_text(sum, model->heads[k]);
  sum = add(sum, model->scale, nheads * sizeof *model->scale);
  sum = add(sum, model->shift, nheads * nspecies * sizeof *model->shift);
  return add(sum, model->weights, model->parameters.weights * sizeof *model->weights);
}
