/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"

#include <eipnn/eip.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* DFT and EIP energies count from different zeros. EIPs are fitted to bound,
   near-equilibrium matter, where they agree with each other and with DFT; where
   they contradict each other their median is no measure of the zero. Hence the
   fit takes the configurations with the smallest spread of the EIPs relative to
   the binding energy: relative, since all EIPs agree on nearly free atoms, whose
   DFT energy is spoilt by spin and by what the EIPs leave out. */
#define SHARE 50  /* one configuration in so many enters, */
#define FEWEST 20 /* but at least so many */

#define TUKEY 4.685 /* 95 % efficiency for normal errors */
#define MAD_TO_SIGMA 1.4826
#define SMALLEST_SCALE 1e-6 /* eV/atom */
#define ITERATIONS 50
#define TRUSTED 3 /* that two EIPs agree says little */
#define CLOSE 0.1 /* eV/atom, what label augmentation can bear */

typedef struct sample {
  size_t index;              /* of the configuration */
  double difference, spread; /* DFT minus median EIP, eV/atom; relative spread of the EIPs */
} sample;

typedef struct align_fit {
  int nspecies;
  int *species;
  sample *samples;
  size_t count;
  double *fraction;                   /* [count][nspecies] composition */
  double *residual, *sorted, *weight; /* [count] */
} align_fit;

static int compare_double(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static int compare_spread(const void *a, const void *b)
{
  const sample *x = a, *y = b;
  if (x->spread != y->spread) return x->spread > y->spread ? 1 : -1;
  return (x->index > y->index) - (x->index < y->index); /* the same on every machine */
}

/* Linear interpolation between the ordered values. */
static double quantile(const double *sorted, size_t count, double share)
{
  double position = share * (double)(count - 1);
  size_t below = (size_t)position;
  size_t above = below + 1 < count ? below + 1 : below;
  return sorted[below] + (position - (double)below) * (sorted[above] - sorted[below]);
}

/* The finite EIP energies of a configuration, eV/atom, ascending. */
static size_t collect_energies(const eipnn_dataset *dataset, size_t index, int natoms,
                               double *energies)
{
  size_t count = 0;
  for (size_t l = 0; l < eipnn_dataset_labels_count(dataset); l++) {
    const eipnn_labels *labels = eipnn_dataset_labels_at(dataset, l);
    if (!strncmp(labels->name, "eip/", 4) && isfinite(labels->energy[index]))
      energies[count++] = labels->energy[index] / natoms;
  }
  qsort(energies, count, sizeof *energies, compare_double);
  return count;
}

/* Configurations with a DFT energy that enough EIPs call bound. */
static eipnn_status collect_samples(const eipnn_dataset *dataset, align_fit *fit, double *energies,
                                    size_t enough)
{
  const eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  size_t n = eipnn_dataset_count(dataset);
  for (size_t c = 0; dft && c < n; c++) {
    eipnn_configuration configuration;
    EIPNN_TRY(eipnn_dataset_get(dataset, c, &configuration));
    if (!isfinite(dft->energy[c]) || configuration.natoms < 1) continue;
    size_t count = collect_energies(dataset, c, configuration.natoms, energies);
    if (count < enough) continue;
    double median = quantile(energies, count, 0.5);
    if (median >= 0) continue;
    sample *item = &fit->samples[fit->count++];
    item->index = c;
    item->difference = dft->energy[c] / configuration.natoms - median;
    item->spread = (quantile(energies, count, 0.75) - quantile(energies, count, 0.25)) / -median;
  }
  return EIPNN_OK;
}

/* Most EIPs that labelled one configuration. */
static size_t most_labels(const eipnn_dataset *dataset, double *energies)
{
  size_t most = 0;
  for (size_t c = 0; c < eipnn_dataset_count(dataset); c++) {
    size_t count = collect_energies(dataset, c, 1, energies);
    if (count > most) most = count;
  }
  return most;
}

static void select_samples(align_fit *fit)
{
  qsort(fit->samples, fit->count, sizeof *fit->samples, compare_spread);
  size_t wanted = fit->count / SHARE > FEWEST ? fit->count / SHARE : FEWEST;
  if (fit->count > wanted) fit->count = wanted;
}

static eipnn_status set_compositions(const eipnn_dataset *dataset, align_fit *fit)
{
  size_t ns = (size_t)fit->nspecies;
  fit->fraction = eipnn_calloc(fit->count, ns * sizeof *fit->fraction);
  if (!fit->fraction)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to align %zu configurations", fit->count);
  for (size_t c = 0; c < fit->count; c++) {
    eipnn_configuration configuration;
    EIPNN_TRY(eipnn_dataset_get(dataset, fit->samples[c].index, &configuration));
    for (int i = 0; i < configuration.natoms; i++)
      for (size_t s = 0; s < ns; s++)
        if (fit->species[s] == configuration.number[i])
          fit->fraction[c * ns + s] += 1.0 / configuration.natoms;
  }
  return EIPNN_OK;
}

/* fraction[c] . vector */
static double weigh(const align_fit *fit, size_t c, const double *vector)
{
  const double *fraction = fit->fraction + c * (size_t)fit->nspecies;
  double sum = 0;
  for (int s = 0; s < fit->nspecies; s++) sum += fraction[s] * vector[s];
  return sum;
}

/* sum += factor fraction[c] */
static void spread_out(const align_fit *fit, size_t c, double factor, double *sum)
{
  const double *fraction = fit->fraction + c * (size_t)fit->nspecies;
  for (int s = 0; s < fit->nspecies; s++) sum[s] += factor * fraction[s];
}

/* reference minimises sum weight (difference - fraction.reference)^2. Conjugate
   gradients on the normal equations from zero: where compositions do not tell
   species apart this gives the solution of least norm. */
static void solve(const align_fit *fit, double *reference)
{
  int ns = fit->nspecies;
  double gradient[118], direction[118], norm = 0, first;
  memset(gradient, 0, sizeof gradient);
  memset(reference, 0, (size_t)ns * sizeof *reference);
  for (size_t c = 0; c < fit->count; c++)
    spread_out(fit, c, fit->weight[c] * fit->samples[c].difference, gradient);
  memcpy(direction, gradient, sizeof direction);
  for (int s = 0; s < ns; s++) norm += gradient[s] * gradient[s];
  first = norm;
  for (int step = 0; step < 10 * ns && norm > 1e-26 * first; step++) {
    double image[118] = {0}, curvature = 0, next = 0;
    for (size_t c = 0; c < fit->count; c++)
      spread_out(fit, c, fit->weight[c] * weigh(fit, c, direction), image);
    for (int s = 0; s < ns; s++) curvature += direction[s] * image[s];
    if (!(curvature > 0)) break;
    for (int s = 0; s < ns; s++) {
      reference[s] += norm / curvature * direction[s];
      gradient[s] -= norm / curvature * image[s];
      next += gradient[s] * gradient[s];
    }
    for (int s = 0; s < ns; s++) direction[s] = gradient[s] + next / norm * direction[s];
    norm = next;
  }
}

static void set_residuals(align_fit *fit, const double *reference)
{
  for (size_t c = 0; c < fit->count; c++) {
    fit->residual[c] = fit->samples[c].difference - weigh(fit, c, reference);
    fit->sorted[c] = fabs(fit->residual[c]);
  }
  qsort(fit->sorted, fit->count, sizeof *fit->sorted, compare_double);
}

/* Least absolute residuals first, from which Tukey's biweight, which forgets
   outliers altogether, finds its minimum. */
static void iterate(align_fit *fit, double *reference)
{
  for (size_t c = 0; c < fit->count; c++) fit->weight[c] = 1;
  solve(fit, reference);
  for (int step = 0; step < 2 * ITERATIONS; step++) {
    set_residuals(fit, reference);
    double scale = MAD_TO_SIGMA * quantile(fit->sorted, fit->count, 0.5);
    if (scale < SMALLEST_SCALE) scale = SMALLEST_SCALE;
    for (size_t c = 0; c < fit->count; c++) {
      double size = fabs(fit->residual[c]), u = size / (TUKEY * scale);
      if (step < ITERATIONS)
        fit->weight[c] = scale / (size > 0.01 * scale ? size : 0.01 * scale);
      else
        fit->weight[c] = u < 1 ? (1 - u * u) * (1 - u * u) : 0;
    }
    solve(fit, reference);
  }
  set_residuals(fit, reference);
}

static void judge(const align_fit *fit, size_t eips, eipnn_alignment *alignment)
{
  size_t close = 0;
  double amount[118] = {0};
  for (size_t c = 0; c < fit->count; c++) close += fit->sorted[c] < CLOSE;
  alignment->used = fit->count;
  alignment->scatter = quantile(fit->sorted, fit->count, 0.5);
  alignment->agreement = (double)close / (double)fit->count;
  alignment->poor = eips < TRUSTED || alignment->scatter > CLOSE || alignment->agreement < 0.5;
  for (size_t c = 0; c < fit->count; c++) spread_out(fit, c, fit->weight[c], amount);
  for (int s = 0; s < fit->nspecies; s++) {
    if (amount[s] > 0) continue;
    alignment->poor = 1; /* nothing tells this species' reference: unknown, not zero */
    alignment->reference[s] = NAN;
  }
}

static eipnn_status run_fit(const eipnn_dataset *dataset, align_fit *fit,
                            eipnn_alignment *alignment)
{
  size_t n = eipnn_dataset_count(dataset);
  double *energies = eipnn_calloc(eipnn_dataset_labels_count(dataset), sizeof *energies);
  fit->samples = eipnn_calloc(n, sizeof *fit->samples);
  fit->residual = eipnn_calloc(n, sizeof *fit->residual);
  fit->sorted = eipnn_calloc(n, sizeof *fit->sorted);
  fit->weight = eipnn_calloc(n, sizeof *fit->weight);
  eipnn_status status = EIPNN_OK;
  if (!energies || !fit->samples || !fit->residual || !fit->sorted || !fit->weight)
    status = eipnn_error(EIPNN_ERROR_MEMORY, "no memory to align %zu configurations", n);
  size_t most = status == EIPNN_OK ? most_labels(dataset, energies) : 0;
  /* A spread of few EIPs is small by chance. */
  if (status == EIPNN_OK) status = collect_samples(dataset, fit, energies, 1 + most / 2);
  free(energies);
  if (status != EIPNN_OK) return status;
  if (fit->count == 0)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "cannot fit reference energies: no configuration has a DFT energy and EIP "
                       "energies below zero; label the dataset first, or give free-atom energies");
  if (most > 1) select_samples(fit);
  EIPNN_TRY(set_compositions(dataset, fit));
  iterate(fit, alignment->reference);
  judge(fit, most, alignment);
  return EIPNN_OK;
}

eipnn_status eipnn_align_reference(const eipnn_dataset *dataset, eipnn_alignment *alignment)
{
  memset(alignment, 0, sizeof *alignment);
  alignment->nspecies = eipnn_dataset_species(dataset, alignment->species);
  align_fit fit = {.nspecies = alignment->nspecies, .species = alignment->species};
  eipnn_status status = run_fit(dataset, &fit, alignment);
  free(fit.samples);
  free(fit.fraction);
  free(fit.residual);
  free(fit.sorted);
  free(fit.weight);
  return status;
}
