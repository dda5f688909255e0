/* SPDX-License-Identifier: GPL-2.0-or-later */
/* EIPs that run beside the network of a delta-learning model. */
#include "models/model_data.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void eipnn_model_free_baseline(eipnn_model *model)
{
  for (int k = 0; model->baseline_eips && k < model->nbaseline; k++) free(model->baseline_eips[k]);
  free(model->baseline_eips);
  free(model->baseline);
  model->nbaseline = 0;
  model->baseline_eips = NULL;
  model->baseline = NULL;
}

static eipnn_status check(int count, const char *const *name, const double *coefficient)
{
  if (count < 0 || count > EIPNN_MAX_HEADS)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a baseline of %d EIPs; 0 to %d are possible", count,
                       EIPNN_MAX_HEADS);
  for (int k = 0; k < count; k++) {
    if (strncmp(name[k], "eip/", 4) || strlen(name[k]) >= EIPNN_LABELS_NAME_SIZE)
      return eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "'%.80s' is not the name of an EIP's label set, eip/NAME", name[k]);
    if (!isfinite(coefficient[k]))
      return eipnn_error(EIPNN_ERROR_NUMERIC, "the coefficient of %s is not finite", name[k]);
  }
  return EIPNN_OK;
}

eipnn_status eipnn_model_set_baseline(eipnn_model *model, int count, const char *const *name,
                                      const double *coefficient)
{
  EIPNN_TRY(check(count, name, coefficient));
  EIPNN_TRY(eipnn_model_require_energy(model));
  eipnn_model fresh = {.nbaseline = count,
                       .baseline_eips = eipnn_calloc((size_t)count, sizeof *fresh.baseline_eips),
                       .baseline = eipnn_calloc((size_t)count, sizeof *fresh.baseline)};
  int complete = fresh.baseline_eips && fresh.baseline;
  for (int k = 0; complete && k < count; k++) {
    fresh.baseline[k] = coefficient[k];
    fresh.baseline_eips[k] = eipnn_strdup(name[k]);
    complete = fresh.baseline_eips[k] != NULL;
  }
  if (!complete) {
    eipnn_model_free_baseline(&fresh);
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a baseline of %d EIPs", count);
  }
  eipnn_model_free_baseline(model);
  model->nbaseline = count;
  model->baseline_eips = fresh.baseline_eips;
  model->baseline = fresh.baseline;
  return EIPNN_OK;
}

int eipnn_model_baseline_count(const eipnn_model *model)
{
  return model->nbaseline;
}

const char *eipnn_model_baseline_name(const eipnn_model *model, int index)
{
  return index >= 0 && index < model->nbaseline ? model->baseline_eips[index] : NULL;
}

double eipnn_model_baseline_coefficient(const eipnn_model *model, int index)
{
  return index >= 0 && index < model->nbaseline ? model->baseline[index] : NAN;
}
