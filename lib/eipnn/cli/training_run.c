/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/training_run.h"

#include "cli/interrupt.h"
#include "cli/learning_curve.h"
#include "cli/parallel.h"
#include "cli/progress.h"
#include "cli/training_setup.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct training_watch {
  const cli_training_run *run;
  cli_progress progress;
  cli_learning_curve curve;
  char validation[96]; /* the last one, as part of the line */
  const cli_context *context;
  const char *backend; /* of this run; NULL: that the checkpoint's is another was told */
} training_watch;

static void note_validation(training_watch *watch, const eipnn_train_progress *now)
{
  if (watch->run->classifier)
    snprintf(watch->validation, sizeof watch->validation,
             "validation accuracy %.1f %% (best %.1f %%), cross entropy %.3f",
             100 * (1 - now->validation_mae), 100 * (1 - now->best_mae), now->validation_atom_mae);
  else
    snprintf(watch->validation, sizeof watch->validation,
             "validation %.4f eV, %.1f meV/atom (best %.4f eV)", now->validation_mae,
             1000 * now->validation_atom_mae, now->best_mae);
}

static void note_backend(training_watch *watch, const char *other)
{
  if (other && watch->backend)
    cli_warn(watch->context,
             "the checkpoint was written with --backend %s, this run goes on with %s: the result "
             "differs by rounding from that of either alone",
             other, watch->backend);
  watch->backend = NULL;
}

static int training_progress(void *context, const eipnn_train_progress *now)
{
  training_watch *watch = context;
  char left[32], loss[32] = "";
  note_backend(watch, now->other_backend);
  if (now->validated) note_validation(watch, now);
  if (isfinite(now->loss)) snprintf(loss, sizeof loss, "loss %.3g, ", now->loss);
  cli_progress_line(
      &watch->progress, now->step == now->steps && now->validated,
      "%s step %" PRId64 "/%" PRId64 ", epoch %" PRId64 ", %s left, %s%s, %.0f configurations/s",
      watch->run->title, now->step, now->steps, now->epoch, cli_duration(now->remaining, left),
      loss, watch->validation, now->configurations_per_second);
  cli_learning_curve_row(&watch->curve, now);
  return cli_interrupted();
}

static void note_checkpoint(const cli_context *context, const cli_training_run *run,
                            const char *checkpoint)
{
  int exists = checkpoint && access(checkpoint, F_OK) == 0;
  if (run->resume && !exists)
    cli_warn(context, "there is no checkpoint %s: %s starts from the beginning", checkpoint,
             run->title);
  if (!run->resume && exists)
    cli_warn(context,
             "the checkpoint %s of an unfinished run is replaced (--resume would go on "
             "from it)",
             checkpoint);
}

static int stopped(const eipnn_train_options *options, const eipnn_train_summary *summary,
                   const cli_training_run *run)
{
  if (options->checkpoint)
    return cli_failure("%s stopped by a signal at step %" PRId64 "; the state is in %s: the same "
                       "command with --resume goes on from there",
                       run->title, summary->steps, options->checkpoint);
  return cli_failure("%s stopped by a signal at step %" PRId64, run->title, summary->steps);
}

int cli_run_training(const cli_context *context, const cli_training_run *run,
                     const eipnn_train_options *options, const eipnn_dataset *dataset,
                     eipnn_model *model, eipnn_train_summary *summary)
{
  training_watch watch = {.run = run, .context = context, .backend = options->backend};
  eipnn_train_options watched = *options;
  eipnn_status status = EIPNN_OK;
  watched.context = &watch;
  watched.progress = training_progress;
  watched.resume = run->resume;
  cli_interrupt_watch();
  note_checkpoint(context, run, options->checkpoint);
  if (context->parallel->rank == 0) {
    cli_progress_begin(&watch.progress);
    status = cli_learning_curve_open(&watch.curve, run->log, run->resume);
  }
  status = cli_parallel_status(context->parallel, status);
  if (status == EIPNN_OK)
    status = eipnn_train(model, dataset, &watched,
                         context->parallel->size > 1 ? context->parallel : NULL, summary);
  if (context->parallel->rank == 0) cli_progress_end(&watch.progress);
  int code = cli_code(status);
  if (code == CLI_GOOD && summary->stopped) code = stopped(options, summary, run);
  eipnn_status log = cli_learning_curve_close(&watch.curve, run->log);
  if (log != EIPNN_OK && code == CLI_GOOD) cli_warn(context, "%s", eipnn_last_error());
  return cli_parallel_agree(context->parallel, code);
}

int cli_store_model(const cli_context *context, const eipnn_model *model, const char *path,
                    const char *checkpoint)
{
  eipnn_status status = EIPNN_OK;
  if (context->parallel->rank == 0) {
    status = eipnn_model_write(model, path);
    if (status == EIPNN_OK && checkpoint) unlink(checkpoint);
  }
  return cli_parallel_agree(context->parallel, cli_code(status));
}

int cli_keep_best(const cli_context *context, const eipnn_model *model, const char *out,
                  const eipnn_train_summary *summary, int code)
{
  if (!code || !summary->diverged || summary->best_step == 0 || context->parallel->rank)
    return code;
  char cause[1024];
  snprintf(cause, sizeof cause, "%s", eipnn_last_error());
  char *path = cli_sibling_path(out, ".best.h5");
  if (path && eipnn_model_write(model, path) == EIPNN_OK)
    cli_failure("%s. %s holds them (validation %.4f eV)", cause, path, summary->best_mae);
  else
    cli_failure("%s. They could not be stored: %s", cause, eipnn_last_error());
  free(path);
  return code;
}

int cli_exists(const cli_context *context, const char *path, int *code)
{
  const eipnn_parallel *parallel = context->parallel;
  int exists = parallel->rank == 0 && access(path, F_OK) == 0;
  *code = CLI_GOOD;
  if (parallel->size > 1 && parallel->broadcast(parallel->context, &exists, sizeof exists, 0))
    *code = cli_failure("the ranks cannot tell each other whether %s exists", path);
  return exists;
}

int cli_read_dataset(const cli_context *context, const char *path, eipnn_dataset **dataset)
{
  return cli_parallel_agree(context->parallel, cli_code(eipnn_dataset_read(path, dataset)));
}

int cli_read_model(const cli_context *context, const char *path, eipnn_model **model)
{
  return cli_parallel_agree(context->parallel, cli_code(eipnn_model_read(path, model)));
}
