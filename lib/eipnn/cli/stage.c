/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/stage_origin.h"

#include <string.h>
#include <unistd.h>

int cli_finished_stage(const train_job *job, const char *path, const char *checkpoint,
                       const char *method, eipnn_model **model)
{
  int code;
  char difference[CLI_DIFFERENCE];
  *model = NULL;
  if (!job->values->setup.resume) return CLI_GOOD;
  int exists = cli_exists(job->context, path, &code);
  if (code || !exists) return code;
  code = cli_read_model(job->context, path, model);
  if (code) return code;
  if (cli_stage_differs(job, *model, method, difference)) {
    eipnn_model_free(model);
    return cli_failure("%s is of another run (%s): remove it, or leave out --resume", path,
                       difference);
  }
  if (job->context->parallel->rank == 0) unlink(checkpoint);
  cli_warn(job->context, "%s is finished, it is used again", path);
  return CLI_GOOD;
}

cli_network_start cli_stage_network(const train_job *job, const eipnn_model *start)
{
  cli_network_start made;
  made.network = cli_network_build(job->context, &job->values->setup.network,
                                   start ? eipnn_model_options(start) : NULL);
  made.nspecies =
      start ? eipnn_model_species_count(start) : eipnn_dataset_species(job->dataset, made.species);
  if (start) memcpy(made.species, eipnn_model_species(start), (size_t)made.nspecies * sizeof(int));
  return made;
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
