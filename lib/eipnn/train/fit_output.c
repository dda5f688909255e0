/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "train/targets.h"
#include "train/train_options.h"

#include <eipnn/classifier.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* LAPACK: least squares of minimum norm by singular values. */
void dgelsd_(const int *m, const int *n, const int *nrhs, double *a, const int *lda, double *b,
             const int *ldb, double *s, const double *rcond, int *rank, double *work,
             const int *lwork, int *iwork, int *info);

/* Solves counts[nspecies][n] (column s: atoms of species s in each configuration) times shift =
   energy[n]; both are overwritten, the first nspecies energies by the result. energy has room
   for max(n, nspecies). */
static eipnn_status least_squares(int n, int nspecies, double *counts, double *energy)
{
  const int one = 1, rows = n > nspecies ? n : nspecies;
  const double rcond = 1e-10;
  double singular[118], wanted = 0;
  int rank = 0, info = 0, lwork = -1, integers = 0;
  dgelsd_(&n, &nspecies, &one, counts, &n, energy, &rows, singular, &rcond, &rank, &wanted, &lwork,
          &integers, &info);
  lwork = (int)wanted;
  double *work = eipnn_calloc((size_t)lwork, sizeof *work);
  int *iwork = eipnn_calloc((size_t)(integers > 1 ? integers : 1), sizeof *iwork);
  eipnn_status status = EIPNN_OK;
  if (!work || !iwork)
    status = eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a least-squares fit");
  if (status == EIPNN_OK) {
    dgelsd_(&n, &nspecies, &one, counts, &n, energy, &rows, singular, &rcond, &rank, work, &lwork,
            iwork, &info);
    if (info)
      status = eipnn_error(EIPNN_ERROR_NUMERIC, "the fit of energy shifts did not converge");
  }
  free(work);
  free(iwork);
  return status;
}

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
  double *counts, *counts_copy; /* [nspecies][n] */
  double *energy, *energy_copy; /* [n], with room for nspecies */
  size_t n;
} fit_data;

static eipnn_status gather(fit_data *fit, const eipnn_targets *targets, int head,
                           const eipnn_model *model, const eipnn_dataset *dataset)
{
  const int nspecies = eipnn_model_species_count(model);
  int atoms[118]; /* of each species */
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
  memcpy(fit->counts_copy, fit->counts, fit->n * (size_t)nspecies * sizeof(double));
  memcpy(fit->energy_copy, fit->energy, fit->n * sizeof(double));
  EIPNN_TRY(least_squares((int)fit->n, nspecies, fit->counts_copy, fit->energy_copy));
  const double *shift = fit->energy_copy;
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
  fit.counts_copy = eipnn_calloc(fit.n, nspecies * sizeof(double));
  fit.energy = eipnn_calloc(fit.n + nspecies, sizeof(double));
  fit.energy_copy = eipnn_calloc(fit.n + nspecies, sizeof(double));
  eipnn_status status = EIPNN_OK;
  if (!fit.counts || !fit.counts_copy || !fit.energy || !fit.energy_copy)
    status = eipnn_error(EIPNN_ERROR_MEMORY, "no memory to fit %zu energies", fit.n);
  if (status == EIPNN_OK) status = fit_head(&fit, targets, head, model, dataset);
  free(fit.counts);
  free(fit.counts_copy);
  free(fit.energy);
  free(fit.energy_copy);
  return status;
}

eipnn_status eipnn_train_fit_output(eipnn_model *model, const eipnn_dataset *dataset,
                                    const eipnn_train_options *options)
{
  eipnn_targets targets;
  EIPNN_TRY(eipnn_train_options_check(options));
  if (eipnn_model_is_classifier(model))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "a classifier has no energy: its output has neither shift nor scale");
  eipnn_train_options stored = *options; /* the zero of energies is that of the dataset's labels */
  stored.augmentation = NULL;
  EIPNN_TRY(eipnn_targets_build(&targets, model, dataset, &stored, EIPNN_PURPOSE_TRAIN));
  eipnn_status status = EIPNN_OK;
  for (int head = 0; head < targets.nheads && status == EIPNN_OK; head++)
    status = allocate_and_fit(&targets, head, model, dataset);
  eipnn_targets_free(&targets);
  return status;
}
