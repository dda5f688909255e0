/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/least_squares.h"
#include "base/memory.h"
#include "train/targets.h"
#include "train/train_options.h"

#include <eipnn/classifier.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Standard deviation over the labelled configurations of (energy - shifts)/natoms; 1 where they
   do not differ, because a scale divides. */
static double residual_scale(size_t n, int nspecies, const double *counts, const double *energy,
                             const double *shift)
{
  double sum = 0, square = 0, largest = 0;
  for (size_t k = 0; k < n; k++) {
    double residual = energy[k], natoms = 0;
    for (int s = 0; s < nspecies; s++) {
      residual -= counts[(size_t)s * n + k] * shift[s];
      natoms += counts[(size_t)s * n + k];
    }
    sum += residual / natoms;
    square += residual * residual / (natoms * natoms);
    largest = fmax(largest, fabs(energy[k] / natoms));
  }
  const double mean = sum / (double)n;
  const double deviation = sqrt(fmax(0.0, square / (double)n - mean * mean));
  return deviation > 1e-9 * fmax(largest, 1.0) ? deviation : 1.0;
}

/* Species counts and energies of the configurations that a head has labels for. */
typedef struct fit_data {
  double *counts; /* [nspecies][n] */
  double *energy; /* [n] */
  size_t n;
} fit_data;

static eipnn_status gather(fit_data *fit, const eipnn_targets *targets, int head,
                           const eipnn_model *model, const eipnn_dataset *dataset)
{
  const int nspecies = eipnn_model_species_count(model);
  int atoms[EIPNN_ELEMENTS]; /* of each species */
  for (size_t slot = 0, k = 0; slot < targets->count; slot++) {
    const double energy = targets->energy[slot * (size_t)targets->nheads + (size_t)head];
    if (isnan(energy)) continue;
    EIPNN_TRY(eipnn_targets_count_species(targets, slot, model, dataset, atoms));
    for (int s = 0; s < nspecies; s++) fit->counts[(size_t)s * fit->n + k] = atoms[s];
    fit->energy[k++] = energy;
  }
  return EIPNN_OK;
}

static eipnn_status fit_head(fit_data *fit, const eipnn_targets *targets, int head,
                             eipnn_model *model, const eipnn_dataset *dataset)
{
  const int nspecies = eipnn_model_species_count(model);
  EIPNN_TRY(gather(fit, targets, head, model, dataset));
  double shift[EIPNN_ELEMENTS];
  EIPNN_TRY(eipnn_least_squares(fit->n, nspecies, fit->counts, fit->energy, shift));
  const double scale = residual_scale(fit->n, nspecies, fit->counts, fit->energy, shift);
  return eipnn_model_set_output(model, head, scale, shift);
}

static eipnn_status allocate_and_fit(const eipnn_targets *targets, int head, eipnn_model *model,
                                     const eipnn_dataset *dataset)
{
  const size_t nspecies = (size_t)eipnn_model_species_count(model);
  fit_data fit = {.n = 0};
  for (size_t slot = 0; slot < targets->count; slot++)
    fit.n += !isnan(targets->energy[slot * (size_t)targets->nheads + (size_t)head]);
  if (fit.n == 0)
    return eipnn_error(
        EIPNN_ERROR_ARGUMENT,
        "head '%s' has no energy among the training configurations to fit its zero to",
        eipnn_model_head_name(model, head));
  fit.counts = eipnn_calloc(fit.n, nspecies * sizeof(double));
  fit.energy = eipnn_calloc(fit.n, sizeof(double));
  eipnn_status status = EIPNN_OK;
  if (!fit.counts || !fit.energy)
    status = eipnn_error(EIPNN_ERROR_MEMORY, "no memory to fit %zu energies", fit.n);
  if (status == EIPNN_OK) status = fit_head(&fit, targets, head, model, dataset);
  free(fit.counts);
  free(fit.energy);
  return status;
}

eipnn_status eipnn_train_fit_output(eipnn_model *model, const eipnn_dataset *dataset,
                                    const eipnn_train_options *options)
{
  eipnn_targets targets;
  EIPNN_TRY(eipnn_train_options_check(options));
  if (eipnn_model_is_classifier(model))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a classifier has no energy to fit a zero to");
  eipnn_train_options stored = *options; /* the zero of energies is that of the dataset's labels */
  stored.augmentation = NULL;
  EIPNN_TRY(eipnn_targets_build(&targets, model, dataset, &stored, EIPNN_PURPOSE_TRAIN));
  eipnn_status status = EIPNN_OK;
  for (int head = 0; head < targets.nheads && status == EIPNN_OK; head++)
    status = allocate_and_fit(&targets, head, model, dataset);
  eipnn_targets_free(&targets);
  return status;
}
