/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "base/memory.h"
#include "cli/parallel.h"
#include "cli/train_job.h"

#include <math.h>
#include <stdlib.h>

static eipnn_status subtract_from_chosen(train_job *job)
{
  eipnn_augmentation *chosen = &job->labelling.chosen;
  double *energy = eipnn_calloc(eipnn_dataset_count(job->dataset), sizeof *energy);
  if (!energy) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the regression's energies");
  eipnn_status status = eipnn_baseline_energy(&job->baseline, job->dataset, energy);
  for (size_t k = 0; k < chosen->count && status == EIPNN_OK; k++) {
    int labelled = isfinite(chosen->energy[k]);
    chosen->energy[k] -= energy[k];
    if (labelled && isnan(chosen->energy[k])) chosen->selected--;
  }
  free(energy);
  return status;
}

static eipnn_status subtract(train_job *job)
{
  const train_values *train = job->values;
  eipnn_train_options *training = &job->values->setup.training;
  EIPNN_TRY(eipnn_baseline_fit(job->dataset, train->split, job->sets.count, job->sets.name,
                               train->delta_penalty, training->energy_minimum,
                               training->energy_maximum, &job->baseline));
  if (job->labelling.chosen.count) EIPNN_TRY(subtract_from_chosen(job));
  EIPNN_TRY(eipnn_baseline_subtract(&job->baseline, job->dataset));
  /* The window is one of DFT energies and has been applied; these are differences. */
  training->energy_minimum = training->energy_maximum = NAN;
  return EIPNN_OK;
}

int cli_delta_stage(train_job *job)
{
  eipnn_status status = subtract(job);
  int code = cli_parallel_agree(job->context->parallel, cli_code(status));
  if (!code && !job->values->json)
    cli_print(job->context,
              "delta: regression on %d EIPs, mean absolute error %.4f eV on its "
              "configurations\n",
              job->baseline.neips, job->baseline.mae);
  return code;
}
