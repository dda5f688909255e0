/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "base/robust_fit.h"
#include "method/eip_energies.h"

#include <eipnn/calibration.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ENOUGH 5 /* configurations for each unknown of a fit */

static eipnn_status allocate(const eipnn_dataset *dataset, int neips, const char *const *name,
                             eipnn_calibration *c)
{
  memset(c, 0, sizeof *c);
  EIPNN_TRY(eipnn_eip_names(dataset, neips, name, &c->neips, &c->name));
  const size_t n = (size_t)c->neips;
  c->nspecies = eipnn_dataset_species(dataset, c->species);
  c->slope = eipnn_calloc(n, sizeof *c->slope);
  c->shift = eipnn_calloc(n * (size_t)c->nspecies, sizeof *c->shift);
  c->scatter = eipnn_calloc(n, sizeof *c->scatter);
  c->used = eipnn_calloc(n, sizeof *c->used);
  if (c->slope && c->shift && c->scatter && c->used) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the calibration of %d EIPs", c->neips);
}

static eipnn_status set_reference(const eipnn_dataset *dataset, int neips, const char *const *name,
                                  eipnn_calibration *c)
{
  EIPNN_TRY(allocate(dataset, neips, name, c));
  for (int k = 0; k < c->neips; k++) {
    c->slope[k] = 1;
    c->scatter[k] = NAN;
    for (int s = 0; s < c->nspecies; s++)
      c->shift[k * c->nspecies + s] = eipnn_dataset_reference_energy(dataset, c->species[s], NULL);
  }
  return EIPNN_OK;
}

eipnn_status eipnn_calibration_reference(const eipnn_dataset *dataset, int neips,
                                         const char *const *name, eipnn_calibration *calibration)
{
  eipnn_status status = set_reference(dataset, neips, name, calibration);
  if (status != EIPNN_OK) eipnn_calibration_free(calibration);
  return status;
}

void eipnn_calibration_free(eipnn_calibration *calibration)
{
  free(calibration->name);
  free(calibration->slope);
  free(calibration->shift);
  free(calibration->scatter);
  free(calibration->used);
  memset(calibration, 0, sizeof *calibration);
}

/* The fit of one EIP. Unknowns are the changes of shifts [nspecies] and slope from what
   the calibration holds, so that what the data do not tell stays as it is. */
typedef struct eip_fit {
  const eipnn_dataset *dataset;
  const eipnn_labels *dft, *eip;
  const size_t *index;         /* [count] configurations with a DFT energy */
  size_t count, rows;          /* of them with an energy of this EIP */
  double *matrix;              /* [nspecies+1][rows] */
  double *target;              /* [rows] */
  int present[EIPNN_ELEMENTS]; /* 1: the species occurs in a row */
} eip_fit;

/* One equation per labelled configuration, energies per atom. */
static void fill_rows(eip_fit *fit, const eipnn_calibration *c, const double *shift)
{
  size_t row = 0;
  double atoms[EIPNN_ELEMENTS];
  for (size_t k = 0; k < fit->count; k++) {
    const size_t index = fit->index[k];
    if (!isfinite(fit->eip->energy[index])) continue;
    const int natoms =
        eipnn_dataset_composition(fit->dataset, index, c->nspecies, c->species, atoms);
    const double energy = fit->eip->energy[index] / natoms;
    fit->target[row] = fit->dft->energy[index] / natoms - energy;
    for (int s = 0; s < c->nspecies; s++) {
      const double fraction = atoms[s] / natoms;
      fit->matrix[(size_t)s * fit->rows + row] = fraction;
      fit->target[row] -= fraction * shift[s];
      if (atoms[s] > 0) fit->present[s] = 1;
    }
    fit->matrix[(size_t)c->nspecies * fit->rows + row] = energy;
    row++;
  }
}

/* The start takes the slope as it is: a collapsed configuration, on which the EIP has an enormous
   energy, is an outlier then and cannot turn the line. */
static eipnn_status solve(const eip_fit *fit, eipnn_calibration *c, int k)
{
  double change[EIPNN_ELEMENTS + 1];
  double *shift = c->shift + k * c->nspecies;
  eipnn_robust_fit robust;
  EIPNN_TRY(eipnn_robust_fit_solve(fit->rows, c->nspecies + 1, c->nspecies, fit->matrix,
                                   fit->target, change, &robust));
  c->slope[k] += change[c->nspecies];
  c->scatter[k] = robust.scatter;
  eipnn_robust_fit_free(&robust);
  for (int s = 0; s < c->nspecies; s++) {
    int known;
    eipnn_dataset_reference_energy(fit->dataset, c->species[s], &known);
    shift[s] += change[s];
    if (!fit->present[s] && !known) shift[s] = NAN; /* nothing tells it: unknown, not zero */
  }
  return EIPNN_OK;
}

static eipnn_status fit_eip(eip_fit *fit, eipnn_calibration *c, int k)
{
  int unknowns = 1;
  for (size_t r = 0; r < fit->count; r++) fit->rows += isfinite(fit->eip->energy[fit->index[r]]);
  c->used[k] = fit->rows;
  fit->matrix = eipnn_calloc(fit->rows, (size_t)(c->nspecies + 1) * sizeof *fit->matrix);
  fit->target = eipnn_calloc(fit->rows, sizeof *fit->target);
  if (!fit->matrix || !fit->target)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to calibrate an EIP");
  fill_rows(fit, c, c->shift + k * c->nspecies);
  for (int s = 0; s < c->nspecies; s++) unknowns += fit->present[s];
  if (fit->rows < ENOUGH * (size_t)unknowns) return EIPNN_OK;
  return solve(fit, c, k);
}

static eipnn_status fit_all(const eipnn_dataset *dataset, const size_t *index, size_t count,
                            eipnn_calibration *c)
{
  for (int k = 0; k < c->neips; k++) {
    eip_fit fit = {.dataset = dataset,
                   .dft = eipnn_dataset_labels(dataset, "dft"),
                   .eip = eipnn_dataset_labels(dataset, c->name[k]),
                   .index = index,
                   .count = count};
    eipnn_status status = fit_eip(&fit, c, k);
    free(fit.matrix);
    free(fit.target);
    if (status != EIPNN_OK) return status;
  }
  return EIPNN_OK;
}

eipnn_status eipnn_calibration_fit(const eipnn_dataset *dataset, const char *split, int neips,
                                   const char *const *name, double energy_minimum,
                                   double energy_maximum, eipnn_calibration *calibration)
{
  size_t *index = NULL, count;
  eipnn_status status = set_reference(dataset, neips, name, calibration);
  if (status == EIPNN_OK)
    status = eipnn_labelled_configurations(dataset, split, energy_minimum, energy_maximum, &index,
                                           &count);
  if (status == EIPNN_OK) status = fit_all(dataset, index, count, calibration);
  free(index);
  if (status != EIPNN_OK) eipnn_calibration_free(calibration);
  return status;
}

/* slope E + sum_s n_s shift_s of one EIP. */
static double calibrated(const eipnn_calibration *c, int k, double energy, const double *atoms)
{
  double value = c->slope[k] * energy;
  for (int s = 0; s < c->nspecies; s++)
    if (atoms[s] > 0) value += atoms[s] * c->shift[k * c->nspecies + s];
  return value;
}

eipnn_status eipnn_calibration_apply(const eipnn_calibration *calibration,
                                     const eipnn_dataset *dataset, double *energy)
{
  eipnn_labels **labels;
  double atoms[EIPNN_ELEMENTS];
  EIPNN_TRY(eipnn_eip_labels(dataset, calibration->neips, calibration->name, &labels));
  for (size_t n = 0; n < eipnn_dataset_count(dataset); n++) {
    const int known = eipnn_dataset_composition(dataset, n, calibration->nspecies,
                                                calibration->species, atoms) > 0;
    for (int k = 0; k < calibration->neips; k++)
      *energy++ = known ? calibrated(calibration, k, labels[k]->energy[n], atoms) : NAN;
  }
  free(labels);
  return EIPNN_OK;
}
