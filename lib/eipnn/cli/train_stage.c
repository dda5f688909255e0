/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/train_job.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What differs between the run that left the model and this one; NULL: nothing. */
static const char *difference(const train_job *job, const eipnn_model *model, const char *method)
{
  const struct {
    const char *key, *value;
  } facts[] = {{"method", method}, {"dataset_hash", job->hash}, {"split", job->values->split}};
  for (size_t k = 0; k < sizeof facts / sizeof facts[0]; k++) {
    const char *found = eipnn_model_history(model, facts[k].key);
    if (!found || strcmp(found, facts[k].value) != 0) return facts[k].key;
  }
  return NULL;
}

int cli_finished_stage(const train_job *job, const char *path, const char *checkpoint,
                       const char *method, eipnn_model **model)
{
  int code;
  *model = NULL;
  if (!job->values->setup.resume) return CLI_GOOD;
  int exists = cli_exists(job->context, path, &code);
  if (code || !exists) return code;
  code = cli_read_model(job->context, path, model);
  if (code) return code;
  const char *differs = difference(job, *model, method);
  if (differs) {
    eipnn_model_free(model);
    return cli_failure("%s is of another run (its %s differs): remove it, or leave out --resume",
                       path, differs);
  }
  if (job->context->parallel->rank == 0) unlink(checkpoint);
  cli_warn(job->context, "%s is finished, it is used again", path);
  return CLI_GOOD;
}

eipnn_train_options cli_stage_options(const train_job *job, const eipnn_train_options *stage,
                                      const char *checkpoint)
{
  const eipnn_train_options *training = &job->values->setup.training;
  eipnn_train_options options = *stage;
  options.split = job->values->split;
  options.batch = training->batch;
  options.clip = training->clip;
  options.seed = training->seed;
  options.precision = training->precision;
  options.table = training->table;
  options.table_nodes = training->table_nodes;
  options.backend = training->backend;
  options.checkpoint = checkpoint;
  options.checkpoint_interval = training->checkpoint_interval;
  return options;
}
