/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/training_history.h"

#include "base/error.h"
#include "cli/input_file.h"
#include "cli/network_setup.h"

#include <eipnn/classifier.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

eipnn_status cli_set_history_number(eipnn_model *model, const char *key, double value)
{
  char text[32];
  snprintf(text, sizeof text, "%.8g", value);
  return eipnn_model_set_history(model, key, text);
}

double cli_history_number(const eipnn_model *model, const char *key)
{
  const char *text = eipnn_model_history(model, key);
  char *end = NULL;
  double value = text ? strtod(text, &end) : NAN;
  return text && end != text ? value : NAN;
}

/* The network of a model that continues a pretrained one is not that of the options. */
static eipnn_status set_options(const cli_context *context, const void *values, eipnn_model *model)
{
  json_t *object = cli_options_json(context->command, values);
  if (object) cli_network_json(eipnn_model_options(model), object);
  char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
  json_decref(object);
  if (!text) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the options");
  eipnn_status status = eipnn_model_set_history(model, "options", text);
  free(text);
  return status;
}

/* The figures of the best validation, as what they are. */
static eipnn_status set_validation(const eipnn_train_summary *summary, eipnn_model *model)
{
  if (eipnn_model_is_classifier(model)) {
    EIPNN_TRY(cli_set_history_number(model, "validation_accuracy", 1 - summary->best_mae));
    return cli_set_history_number(model, "validation_cross_entropy", summary->best_atom_mae);
  }
  EIPNN_TRY(cli_set_history_number(model, "validation_mae", summary->best_mae));
  return cli_set_history_number(model, "validation_atom_mae", summary->best_atom_mae);
}

eipnn_status cli_write_history(const cli_context *context, const void *values,
                               const cli_origin *origin, eipnn_model *model)
{
  char seed[32];
  const eipnn_train_summary *summary = origin->summary;
  snprintf(seed, sizeof seed, "%" PRIu64, origin->options->seed);
  const struct {
    const char *key, *value;
  } texts[] = {{"program", "eipnn " EIPNN_VERSION},
               {"method", origin->method},
               {"dataset", origin->data},
               {"dataset_hash", origin->hash},
               {"split", origin->split ? origin->split : ""},
               {"seed", seed},
               {"precision", eipnn_precision_name(origin->options->precision)}};
  for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
    EIPNN_TRY(eipnn_model_set_history(model, texts[k].key, texts[k].value));
  if (origin->inputs) EIPNN_TRY(eipnn_model_set_history(model, "inputs", origin->inputs));
  EIPNN_TRY(cli_set_history_number(model, "steps", (double)summary->steps));
  EIPNN_TRY(cli_set_history_number(model, "best_step", (double)summary->best_step));
  EIPNN_TRY(cli_set_history_number(model, "training_configurations", (double)summary->ntrain));
  EIPNN_TRY(
      cli_set_history_number(model, "validation_configurations", (double)summary->nvalidation));
  EIPNN_TRY(set_validation(summary, model));
  return set_options(context, values, model);
}
