/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "method/eip_energies.h"
#include "method/weighted_labels.h"

#include <eipnn/augmentation.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

void eipnn_augmentation_options_default(eipnn_augmentation_options *options)
{
  memset(options, 0, sizeof *options);
  options->label = EIPNN_LABEL_BEST;
  options->energy_minimum = options->energy_maximum = NAN;
}

void eipnn_augmentation_free(eipnn_augmentation *augmentation)
{
  free(augmentation->eip);
  free(augmentation->probability);
  free(augmentation->energy);
  free(augmentation->weight);
  free(augmentation->forces);
  free(augmentation->virial);
  memset(augmentation, 0, sizeof *augmentation);
}

static void fill(double *values, size_t count, double value)
{
  for (size_t k = 0; k < count; k++) values[k] = value;
}

static eipnn_status allocate(const eipnn_dataset *dataset, int forces, eipnn_augmentation *a)
{
  const size_t n = eipnn_dataset_count(dataset), natoms = eipnn_dataset_atom_count(dataset);
  a->count = n;
  a->eip = eipnn_calloc(n, sizeof *a->eip);
  a->probability = eipnn_calloc(n, sizeof *a->probability);
  a->energy = eipnn_calloc(n, sizeof *a->energy);
  a->weight = eipnn_calloc(n, sizeof *a->weight);
  if (forces) a->forces = eipnn_calloc(natoms, sizeof *a->forces);
  if (forces) a->virial = eipnn_calloc(n, sizeof *a->virial);
  if (!a->eip || !a->probability || !a->energy || !a->weight ||
      (forces && (!a->forces || !a->virial)))
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to choose labels for %zu configurations", n);
  for (size_t k = 0; k < n; k++) a->eip[k] = -1;
  fill(a->probability, n, NAN);
  fill(a->energy, n, NAN);
  if (forces) fill(a->forces[0], 3 * natoms, NAN);
  if (forces) fill(a->virial[0], 6 * n, NAN);
  return EIPNN_OK;
}

/* What labels are chosen from. */
typedef struct choice {
  const eipnn_dataset *dataset;
  const eipnn_calibration *calibration;
  const eipnn_augmentation_options *options;
  eipnn_labels **labels; /* [neips] */
  double *share;         /* [neips] of each EIP in the label of a configuration */
} choice;

/* One EIP, or all that have an energy by their probabilities. */
static void set_shares(const choice *from, int likeliest, const double *energy,
                       const double *probability)
{
  const int neips = from->calibration->neips;
  double sum = 0;
  for (int k = 0; k < neips; k++) {
    const int enters =
        from->options->label == EIPNN_LABEL_EXPECTED ? isfinite(energy[k]) != 0 : k == likeliest;
    from->share[k] = enters && isfinite(probability[k]) ? probability[k] : 0;
    sum += from->share[k];
  }
  for (int k = 0; k < neips; k++) from->share[k] /= sum;
}

static double mean_energy(const choice *from, const double *energy)
{
  double sum = 0;
  for (int k = 0; k < from->calibration->neips; k++)
    if (from->share[k] > 0) sum += from->share[k] * energy[k];
  return sum;
}

/* Forces and virial are those of the calibrated energy: shifts drop out. NaN where an EIP that
   enters has none. */
static void set_forces(const choice *from, size_t index, eipnn_augmentation *a)
{
  const size_t first = eipnn_dataset_first_atom(from->dataset, index);
  fill(a->forces[first], 3 * (size_t)eipnn_dataset_natoms(from->dataset, index), 0);
  fill(a->virial[index], 6, 0);
  for (int k = 0; k < from->calibration->neips; k++) {
    const eipnn_weighted_labels one = {1, from->labels + k, from->calibration->slope + k};
    if (from->share[k] > 0)
      eipnn_weighted_labels_add(&one, from->share[k], from->dataset, index, NULL, a->forces + first,
                                a->virial[index]);
  }
}

static void choose(const choice *from, size_t index, const double *energy,
                   const double *probability, eipnn_augmentation *a)
{
  const int neips = from->calibration->neips;
  const eipnn_augmentation_options *options = from->options;
  const int likeliest = eipnn_augmentation_likeliest(neips, energy, probability);
  if (likeliest < 0) return;
  a->probability[index] = probability[likeliest];
  if (likeliest == neips || !(probability[likeliest] > 0) ||
      probability[likeliest] < options->threshold)
    return;
  set_shares(from, likeliest, energy, probability);
  const double label = mean_energy(from, energy);
  if (!eipnn_dataset_energy_within(from->dataset, index, label, options->energy_minimum,
                                   options->energy_maximum))
    return;
  a->eip[index] = likeliest;
  a->energy[index] = label;
  a->weight[index] = options->confidence_weights ? probability[likeliest] : 1;
  a->selected++;
  if (options->forces) set_forces(from, index, a);
}

static eipnn_status choose_all(const choice *from, const uint8_t *role, const double *energy,
                               const double *probability, eipnn_augmentation *a)
{
  const size_t neips = (size_t)from->calibration->neips;
  EIPNN_TRY(allocate(from->dataset, from->options->forces, a));
  for (size_t n = 0; n < a->count; n++)
    if (role[n] == EIPNN_ROLE_POOL)
      choose(from, n, energy + n * neips, probability + n * (neips + 1), a);
  return EIPNN_OK;
}

eipnn_status eipnn_augmentation_choose(const eipnn_dataset *dataset,
                                       const eipnn_calibration *calibration, const double *energy,
                                       const double *probability,
                                       const eipnn_augmentation_options *options,
                                       eipnn_augmentation *augmentation)
{
  memset(augmentation, 0, sizeof *augmentation);
  const uint8_t *role = options->split ? eipnn_dataset_split(dataset, options->split) : NULL;
  if (!role)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "the dataset has no split '%s' whose pool to label",
                       options->split ? options->split : "");
  if (!(options->threshold >= 0 && options->threshold <= 1))
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "the probability threshold is %g; use 0 to 1",
                       options->threshold);
  choice from = {.dataset = dataset, .calibration = calibration, .options = options};
  EIPNN_TRY(eipnn_eip_labels(dataset, calibration->neips, calibration->name, &from.labels));
  from.share = eipnn_calloc((size_t)calibration->neips, sizeof *from.share);
  eipnn_status status = from.share ? choose_all(&from, role, energy, probability, augmentation)
                                   : eipnn_error(EIPNN_ERROR_MEMORY, "no memory to choose labels");
  free(from.labels);
  free(from.share);
  if (status != EIPNN_OK) eipnn_augmentation_free(augmentation);
  return status;
}
