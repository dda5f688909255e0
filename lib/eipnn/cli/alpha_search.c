/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/parallel.h"
#include "cli/train_job.h"
#include "cli/training_history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double grid[] = {0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10};
enum { GRID = sizeof grid / sizeof grid[0] };

/* File names of the training with one alpha. */
typedef struct alpha_files {
  char *out, *checkpoint, *log; /* log: NULL without --log */
} alpha_files;

static int name_files(const train_values *train, int k, alpha_files *files)
{
  char suffix[48];
  snprintf(suffix, sizeof suffix, ".alpha-%g.h5", grid[k]);
  files->out = cli_sibling_path(train->out, suffix);
  files->checkpoint = cli_sibling_path(train->setup.training.checkpoint, suffix);
  snprintf(suffix, sizeof suffix, ".alpha-%g.csv", grid[k]);
  files->log = train->setup.log ? cli_sibling_path(train->setup.log, suffix) : NULL;
  if (files->out && files->checkpoint && (files->log || !train->setup.log)) return CLI_GOOD;
  return cli_failure("no memory for file names");
}

static void free_files(alpha_files *files)
{
  free(files->out);
  free(files->checkpoint);
  free(files->log);
  *files = (alpha_files){0};
}

int cli_alpha_files_check(const cli_context *context, const train_values *train,
                          const cli_training_files *files)
{
  int code = CLI_GOOD;
  for (int k = 0; k < GRID && !code; k++) {
    alpha_files run;
    code = name_files(train, k, &run);
    if (!code) code = cli_stage_file_check(context, &train->setup, files, run.out);
    if (!code) code = cli_stage_file_check(context, &train->setup, files, run.checkpoint);
    if (!code && run.log) code = cli_stage_file_check(context, &train->setup, files, run.log);
    if (!code && !strcmp(run.out, run.checkpoint))
      code = cli_usage_error("--alpha auto: --checkpoint %s needs another name than --out %s",
                             train->setup.training.checkpoint, train->out);
    free_files(&run);
  }
  return code;
}

/* Trains with grid[k], or takes the finished run of an interrupted search. */
static int try_alpha(train_job *job, int k, const alpha_files *files, eipnn_model **model)
{
  char title[64];
  snprintf(title, sizeof title, "training with alpha %g (%d of %d),", grid[k], k + 1, GRID);
  const train_attempt attempt = {grid[k], title, files->out, files->checkpoint, files->log};
  int code = cli_finished_stage(job, files->out, files->checkpoint,
                                cli_method_name(job->values->method), model);
  if (!code && !*model) code = cli_train_once(job, &attempt, model);
  if (!code && !job->values->json)
    cli_print(job->context, "alpha %g: best validation %.4f eV\n", grid[k],
              cli_history_number(*model, "validation_mae"));
  return code;
}

/* What the search leaves beside OUT; the learning curves stay. */
static void remove_runs(const train_job *job)
{
  alpha_files files;
  if (job->context->parallel->rank) return;
  for (int k = 0; k < GRID; k++) {
    if (name_files(job->values, k, &files) == CLI_GOOD) {
      unlink(files.out);
      unlink(files.checkpoint);
    }
    free_files(&files);
  }
}

static int keep_better(eipnn_model **model, eipnn_model **best)
{
  if (!*best ||
      cli_history_number(*model, "validation_mae") < cli_history_number(*best, "validation_mae")) {
    eipnn_model_free(best);
    *best = *model;
    *model = NULL;
    return 1;
  }
  eipnn_model_free(model);
  return 0;
}

int cli_search_alpha(train_job *job, eipnn_model **best)
{
  const cli_context *context = job->context;
  double chosen = grid[0];
  int code = CLI_GOOD;
  *best = NULL;
  for (int k = 0; k < GRID && !code; k++) {
    alpha_files files;
    eipnn_model *model = NULL;
    code = cli_parallel_agree(context->parallel, name_files(job->values, k, &files));
    if (!code) code = try_alpha(job, k, &files, &model);
    if (!code && keep_better(&model, best)) chosen = grid[k];
    eipnn_model_free(&model);
    free_files(&files);
  }
  if (!code) code = cli_store_model(context, *best, job->values->out, NULL);
  if (code) return code;
  remove_runs(job);
  if (!job->values->json) cli_print(context, "alpha %g is the best on validation\n", chosen);
  return CLI_GOOD;
}
