/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/model_data.h"

#include "base/memory.h"
#include "models/network_options.h"
#include "models/readout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static eipnn_status check_species(int nspecies, const int *species)
{
  if (nspecies < 1 || nspecies > EIPNN_ELEMENTS)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a model of %d species; use 1 to 118", nspecies);
  for (int k = 0; k < nspecies; k++) {
    if (species[k] < 1 || species[k] > EIPNN_ELEMENTS)
      return eipnn_error(EIPNN_ERROR_ARGUMENT, "species %d is not an atomic number", species[k]);
    if (k && species[k] <= species[k - 1])
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "the model's species are not in ascending order, each once (%d after %d)",
                         species[k], species[k - 1]);
  }
  return EIPNN_OK;
}

static eipnn_status check_heads(int nheads, const char *const *heads)
{
  if (nheads < 1 || nheads > EIPNN_MAX_HEADS)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a model of %d heads; use 1 to %d", nheads,
                       EIPNN_MAX_HEADS);
  for (int k = 0; k < nheads; k++) {
    size_t length = heads[k] ? strlen(heads[k]) : 0;
    if (length < 1 || length > EIPNN_HEAD_NAME_SIZE - 1)
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "the name of head %d has %zu characters; use 1 to %d", k, length,
                         EIPNN_HEAD_NAME_SIZE - 1);
    for (int m = 0; m < k; m++)
      if (!strcmp(heads[k], heads[m]))
        return eipnn_error(EIPNN_ERROR_ARGUMENT, "two heads are named '%s'", heads[k]);
  }
  return EIPNN_OK;
}

static eipnn_status fill(eipnn_model *model, const int *species, const char *const *heads)
{
  const size_t nspecies = (size_t)model->nspecies, nheads = (size_t)model->nheads;
  model->species = eipnn_calloc(nspecies, sizeof *model->species);
  model->heads = eipnn_calloc(nheads, sizeof *model->heads);
  model->scale = eipnn_calloc(nheads, sizeof *model->scale);
  model->shift = eipnn_calloc(nheads * nspecies, sizeof *model->shift);
  if (!model->species || !model->heads || !model->scale || !model->shift)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a model");
  memcpy(model->species, species, nspecies * sizeof *species);
  for (size_t k = 0; k < nheads; k++) {
    model->scale[k] = 1.0;
    model->heads[k] = eipnn_strdup(heads[k]);
    if (!model->heads[k]) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a model");
  }
  EIPNN_TRY(model->network->declare(&model->parameters, &model->options, model->nspecies));
  return eipnn_readout_declare(&model->parameters, model->options.hidden, model->nheads);
}

eipnn_status eipnn_model_describe(const eipnn_network_options *options, int nspecies,
                                  const int *species, int nheads, const char *const *heads,
                                  eipnn_model **result)
{
  *result = NULL;
  const eipnn_network *network;
  EIPNN_TRY(eipnn_network_options_check(options, &network));
  EIPNN_TRY(check_species(nspecies, species));
  EIPNN_TRY(check_heads(nheads, heads));
  eipnn_model *model = eipnn_calloc(1, sizeof *model);
  if (!model) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a model");
  model->options = *options;
  model->network = network;
  model->nspecies = nspecies;
  model->nheads = nheads;
  eipnn_status status = fill(model, species, heads);
  if (status == EIPNN_OK)
    *result = model;
  else
    eipnn_model_free(&model);
  return status;
}

eipnn_status eipnn_model_allocate_weights(eipnn_model *model)
{
  model->weights = eipnn_calloc(model->parameters.weights, sizeof *model->weights);
  if (model->weights) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %zu weights", model->parameters.weights);
}

eipnn_status eipnn_model_create(const eipnn_network_options *options, int nspecies,
                                const int *species, int nheads, const char *const *heads,
                                uint64_t seed, eipnn_model **model)
{
  EIPNN_TRY(eipnn_model_describe(options, nspecies, species, nheads, heads, model));
  eipnn_status status = eipnn_model_allocate_weights(*model);
  if (status == EIPNN_OK)
    eipnn_parameter_initialize(&(*model)->parameters, seed, (*model)->weights);
  else
    eipnn_model_free(model);
  return status;
}

void eipnn_model_free(eipnn_model **model)
{
  if (!model || !*model) return;
  eipnn_model *m = *model;
  for (int k = 0; m->heads && k < m->nheads; k++) free(m->heads[k]);
  free(m->heads);
  free(m->species);
  free(m->scale);
  free(m->shift);
  free(m->weights);
  free(m->baseline);
  eipnn_parameter_list_free(&m->parameters);
  eipnn_model_free_history(m);
  free(m);
  *model = NULL;
}

eipnn_status eipnn_model_copy_description(const eipnn_model *source, eipnn_model **copy)
{
  EIPNN_TRY(eipnn_model_describe(&source->options, source->nspecies, source->species,
                                 source->nheads, (const char *const *)source->heads, copy));
  const size_t nheads = (size_t)source->nheads;
  (*copy)->task = source->task;
  (*copy)->pooling = source->pooling;
  memcpy((*copy)->scale, source->scale, nheads * sizeof *source->scale);
  memcpy((*copy)->shift, source->shift, nheads * (size_t)source->nspecies * sizeof *source->shift);
  return EIPNN_OK;
}

static eipnn_status copy_contents(const eipnn_model *source, eipnn_model *copy)
{
  EIPNN_TRY(eipnn_model_allocate_weights(copy));
  memcpy(copy->weights, source->weights, source->parameters.weights * sizeof *source->weights);
  EIPNN_TRY(eipnn_model_copy_baseline(copy, source));
  for (size_t k = 0; k < source->nhistory; k++)
    EIPNN_TRY(eipnn_model_set_history(copy, source->history[k].key, source->history[k].value));
  return EIPNN_OK;
}

eipnn_status eipnn_model_copy(const eipnn_model *source, eipnn_model **copy)
{
  EIPNN_TRY(eipnn_model_copy_description(source, copy));
  eipnn_status status = copy_contents(source, *copy);
  if (status != EIPNN_OK) eipnn_model_free(copy);
  return status;
}

const eipnn_network_options *eipnn_model_options(const eipnn_model *model)
{
  return &model->options;
}

int eipnn_model_hops(const eipnn_model *model)
{
  return model->network->hops(&model->options);
}

int eipnn_model_species_count(const eipnn_model *model)
{
  return model->nspecies;
}

const int *eipnn_model_species(const eipnn_model *model)
{
  return model->species;
}

int eipnn_model_species_index(const eipnn_model *model, int number)
{
  for (int k = 0; k < model->nspecies; k++)
    if (model->species[k] == number) return k;
  return -1;
}

int eipnn_model_head_count(const eipnn_model *model)
{
  return model->nheads;
}

const char *eipnn_model_head_name(const eipnn_model *model, int head)
{
  return head >= 0 && head < model->nheads ? model->heads[head] : NULL;
}

double eipnn_model_scale(const eipnn_model *model, int head)
{
  return model->scale[head];
}

const double *eipnn_model_shift(const eipnn_model *model, int head)
{
  return model->shift + (size_t)head * (size_t)model->nspecies;
}

eipnn_status eipnn_model_set_output(eipnn_model *model, int head, double scale, const double *shift)
{
  if (head < 0 || head >= model->nheads)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "head %d of a model of %d heads", head, model->nheads);
  if (!isfinite(scale))
    return eipnn_error(EIPNN_ERROR_NUMERIC, "the scale of head '%s' is %g; it must be finite",
                       model->heads[head], scale);
  for (int k = 0; k < model->nspecies; k++)
    if (!isfinite(shift[k]))
      return eipnn_error(EIPNN_ERROR_NUMERIC,
                         "the shift of head '%s' for species %d is %g; it must be finite",
                         model->heads[head], model->species[k], shift[k]);
  model->scale[head] = scale;
  memcpy(model->shift + (size_t)head * (size_t)model->nspecies, shift,
         (size_t)model->nspecies * sizeof *shift);
  return EIPNN_OK;
}

double *eipnn_model_weights(const eipnn_model *model, size_t *count)
{
  if (count) *count = model->parameters.weights;
  return model->weights;
}

int eipnn_model_parameter_count(const eipnn_model *model)
{
  return model->parameters.count;
}

const eipnn_parameter_info *eipnn_model_parameter(const eipnn_model *model, int index)
{
  return index >= 0 && index < model->parameters.count ? &model->parameters.info[index] : NULL;
}

const char *eipnn_model_difference(const eipnn_model *a, const eipnn_model *b)
{
  const char *option = eipnn_network_options_difference(&a->options, &b->options);
  if (option) return option;
  if (a->nspecies != b->nspecies) return "number of species";
  for (int k = 0; k < a->nspecies; k++)
    if (a->species[k] != b->species[k]) return "species";
  return NULL;
}

eipnn_status eipnn_model_copy_representation(eipnn_model *model, const eipnn_model *source)
{
  const char *difference = eipnn_model_difference(model, source);
  if (difference)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "the two models differ in %s; a representation can only be taken over "
                       "between networks of the same options and species",
                       difference);
  /* Same declarations, so the same parameters in the same order up to the head. */
  for (int k = 0; k < model->parameters.count; k++) {
    const eipnn_parameter_info *info = &model->parameters.info[k];
    if (!strncmp(info->path, EIPNN_HEAD_PREFIX, strlen(EIPNN_HEAD_PREFIX))) continue;
    memcpy(model->weights + info->offset, source->weights + source->parameters.info[k].offset,
           (size_t)info->rows * (size_t)info->cols * sizeof *model->weights);
  }
  return EIPNN_OK;
}

eipnn_status eipnn_model_require_periodic(const eipnn_model *model)
{
  if (!model->options.padded) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                     "this model uses the padded graph, which is for training only: it gives no "
                     "well-defined forces in MD; train one with graph periodic");
}
