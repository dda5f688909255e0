/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/eip_baselines.h"

#include "base/error.h"
#include "base/memory.h"
#include "cli/label_sets.h"

#include <stdio.h>
#include <stdlib.h>

/* Which configurations are compared. */
typedef struct compared {
  const eipnn_dataset *dataset;
  const char *split;
  eipnn_role role;
  double minimum, maximum;
} compared;

/* Errors of energy[k * stride], NaN where there is none. */
static eipnn_status energy_errors(const compared *on, const double *energy, size_t stride,
                                  eipnn_metrics *errors)
{
  return eipnn_evaluate_energies(on->dataset, on->split, on->role, on->minimum, on->maximum, energy,
                                 stride, errors);
}

static eipnn_status calibrate(const compared *on, cli_eip_baselines *baselines)
{
  eipnn_calibration calibration;
  EIPNN_TRY(eipnn_calibration_fit(on->dataset, on->split, 0, NULL, on->minimum, on->maximum,
                                  &calibration));
  size_t count = (size_t)calibration.neips;
  double *energy = eipnn_calloc(eipnn_dataset_count(on->dataset) * count, sizeof *energy);
  eipnn_status status =
      energy ? eipnn_calibration_apply(&calibration, on->dataset, energy)
             : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the energies of the EIPs");
  for (size_t eip = 0; eip < count && status == EIPNN_OK; eip++) {
    eipnn_metrics errors;
    status = energy_errors(on, energy + eip, count, &errors);
    if (status != EIPNN_OK || !errors.configurations ||
        (baselines->calibrated_name[0] && errors.config_mae >= baselines->calibrated.config_mae))
      continue;
    baselines->calibrated = errors;
    snprintf(baselines->calibrated_name, sizeof baselines->calibrated_name, "%s",
             cli_eip_name(calibration.name[eip]));
  }
  free(energy);
  eipnn_calibration_free(&calibration);
  return status;
}

static eipnn_status regress(const compared *on, cli_eip_baselines *baselines)
{
  eipnn_baseline baseline;
  EIPNN_TRY(eipnn_baseline_fit(on->dataset, on->split, 0, NULL, CLI_RIDGE_PENALTY, on->minimum,
                               on->maximum, &baseline));
  double *energy = eipnn_calloc(eipnn_dataset_count(on->dataset), sizeof *energy);
  eipnn_status status = energy ? eipnn_baseline_energy(&baseline, on->dataset, energy)
                               : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the regression");
  for (size_t k = 0; k < eipnn_dataset_count(on->dataset) && status == EIPNN_OK; k++) {
    eipnn_configuration configuration;
    status = eipnn_dataset_get(on->dataset, k, &configuration);
    for (int i = 0; i < configuration.natoms && status == EIPNN_OK; i++)
      for (int s = 0; s < baseline.nspecies; s++)
        if (baseline.species[s] == configuration.number[i]) energy[k] += baseline.shift[s];
  }
  if (status == EIPNN_OK) status = energy_errors(on, energy, 1, &baselines->regression);
  free(energy);
  eipnn_baseline_free(&baseline);
  return status;
}

eipnn_status cli_fit_eip_baselines(const eipnn_dataset *dataset, const char *split, eipnn_role role,
                                   double energy_minimum, double energy_maximum,
                                   cli_eip_baselines *baselines)
{
  const compared on = {dataset, split, role, energy_minimum, energy_maximum};
  *baselines = (cli_eip_baselines){0};
  EIPNN_TRY(calibrate(&on, baselines));
  return regress(&on, baselines);
}
