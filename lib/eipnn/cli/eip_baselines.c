/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/eip_baselines.h"

#include "base/error.h"
#include "base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Which configurations are compared. */
typedef struct compared {
  const eipnn_dataset *dataset;
  const uint8_t *role;
  eipnn_role wanted;
  double minimum, maximum;
} compared;

/* Errors of energy[k * stride], NaN where there is none. */
static eipnn_metrics energy_errors(const compared *on, const double *energy, size_t stride)
{
  const eipnn_labels *dft = eipnn_dataset_labels(on->dataset, "dft");
  eipnn_metrics sum = {.force_mae = NAN, .force_rmse = NAN, .virial_mae = NAN, .virial_rmse = NAN};
  for (size_t k = 0; k < eipnn_dataset_count(on->dataset); k++) {
    size_t natoms =
        eipnn_dataset_first_atom(on->dataset, k + 1) - eipnn_dataset_first_atom(on->dataset, k);
    double per_atom = dft->energy[k] / (double)natoms, error = energy[k * stride] - dft->energy[k];
    if (on->role[k] != on->wanted || !isfinite(error)) continue;
    if (per_atom < on->minimum || per_atom > on->maximum) continue;
    sum.configurations++;
    sum.atoms += natoms;
    sum.config_mae += fabs(error);
    sum.config_rmse += error * error;
    sum.atom_mae += fabs(error) / (double)natoms;
    sum.atom_rmse += error * error / (double)(natoms * natoms);
  }
  double count = (double)sum.configurations;
  sum.config_mae /= count;
  sum.atom_mae /= count;
  sum.config_rmse = sqrt(sum.config_rmse / count);
  sum.atom_rmse = sqrt(sum.atom_rmse / count);
  return sum;
}

static eipnn_status calibrate(const compared *on, const char *split, cli_eip_baselines *baselines)
{
  eipnn_calibration calibration;
  EIPNN_TRY(
      eipnn_calibration_fit(on->dataset, split, 0, NULL, on->minimum, on->maximum, &calibration));
  size_t count = (size_t)calibration.neips;
  double *energy = eipnn_calloc(eipnn_dataset_count(on->dataset) * count, sizeof *energy);
  eipnn_status status =
      energy ? eipnn_calibration_apply(&calibration, on->dataset, energy)
             : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the energies of the EIPs");
  for (size_t eip = 0; eip < count && status == EIPNN_OK; eip++) {
    eipnn_metrics errors = energy_errors(on, energy + eip, count);
    if (!errors.configurations ||
        (baselines->calibrated_name[0] && errors.config_mae >= baselines->calibrated.config_mae))
      continue;
    baselines->calibrated = errors;
    snprintf(baselines->calibrated_name, sizeof baselines->calibrated_name, "%s",
             calibration.name[eip] + strlen("eip/"));
  }
  free(energy);
  eipnn_calibration_free(&calibration);
  return status;
}

static eipnn_status regress(const compared *on, const char *split, cli_eip_baselines *baselines)
{
  eipnn_baseline baseline;
  EIPNN_TRY(eipnn_baseline_fit(on->dataset, split, 0, NULL, CLI_RIDGE_PENALTY, on->minimum,
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
  if (status == EIPNN_OK) baselines->regression = energy_errors(on, energy, 1);
  free(energy);
  eipnn_baseline_free(&baseline);
  return status;
}

eipnn_status cli_fit_eip_baselines(const eipnn_dataset *dataset, const char *split, eipnn_role role,
                                   double energy_minimum, double energy_maximum,
                                   cli_eip_baselines *baselines)
{
  const compared on = {dataset, eipnn_dataset_split(dataset, split), role, energy_minimum,
                       energy_maximum};
  *baselines = (cli_eip_baselines){0};
  EIPNN_TRY(calibrate(&on, split, baselines));
  return regress(&on, split, baselines);
}
