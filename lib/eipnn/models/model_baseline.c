/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/model_data.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static eipnn_status check_term(int k, const char *const *name, double coefficient)
{
  if (!eipnn_labels_is_eip(name[k]) || !name[k][4] || strlen(name[k]) >= EIPNN_BASELINE_NAME_SIZE)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "'%.100s' of the baseline is not the label set of an EIP: those are named "
                       "eip/NAME, %d characters at most",
                       name[k], EIPNN_BASELINE_NAME_SIZE - 1);
  for (int m = 0; m < k; m++)
    if (!strcmp(name[k], name[m]))
      return eipnn_error(EIPNN_ERROR_ARGUMENT, "%s is twice in the baseline", name[k]);
  if (!isfinite(coefficient))
    return eipnn_error(EIPNN_ERROR_NUMERIC, "the baseline's coefficient of %s is %g", name[k],
                       coefficient);
  return EIPNN_OK;
}

eipnn_status eipnn_model_set_baseline(eipnn_model *model, int count, const char *const *name,
                                      const double *coefficient)
{
  if (count) EIPNN_TRY(eipnn_model_require_energy(model));
  if (count < 0 || count > EIPNN_MAX_BASELINE)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a baseline of %d EIPs; use %d at most", count,
                       EIPNN_MAX_BASELINE);
  for (int k = 0; k < count; k++) EIPNN_TRY(check_term(k, name, coefficient[k]));
  eipnn_baseline_term *terms = eipnn_calloc((size_t)count, sizeof *terms);
  if (!terms) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a baseline");
  for (int k = 0; k < count; k++) {
    snprintf(terms[k].name, sizeof terms[k].name, "%s", name[k]);
    terms[k].coefficient = coefficient[k];
  }
  free(model->baseline);
  model->baseline = terms;
  model->nbaseline = count;
  return EIPNN_OK;
}

eipnn_status eipnn_model_set_baseline_source(eipnn_model *model, int index, const char *source)
{
  if (index < 0 || index >= model->nbaseline)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "term %d of a baseline of %d EIPs", index,
                       model->nbaseline);
  if (strlen(source) >= EIPNN_BASELINE_SOURCE_SIZE)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "the source of %s has %zu characters; use %d at most",
                       model->baseline[index].name, strlen(source), EIPNN_BASELINE_SOURCE_SIZE - 1);
  snprintf(model->baseline[index].source, sizeof model->baseline[index].source, "%s", source);
  return EIPNN_OK;
}

int eipnn_model_baseline_count(const eipnn_model *model)
{
  return model->nbaseline;
}

const char *eipnn_model_baseline_name(const eipnn_model *model, int index)
{
  return index >= 0 && index < model->nbaseline ? model->baseline[index].name : NULL;
}

double eipnn_model_baseline_coefficient(const eipnn_model *model, int index)
{
  return index >= 0 && index < model->nbaseline ? model->baseline[index].coefficient : NAN;
}

const char *eipnn_model_baseline_source(const eipnn_model *model, int index)
{
  return index >= 0 && index < model->nbaseline ? model->baseline[index].source : NULL;
}

eipnn_status eipnn_model_copy_baseline(eipnn_model *model, const eipnn_model *source)
{
  const size_t count = (size_t)source->nbaseline;
  if (!count) return EIPNN_OK;
  model->baseline = eipnn_calloc(count, sizeof *model->baseline);
  if (!model->baseline) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a baseline");
  memcpy(model->baseline, source->baseline, count * sizeof *model->baseline);
  model->nbaseline = source->nbaseline;
  return EIPNN_OK;
}
