/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/network_setup.h"
#include "cli/pretraining.h"
#include "cli/stage_origin.h"

#include <eipnn/classifier.h>
#include <stdlib.h>
#include <string.h>

static int pretrain(train_job *job, const char *out, const char *checkpoint)
{
  const train_values *train = job->values;
  eipnn_train_summary summary = {0};
  char inputs[17];
  cli_stage_inputs(job, inputs);
  const cli_pretraining pretraining = {
      .data = job->data,
      .hash = job->hash,
      .inputs = inputs,
      .sets = &job->sets,
      .split = train->split,
      .out = out,
      .network = &train->setup.network,
      .options = cli_stage_options(job, &train->pretraining, checkpoint),
      .resume = train->setup.resume,
      .values = train,
  };
  int code =
      cli_pretrain_model(job->context, &pretraining, job->dataset, &job->pretrained, &summary);
  if (!code && !train->json)
    cli_print(job->context, "wrote %s: best validation %.4f eV over the EIPs\n", out,
              summary.best_mae);
  return code;
}

/* Found before the classifier is trained for nothing. */
static int check_network(const train_job *job)
{
  const train_values *train = job->values;
  const char *option = cli_network_conflict(job->context, &train->setup.network,
                                            eipnn_model_options(job->pretrained));
  if (!option) return CLI_GOOD;
  return cli_failure("--%s differs from that of %s, whose network is taken over: leave it out, or "
                     "pretrain with it",
                     option, train->pretrained);
}

/* Representations of other trainings do as well, but the method is another then. */
static int check_given(const train_job *job)
{
  const char *path = job->values->pretrained;
  const char *method = eipnn_model_history(job->pretrained, "method");
  if (eipnn_model_is_classifier(job->pretrained))
    return cli_failure("%s is a classifier; --pretrained takes a model of `eipnn pretrain`", path);
  if (!method || strcmp(method, "pretraining") != 0)
    cli_warn(job->context,
             "%s was not pretrained on EIPs (its method is %s): the result starts from another "
             "potential, which is not the method mp",
             path, method ? method : "not known");
  return check_network(job);
}

int cli_pretraining_stage(train_job *job)
{
  const train_values *train = job->values;
  if (train->pretrained) {
    int code = cli_read_model(job->context, train->pretrained, &job->pretrained);
    return code ? code : check_given(job);
  }
  char *out = cli_sibling_path(train->out, ".pretrained.h5");
  char *checkpoint = cli_sibling_path(train->out, ".pretraining.checkpoint.h5");
  int code = out && checkpoint ? CLI_GOOD : cli_failure("no memory for a file name");
  if (!code)
    code = cli_finished_stage(job, out, checkpoint, CLI_STAGE_PRETRAINING, &job->pretrained);
  if (!code && !job->pretrained) code = pretrain(job, out, checkpoint);
  free(out);
  free(checkpoint);
  return code;
}
