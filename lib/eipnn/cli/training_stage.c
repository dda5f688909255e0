/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "cli/parallel.h"
#include "cli/stage_origin.h"
#include "cli/training_history.h"

#include <math.h>
#include <stdlib.h>

/* A model with one fresh head "dft"; its representation is fresh too, or the pretrained one. */
static eipnn_status create(const train_job *job, eipnn_model **model)
{
  static const char *const head[] = {"dft"};
  const train_values *train = job->values;
  const eipnn_model *start = job->pretrained;
  const cli_network_start made = cli_stage_network(job, start);
  EIPNN_TRY(eipnn_model_create(&made.network, made.nspecies, made.species, 1, head,
                               train->setup.training.seed, model));
  if (start) EIPNN_TRY(eipnn_model_copy_representation(*model, start));
  if (!job->baseline.neips) return EIPNN_OK;
  return eipnn_baseline_store(&job->baseline, job->dataset, *model);
}

static eipnn_train_options build_options(const train_job *job, const train_attempt *attempt)
{
  eipnn_train_options options = job->values->setup.training;
  options.split = job->values->split;
  options.checkpoint = attempt->checkpoint;
  options.alpha = attempt->alpha;
  if (job->labelling.chosen.selected) options.augmentation = &job->labelling.chosen;
  return options;
}

static eipnn_status write_history(const train_job *job, const train_attempt *attempt,
                                  const eipnn_train_options *options,
                                  const eipnn_train_summary *summary, eipnn_model *model)
{
  const train_values *train = job->values;
  char inputs[17];
  cli_stage_inputs(job, inputs);
  const cli_origin origin = {.method = cli_method_name(train->method),
                             .data = job->data,
                             .split = train->split,
                             .hash = job->hash,
                             .inputs = inputs,
                             .options = options,
                             .summary = summary};
  EIPNN_TRY(cli_write_history(job->context, train, &origin, model));
  if (job->baseline.neips)
    EIPNN_TRY(cli_set_history_number(model, "baseline_mae", job->baseline.mae));
  if (!cli_uses_augmentation(train)) return EIPNN_OK;
  EIPNN_TRY(cli_set_history_number(model, "alpha", attempt->alpha));
  if (job->classifier)
    EIPNN_TRY(cli_set_history_number(model, "classifier_accuracy", job->accuracy));
  EIPNN_TRY(cli_set_history_number(model, "pool_configurations", (double)job->pool));
  return cli_set_history_number(model, "chosen_labels", (double)job->labelling.chosen.selected);
}

int cli_train_once(train_job *job, const train_attempt *attempt, eipnn_model **model)
{
  const cli_context *context = job->context;
  eipnn_train_options options = build_options(job, attempt);
  eipnn_train_summary summary = {0};
  eipnn_status status = create(job, model);
  if (status == EIPNN_OK) status = eipnn_train_fit_output(*model, job->dataset, &options);
  if (status == EIPNN_OK && job->values->combine_heads)
    status = eipnn_train_combine_heads(*model, job->pretrained, job->dataset, &options,
                                       context->parallel);
  int code = cli_parallel_agree(context->parallel, cli_code(status));
  const cli_training_run run = {attempt->title, attempt->log, job->values->setup.resume, 0};
  if (!code) code = cli_run_training(context, &run, &options, job->dataset, *model, &summary);
  if (code) return cli_keep_best(context, *model, attempt->out, &summary, code);
  status = write_history(job, attempt, &options, &summary, *model);
  code = cli_parallel_agree(context->parallel, cli_code(status));
  return code ? code : cli_store_model(context, *model, attempt->out, attempt->checkpoint);
}

int cli_training_stage(train_job *job, eipnn_model **model)
{
  const train_values *train = job->values;
  const eipnn_train_options *training = &train->setup.training;
  int automatic = isnan(training->alpha);
  if (automatic && job->labelling.chosen.selected) return cli_search_alpha(job, model);
  const train_attempt attempt = {automatic ? 1 : training->alpha, "training", train->out,
                                 training->checkpoint, train->setup.log};
  return cli_train_once(job, &attempt, model);
}
