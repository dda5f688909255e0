/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "base/robust_fit.h"
#include "base/statistics.h"

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

#define TRUSTED 3 /* that two EIPs agree says little */
#define CLOSE 0.1 /* eV/atom, what label augmentation can bear */

typedef struct sample {
  size_t index;              /* of the configuration */
  double difference, spread; /* DFT minus median EIP, eV/atom; relative spread of the EIPs */
} sample;

typedef struct align_fit {
  int nspecies;
  int *species;
  const uint8_t *role; /* NULL: all configurations may enter */
  sample *samples;
  size_t count;
  double *fraction; /* [nspecies][count] composition */
  double *target;   /* [count] differences */
  eipnn_robust_fit robust;
} align_fit;

static int compare_spread(const void *a, const void *b)
{
  const sample *x = a, *y = b;
  if (x->spread != y->spread) return x->spread > y->spread ? 1 : -1;
  return (x->index > y->index) - (x->index < y->index); /* the same on every machine */
}

/* The finite EIP energies of a configuration, eV/atom, ascending. */
static size_t collect_energies(const eipnn_dataset *dataset, size_t index, int natoms,
                               double *energies)
{
  size_t count = 0;
  for (size_t l = 0; l < eipnn_dataset_labels_count(dataset); l++) {
    const eipnn_labels *labels = eipnn_dataset_labels_at(dataset, l);
    if (eipnn_labels_is_eip(labels->name) && isfinite(labels->energy[index]))
      energies[count++] = labels->energy[index] / natoms;
  }
  eipnn_sort(energies, count);
  return count;
}

static int may_enter(const align_fit *fit, size_t index)
{
  return !fit->role || fit->role[index] == EIPNN_ROLE_TRAIN ||
         fit->role[index] == EIPNN_ROLE_VALIDATION;
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
    if (!may_enter(fit, c) || !isfinite(dft->energy[c]) || configuration.natoms < 1) continue;
    size_t count = collect_energies(dataset, c, configuration.natoms, energies);
    if (count < enough) continue;
    double median = eipnn_quantile(energies, count, 0.5);
    if (median >= 0) continue;
    sample *item = &fit->samples[fit->count++];
    item->index = c;
    item->difference = dft->energy[c] / configuration.natoms - median;
    item->spread =
        (eipnn_quantile(energies, count, 0.75) - eipnn_quantile(energies, count, 0.25)) / -median;
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

/* Compositions and differences of the selected configurations. */
static eipnn_status set_system(const eipnn_dataset *dataset, align_fit *fit)
{
  size_t ns = (size_t)fit->nspecies;
  fit->fraction = eipnn_calloc(fit->count, ns * sizeof *fit->fraction);
  fit->target = eipnn_calloc(fit->count, sizeof *fit->target);
  if (!fit->fraction || !fit->target)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to align %zu configurations", fit->count);
  for (size_t c = 0; c < fit->count; c++) {
    eipnn_configuration configuration;
    EIPNN_TRY(eipnn_dataset_get(dataset, fit->samples[c].index, &configuration));
    fit->target[c] = fit->samples[c].difference;
    for (int i = 0; i < configuration.natoms; i++)
      for (size_t s = 0; s < ns; s++)
        if (fit->species[s] == configuration.number[i])
          fit->fraction[s * fit->count + c] += 1.0 / configuration.natoms;
  }
  return EIPNN_OK;
}

/* 1 if a configuration that counts holds the species. */
static int is_told(const align_fit *fit, int species)
{
  for (size_t c = 0; c < fit->count; c++)
    if (fit->robust.weight[c] > 0 && fit->fraction[(size_t)species * fit->count + c] > 0) return 1;
  return 0;
}

static void judge(const align_fit *fit, size_t eips, eipnn_alignment *alignment)
{
  size_t close = 0;
  for (size_t c = 0; c < fit->count; c++) close += fabs(fit->robust.residual[c]) < CLOSE;
  alignment->used = fit->count;
  alignment->scatter = fit->robust.scatter;
  alignment->agreement = (double)close / (double)fit->count;
  alignment->poor = eips < TRUSTED || alignment->scatter > CLOSE || alignment->agreement < 0.5;
  for (int s = 0; s < fit->nspecies; s++) {
    if (is_told(fit, s)) continue;
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
  eipnn_status status = EIPNN_OK;
  if (!energies || !fit->samples)
    status = eipnn_error(EIPNN_ERROR_MEMORY, "no memory to align %zu configurations", n);
  size_t most = status == EIPNN_OK ? most_labels(dataset, energies) : 0;
  /* A spread of few EIPs is small by chance. */
  if (status == EIPNN_OK) status = collect_samples(dataset, fit, energies, 1 + most / 2);
  free(energies);
  if (status != EIPNN_OK) return status;
  if (fit->count == 0)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "cannot fit reference energies: no configuration%s has a DFT energy and EIP "
                       "energies below zero; label the dataset first, or give free-atom energies",
                       fit->role ? " of the split's training and validation set" : "");
  if (most > 1) select_samples(fit);
  EIPNN_TRY(set_system(dataset, fit));
  EIPNN_TRY(eipnn_robust_fit_solve(fit->count, fit->nspecies, fit->nspecies, fit->fraction,
                                   fit->target, alignment->reference, &fit->robust));
  judge(fit, most, alignment);
  return EIPNN_OK;
}

eipnn_status eipnn_align_reference(const eipnn_dataset *dataset, const uint8_t *role,
                                   eipnn_alignment *alignment)
{
  memset(alignment, 0, sizeof *alignment);
  alignment->nspecies = eipnn_dataset_species(dataset, alignment->species);
  align_fit fit = {.nspecies = alignment->nspecies, .species = alignment->species, .role = role};
  eipnn_status status = run_fit(dataset, &fit, alignment);
  free(fit.samples);
  free(fit.fraction);
  free(fit.target);
  eipnn_robust_fit_free(&fit.robust);
  return status;
}
