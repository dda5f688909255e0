/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/model_data.h"
#include "models/sweep.h"

#include <math.h>

eipnn_status eipnn_model_set_classes(eipnn_model *model, eipnn_pooling pooling)
{
  if (model->nheads < 2)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a classifier of %d class; use 2 or more",
                       model->nheads);
  if (pooling != EIPNN_POOLING_SUM && pooling != EIPNN_POOLING_MEAN)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "pooling %d is not one of eipnn_pooling",
                       (int)pooling);
  model->task = EIPNN_TASK_CLASSES;
  model->pooling = pooling;
  return EIPNN_OK;
}

eipnn_status eipnn_classifier_create(const eipnn_network_options *options, int nspecies,
                                     const int *species, int nclasses, const char *const *classes,
                                     eipnn_pooling pooling, uint64_t seed, eipnn_model **model)
{
  EIPNN_TRY(eipnn_model_create(options, nspecies, species, nclasses, classes, seed, model));
  eipnn_status status = eipnn_model_set_classes(*model, pooling);
  if (status != EIPNN_OK) eipnn_model_free(model);
  return status;
}

int eipnn_model_is_classifier(const eipnn_model *model)
{
  return model->task == EIPNN_TASK_CLASSES;
}

eipnn_pooling eipnn_model_pooling(const eipnn_model *model)
{
  return model->pooling;
}

eipnn_status eipnn_model_require_energy(const eipnn_model *model)
{
  if (model->task == EIPNN_TASK_ENERGY) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                     "this model is a classifier of %d classes ('%s', ...) and has no energy: use "
                     "a model of `eipnn train`",
                     model->nheads, model->heads[0]);
}

/* Logits to probabilities, in place; the largest is subtracted so that nothing overflows. */
static void softmax(size_t count, double *value)
{
  double largest = value[0], sum = 0.0;
  for (size_t k = 1; k < count; k++)
    if (value[k] > largest) largest = value[k];
  for (size_t k = 0; k < count; k++) sum += value[k] = exp(value[k] - largest);
  for (size_t k = 0; k < count; k++) value[k] /= sum;
}

eipnn_status eipnn_classify(const eipnn_model *classifier, const eipnn_dataset *dataset,
                            const unsigned char *wanted, const eipnn_calculator_options *options,
                            const eipnn_parallel *parallel, double *probability)
{
  if (classifier->task != EIPNN_TASK_CLASSES)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "this model gives energies, not classes: use a "
                                             "classifier, which label augmentation trains");
  const size_t nclasses = (size_t)classifier->nheads;
  EIPNN_TRY(eipnn_sweep(classifier, EIPNN_SWEEP_OUTPUTS, dataset, wanted, options, parallel,
                        probability));
  for (size_t n = 0; n < eipnn_dataset_count(dataset); n++)
    if (!wanted || wanted[n]) softmax(nclasses, probability + n * nclasses);
  return EIPNN_OK;
}

eipnn_status eipnn_features(const eipnn_model *model, const eipnn_dataset *dataset,
                            const unsigned char *wanted, const eipnn_calculator_options *options,
                            const eipnn_parallel *parallel, double *features)
{
  return eipnn_sweep(model, EIPNN_SWEEP_FEATURES, dataset, wanted, options, parallel, features);
}
