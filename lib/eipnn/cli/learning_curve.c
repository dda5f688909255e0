/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "cli/learning_curve.h"

#include "base/error.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char header[] =
    "step,epoch,lr,loss,validation_mae,validation_atom_mae,sigma,labels_used\n";

eipnn_status cli_learning_curve_open(cli_learning_curve *curve, const char *path, int resume)
{
  *curve = (cli_learning_curve){0};
  if (!path) return EIPNN_OK;
  if (resume) curve->file = fopen(path, "r+");
  if (curve->file) return EIPNN_OK;
  curve->trimmed = 1;
  curve->file = fopen(path, "w");
  if (!curve->file)
    return eipnn_error(EIPNN_ERROR_IO, "cannot write the log %s: %s", path, strerror(errno));
  fputs(header, curve->file);
  fflush(curve->file);
  return EIPNN_OK;
}

/* Leaves the header and the rows before `step`, positioned at the end. */
static void trim(cli_learning_curve *curve, int64_t step)
{
  char line[512];
  long keep = 0;
  if (fgets(line, sizeof line, curve->file) && !strcmp(line, header)) {
    keep = ftell(curve->file);
    while (fgets(line, sizeof line, curve->file)) {
      if (!strchr(line, '\n') || strtoll(line, NULL, 10) >= step) break;
      keep = ftell(curve->file);
    }
  }
  fseek(curve->file, keep, SEEK_SET);
  if (keep < 0 || ftruncate(fileno(curve->file), keep)) curve->failed = 1;
  if (!keep) fputs(header, curve->file);
}

void cli_learning_curve_row(cli_learning_curve *curve, const eipnn_train_progress *progress)
{
  if (!curve->file || !progress->validated) return;
  if (!curve->trimmed) trim(curve, progress->step);
  curve->trimmed = 1;
  if (fprintf(curve->file, "%" PRId64 ",%" PRId64 ",%.8g,%.8g,%.8g,%.8g,%.8g,%.8g\n",
              progress->step, progress->epoch, progress->rate, progress->loss,
              progress->validation_mae, progress->validation_atom_mae, progress->sigma,
              progress->labels_used) < 0 ||
      fflush(curve->file))
    curve->failed = 1;
}

eipnn_status cli_learning_curve_close(cli_learning_curve *curve, const char *path)
{
  if (!curve->file) return EIPNN_OK;
  int failed = curve->failed;
  if (fclose(curve->file)) failed = 1;
  curve->file = NULL;
  if (failed) return eipnn_error(EIPNN_ERROR_IO, "the log %s could not be written whole", path);
  return EIPNN_OK;
}
