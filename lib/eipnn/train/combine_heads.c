/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/collective.h"
#include "base/least_squares.h"
#include "base/memory.h"
#include "models/sweep.h"
#include "train/targets.h"
#include "train/train_options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Pull of the coefficients towards the plain mean of the pretrained heads, relative to the mean
   square of 1 that outputs per atom have. It decides where labels are few. */
static const double penalty = 1.0;

/* Least squares for the coefficients of the pretrained heads and a constant per atom. */
typedef struct head_fit {
  int nheads;           /* pretrained */
  eipnn_targets target; /* DFT energies in units of the model */
  unsigned char *wanted;
  double *output; /* [n of dataset][nheads] pretrained outputs */
  double *matrix; /* [nheads+1][rows+nheads] */
  double *right;  /* [rows+nheads] */
  double *x;      /* [nheads+1] */
} head_fit;

static void head_fit_free(head_fit *fit)
{
  eipnn_targets_free(&fit->target);
  free(fit->wanted);
  free(fit->output);
  free(fit->matrix);
  free(fit->right);
  free(fit->x);
}

static eipnn_status allocate(head_fit *fit, size_t configurations)
{
  const size_t heads = (size_t)fit->nheads, height = fit->target.count + heads;
  fit->wanted = eipnn_calloc(configurations, 1);
  fit->output = eipnn_calloc(configurations, heads * sizeof *fit->output);
  fit->matrix = eipnn_calloc(height, (heads + 1) * sizeof *fit->matrix);
  fit->right = eipnn_calloc(height, sizeof *fit->right);
  fit->x = eipnn_calloc(heads + 1, sizeof *fit->x);
  if (fit->wanted && fit->output && fit->matrix && fit->right && fit->x) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to combine %d heads", fit->nheads);
}

static eipnn_status evaluate(head_fit *fit, const eipnn_model *pretrained,
                             const eipnn_dataset *dataset, const eipnn_train_options *options,
                             const eipnn_parallel *parallel)
{
  eipnn_calculator_options calculator;
  eipnn_calculator_options_default(&calculator);
  calculator.precision = options->precision;
  calculator.table = options->table;
  calculator.backend = options->backend;
  for (size_t slot = 0; slot < fit->target.count; slot++) fit->wanted[fit->target.index[slot]] = 1;
  return eipnn_sweep(pretrained, EIPNN_SWEEP_OUTPUTS, dataset, fit->wanted, &calculator, parallel,
                     fit->output);
}

/* One equation per energy, as the loss has them, and one per penalised coefficient. */
static eipnn_status solve(head_fit *fit)
{
  const size_t heads = (size_t)fit->nheads, rows = fit->target.count, height = rows + heads;
  size_t labelled = 0;
  for (size_t row = 0; row < rows; row++) {
    const double energy = fit->target.energy[row];
    if (isnan(energy)) continue; /* a row of zeros */
    const double *output = fit->output + fit->target.index[row] * heads;
    for (size_t k = 0; k < heads; k++) fit->matrix[k * height + row] = output[k];
    fit->matrix[heads * height + row] =
        (double)(fit->target.first[row + 1] - fit->target.first[row]);
    fit->right[row] = energy;
    labelled++;
  }
  const double pull = sqrt(penalty * (double)labelled);
  for (size_t k = 0; k < heads; k++) {
    fit->matrix[k * height + rows + k] = pull;
    fit->right[rows + k] = pull / (double)heads;
  }
  return eipnn_least_squares(height, fit->nheads + 1, fit->matrix, fit->right, fit->x);
}

/* The parameter of that path, which every network has. */
static const eipnn_parameter_info *find(const eipnn_model *model, const char *path)
{
  int k = 0;
  while (strcmp(eipnn_model_parameter(model, k)->path, path) != 0) k++;
  return eipnn_model_parameter(model, k);
}

static double *weights_of(const eipnn_model *model, const char *path)
{
  return eipnn_model_weights(model, NULL) + find(model, path)->offset;
}

/* Takes over what all heads share, and combines the rest. */
static void set_head(eipnn_model *model, const eipnn_model *pretrained, const head_fit *fit)
{
  static const char *const shared[] = {"head/hidden/weight", "head/hidden/bias"};
  static const char *const own[] = {"head/out/weight", "head/out/bias"};
  const int heads = fit->nheads;
  for (int p = 0; p < 2; p++) {
    const eipnn_parameter_info *info = find(model, shared[p]);
    memcpy(weights_of(model, shared[p]), weights_of(pretrained, shared[p]),
           (size_t)info->rows * (size_t)info->cols * sizeof(double));
  }
  for (int p = 0; p < 2; p++) {
    const double *from = weights_of(pretrained, own[p]);
    double *to = weights_of(model, own[p]);
    for (int row = 0; row < find(model, own[p])->rows; row++) {
      to[row] = p == 1 ? fit->x[heads] : 0.0;
      for (int k = 0; k < heads; k++) to[row] += fit->x[k] * from[row * heads + k];
    }
  }
}

static eipnn_status check(const eipnn_model *model, const eipnn_model *pretrained)
{
  const char *difference = eipnn_model_difference(model, pretrained);
  if (difference)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "a head can only start from one of the same network: %s differs",
                       difference);
  if (eipnn_model_head_count(model) == 1) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "only a model with one head can start from combined heads; this has %d",
                     eipnn_model_head_count(model));
}

eipnn_status eipnn_train_combine_heads(eipnn_model *model, const eipnn_model *pretrained,
                                       const eipnn_dataset *dataset,
                                       const eipnn_train_options *options,
                                       const eipnn_parallel *parallel)
{
  head_fit fit = {.nheads = eipnn_model_head_count(pretrained)};
  EIPNN_TRY(check(model, pretrained));
  EIPNN_TRY(eipnn_train_options_check(options));
  EIPNN_TRY(eipnn_model_copy_representation(model, pretrained));
  eipnn_train_options own = *options; /* chosen labels have no say in the fit */
  own.augmentation = NULL;
  eipnn_status status = eipnn_targets_build(&fit.target, model, dataset, &own, EIPNN_PURPOSE_TRAIN);
  if (status == EIPNN_OK) status = eipnn_targets_scale(&fit.target, model, dataset);
  if (status == EIPNN_OK) status = allocate(&fit, eipnn_dataset_count(dataset));
  status = eipnn_collective_agree(parallel, status);
  if (status == EIPNN_OK) status = evaluate(&fit, pretrained, dataset, options, parallel);
  if (status == EIPNN_OK) status = solve(&fit);
  if (status == EIPNN_OK) set_head(model, pretrained, &fit);
  head_fit_free(&fit);
  return status;
}
