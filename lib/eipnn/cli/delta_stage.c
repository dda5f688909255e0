/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "cli/parallel.h"
#include "cli/train_job.h"

#include <math.h>

/* Forces to learn are what the EIPs' forces leave. */
static eipnn_status check_forces(const train_job *job)
{
  const eipnn_train_options *training = &job->values->setup.training;
  for (int k = 0; k < job->sets.count; k++) {
    const eipnn_labels *labels = eipnn_dataset_labels(job->dataset, job->sets.name[k]);
    if ((training->force_weight > 0 && !labels->forces) ||
        (training->virial_weight > 0 && !labels->virial))
      return eipnn_error(
          EIPNN_ERROR_ARGUMENT,
          "to learn what the EIPs leave of forces and virials, their labels must "
          "have both, and %s has not: run `eipnn label %s --eips LIST.json --forces`",
          labels->name, job->data);
  }
  return EIPNN_OK;
}

static eipnn_status subtract(train_job *job)
{
  const train_values *train = job->values;
  eipnn_train_options *training = &job->values->setup.training;
  EIPNN_TRY(check_forces(job));
  EIPNN_TRY(eipnn_baseline_fit(job->dataset, train->split, job->sets.count, job->sets.name,
                               train->delta_penalty, training->energy_minimum,
                               training->energy_maximum, &job->baseline));
  if (job->labelling.chosen.count)
    EIPNN_TRY(eipnn_augmentation_subtract(&job->baseline, job->dataset, &job->labelling.chosen));
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
