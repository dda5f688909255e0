/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checkpoints, as a run that goes on from one reads them. */
#include "fuzz/h5_input.h"
#include "fuzz/small_model.h"
#include "train/checkpoint.h"

#include <math.h>
#include <string.h>

/* A run with its arrays. */
typedef struct resumed_run {
  eipnn_model *model;
  eipnn_adam adam;
  eipnn_checkpoint checkpoint;
} resumed_run;

static void begin(resumed_run *run)
{
  run->model = small_model();
  run->checkpoint = (eipnn_checkpoint){
      .adam = &run->adam,
      .run =
          {.step = 17, .best_step = 12, .best_mae = 0.25, .best_atom_mae = 0.125, .loss_count = 2},
      .nsamplers = 2,
      .dealer = {{{{{1, 2, 3, 4}}, 3, 8}, {{{5, 6, 7, 8}}, 4, 12}}},
      .data = 5,
      .options = "all of them"};
  eipnn_model_weights(run->model, &run->checkpoint.nweights);
  run->checkpoint.weights = calloc(run->checkpoint.nweights, sizeof(double));
  FUZZ_PROMISE(run->checkpoint.weights);
  FUZZ_PROMISE(eipnn_adam_create(&run->adam, run->checkpoint.nweights) == EIPNN_OK);
}

static void end(resumed_run *run)
{
  free(run->checkpoint.weights);
  eipnn_adam_free(&run->adam);
  eipnn_model_free(&run->model);
}

void fuzz_write_good(const char *path)
{
  resumed_run run;
  begin(&run);
  FUZZ_PROMISE(eipnn_checkpoint_write(path, run.model, &run.checkpoint) == EIPNN_OK);
  end(&run);
}

int fuzz_read(const char *path)
{
  resumed_run run;
  begin(&run);
  const eipnn_checkpoint before = run.checkpoint;
  const eipnn_status status = eipnn_checkpoint_read(path, run.model, &run.checkpoint);
  fuzz_check_status(status);
  if (status != EIPNN_OK) FUZZ_PROMISE(!memcmp(&before, &run.checkpoint, sizeof before));
  FUZZ_PROMISE(run.checkpoint.run.best_step <= run.checkpoint.run.step &&
               isfinite(run.checkpoint.run.best_mae));
  for (size_t k = 0; k < run.checkpoint.nweights; k++)
    FUZZ_PROMISE(isfinite(run.checkpoint.weights[k]) && isfinite(run.adam.first[k]));
  end(&run);
  return status == EIPNN_OK;
}
