/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/least_squares.h"
#include "base/memory.h"
#include "method/eip_energies.h"

#include <eipnn/calibration.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Ridge regression as least squares: one equation per configuration (energies per atom) and one
   per penalised coefficient. Unknowns: shifts [nspecies], coefficients of the standardised
   energies [neips]. */
typedef struct regression {
  const eipnn_dataset *dataset;
  const eipnn_labels *dft;
  eipnn_labels **eip;   /* [neips] */
  size_t *index;        /* [rows] configurations */
  size_t rows, height;  /* height: rows + neips */
  double *matrix;       /* [nspecies+neips][height] */
  double *target;       /* [height] */
  double *mean, *width; /* [neips] of the energies per atom */
  double *x;            /* [nspecies+neips] */
} regression;

static void regression_free(regression *r)
{
  free(r->eip);
  free(r->index);
  free(r->matrix);
  free(r->target);
  free(r->mean);
  free(r->width);
  free(r->x);
}

void eipnn_baseline_free(eipnn_baseline *baseline)
{
  free(baseline->name);
  free(baseline->coefficient);
  memset(baseline, 0, sizeof *baseline);
}

static eipnn_status allocate(regression *r, eipnn_baseline *b)
{
  const size_t neips = (size_t)b->neips, unknowns = neips + (size_t)b->nspecies;
  r->height = r->rows + neips;
  b->coefficient = eipnn_calloc(neips, sizeof *b->coefficient);
  r->matrix = eipnn_calloc(r->height, unknowns * sizeof *r->matrix);
  r->target = eipnn_calloc(r->height, sizeof *r->target);
  r->mean = eipnn_calloc(neips, sizeof *r->mean);
  r->width = eipnn_calloc(neips, sizeof *r->width);
  r->x = eipnn_calloc(unknowns, sizeof *r->x);
  if (b->coefficient && r->matrix && r->target && r->mean && r->width && r->x) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a regression on %d EIPs", b->neips);
}

static int has_all_labels(const regression *r, int neips, size_t index)
{
  for (int k = 0; k < neips; k++)
    if (!isfinite(r->eip[k]->energy[index])) return 0;
  return 1;
}

static eipnn_status select_rows(regression *r, const eipnn_baseline *b, size_t count)
{
  for (size_t c = 0; c < count; c++)
    if (has_all_labels(r, b->neips, r->index[c])) r->index[r->rows++] = r->index[c];
  if (r->rows) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "none of the %zu configurations with a DFT energy has the labels of all %d "
                     "EIPs of the baseline; name fewer EIPs",
                     count, b->neips);
}

static void standardise(regression *r, const eipnn_baseline *b, int k)
{
  double *column = r->matrix + (size_t)(b->nspecies + k) * r->height, square = 0;
  for (size_t row = 0; row < r->rows; row++) r->mean[k] += column[row] / (double)r->rows;
  for (size_t row = 0; row < r->rows; row++) {
    column[row] -= r->mean[k];
    square += column[row] * column[row] / (double)r->rows;
  }
  r->width[k] = sqrt(square);
  /* Energies that are all the same tell nothing. */
  if (!(r->width[k] > 1e-9 * fmax(fabs(r->mean[k]), 1.0))) r->width[k] = INFINITY;
  for (size_t row = 0; row < r->rows; row++) column[row] /= r->width[k];
}

static void fill_system(regression *r, const eipnn_baseline *b, double penalty)
{
  double atoms[EIPNN_ELEMENTS];
  for (size_t row = 0; row < r->rows; row++) {
    const size_t index = r->index[row];
    const int natoms = eipnn_dataset_composition(r->dataset, index, b->nspecies, b->species, atoms);
    r->target[row] = r->dft->energy[index] / natoms;
    for (int s = 0; s < b->nspecies; s++)
      r->matrix[(size_t)s * r->height + row] = atoms[s] / natoms;
    for (int k = 0; k < b->neips; k++)
      r->matrix[(size_t)(b->nspecies + k) * r->height + row] = r->eip[k]->energy[index] / natoms;
  }
  for (int k = 0; k < b->neips; k++) {
    standardise(r, b, k);
    r->matrix[(size_t)(b->nspecies + k) * r->height + r->rows + (size_t)k] =
        sqrt(penalty * (double)r->rows);
  }
}

/* Undoes the standardisation; fractions of species add up to one, so that the means go into
   every shift alike. */
static void store(const regression *r, eipnn_baseline *b)
{
  double constant = 0, atoms[EIPNN_ELEMENTS];
  for (int k = 0; k < b->neips; k++) {
    b->coefficient[k] = r->x[b->nspecies + k] / r->width[k];
    constant -= b->coefficient[k] * r->mean[k];
  }
  for (int s = 0; s < b->nspecies; s++) b->shift[s] = r->x[s] + constant;
  for (size_t row = 0; row < r->rows; row++) {
    const size_t index = r->index[row];
    double error = -r->dft->energy[index];
    eipnn_dataset_composition(r->dataset, index, b->nspecies, b->species, atoms);
    for (int s = 0; s < b->nspecies; s++) error += atoms[s] * b->shift[s];
    for (int k = 0; k < b->neips; k++) error += b->coefficient[k] * r->eip[k]->energy[index];
    b->mae += fabs(error) / (double)r->rows;
  }
}

static eipnn_status fit(regression *r, const char *split, double penalty, eipnn_baseline *b)
{
  size_t count;
  EIPNN_TRY(eipnn_eip_labels(r->dataset, b->neips, b->name, &r->eip));
  EIPNN_TRY(eipnn_labelled_configurations(r->dataset, split, b->energy_minimum, b->energy_maximum,
                                          &r->index, &count));
  EIPNN_TRY(select_rows(r, b, count));
  EIPNN_TRY(allocate(r, b));
  fill_system(r, b, penalty);
  EIPNN_TRY(eipnn_least_squares(r->height, b->nspecies + b->neips, r->matrix, r->target, r->x));
  store(r, b);
  return EIPNN_OK;
}

eipnn_status eipnn_baseline_fit(const eipnn_dataset *dataset, const char *split, int neips,
                                const char *const *name, double penalty, double energy_minimum,
                                double energy_maximum, eipnn_baseline *baseline)
{
  *baseline = (eipnn_baseline){.energy_minimum = energy_minimum, .energy_maximum = energy_maximum};
  if (!(penalty >= 0) || isinf(penalty))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "the penalty of the baseline is %g; it must be 0 or "
                       "more",
                       penalty);
  regression r = {.dataset = dataset, .dft = eipnn_dataset_labels(dataset, "dft")};
  baseline->nspecies = eipnn_dataset_species(dataset, baseline->species);
  eipnn_status status = eipnn_eip_names(dataset, neips, name, &baseline->neips, &baseline->name);
  if (status == EIPNN_OK) status = fit(&r, split, penalty, baseline);
  regression_free(&r);
  if (status != EIPNN_OK) eipnn_baseline_free(baseline);
  return status;
}
