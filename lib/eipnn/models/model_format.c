/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/model_format.h"

#include "models/model_data.h"
#include "models/network_options.h"

#include <zlib.h>

#include <stdio.h>
#include <string.h>

void eipnn_model_weight_path(const eipnn_parameter_info *info, char path[EIPNN_MODEL_PATH_SIZE])
{
  snprintf(path, EIPNN_MODEL_PATH_SIZE, "weights/%s", info->path);
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
  for (int k = 0; k < EIPNN_NETWORK_NUMBERS; k++) {
    const eipnn_network_number *number = &eipnn_network_numbers[k];
    sum = add(sum, (const char *)options + number->offset,
              number->real ? sizeof(double) : sizeof(int));
  }
  for (int k = 0; k < model->nbaseline; k++) {
    sum = add_text(sum, model->baseline[k].name);
    sum = add_text(sum, model->baseline[k].source);
    sum = add(sum, &model->baseline[k].coefficient, sizeof(double));
  }
  if (model->task == EIPNN_TASK_CLASSES) {
    sum = add_text(sum, EIPNN_MODEL_TASK_CLASSES);
    sum = add_text(sum, eipnn_pooling_name(model->pooling));
  }
  sum = add(sum, model->species, nspecies * sizeof *model->species);
  for (size_t k = 0; k < nheads; k++) sum = add_text(sum, model->heads[k]);
  sum = add(sum, model->scale, nheads * sizeof *model->scale);
  sum = add(sum, model->shift, nheads * nspecies * sizeof *model->shift);
  return add(sum, model->weights, model->parameters.weights * sizeof *model->weights);
}
