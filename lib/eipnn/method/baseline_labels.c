/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a baseline says, and what it leaves for a network to learn. */
#include "method/eip_energies.h"
#include "method/weighted_labels.h"

#include <eipnn/augmentation.h>

#include <math.h>
#include <stdlib.h>

/* The caller frees *labels. */
static eipnn_status find_terms(const eipnn_baseline *baseline, const eipnn_dataset *dataset,
                               eipnn_labels ***labels, eipnn_weighted_labels *terms)
{
  EIPNN_TRY(eipnn_eip_labels(dataset, baseline->neips, baseline->name, labels));
  *terms = (eipnn_weighted_labels){baseline->neips, *labels, baseline->coefficient};
  return EIPNN_OK;
}

eipnn_status eipnn_baseline_energy(const eipnn_baseline *baseline, const eipnn_dataset *dataset,
                                   double *energy)
{
  eipnn_labels **labels;
  eipnn_weighted_labels terms;
  EIPNN_TRY(find_terms(baseline, dataset, &labels, &terms));
  for (size_t n = 0; n < eipnn_dataset_count(dataset); n++) {
    energy[n] = 0;
    eipnn_weighted_labels_add(&terms, 1, dataset, n, energy + n, NULL, NULL);
  }
  free(labels);
  return EIPNN_OK;
}

/* Labels of one kind for one configuration; forces and virial may be NULL. */
typedef struct label {
  double *energy;
  double (*forces)[3], *virial;
} label;

static label label_of(const eipnn_dataset *dataset, size_t index, double *energy,
                      double (*forces)[3], double (*virial)[6])
{
  return (label){.energy = energy + index,
                 .forces = forces ? forces + eipnn_dataset_first_atom(dataset, index) : NULL,
                 .virial = virial ? virial[index] : NULL};
}

static void forget(const label *unwanted, int natoms)
{
  *unwanted->energy = NAN;
  for (int i = 0; unwanted->forces && i < natoms; i++)
    for (int d = 0; d < 3; d++) unwanted->forces[i][d] = NAN;
  for (int v = 0; unwanted->virial && v < 6; v++) unwanted->virial[v] = NAN;
}

eipnn_status eipnn_baseline_subtract(const eipnn_baseline *baseline, eipnn_dataset *dataset)
{
  eipnn_labels **labels, *dft = eipnn_dataset_labels(dataset, "dft");
  eipnn_weighted_labels terms;
  EIPNN_TRY(find_terms(baseline, dataset, &labels, &terms));
  for (size_t n = 0; n < eipnn_dataset_count(dataset); n++) {
    const label mine = label_of(dataset, n, dft->energy, dft->forces, dft->virial);
    const int natoms = eipnn_dataset_natoms(dataset, n);
    /* Forces without an energy are fine. */
    if (!isnan(*mine.energy) &&
        !eipnn_dataset_energy_within(dataset, n, *mine.energy, baseline->energy_minimum,
                                     baseline->energy_maximum))
      forget(&mine, natoms);
    eipnn_weighted_labels_add(&terms, -1, dataset, n, mine.energy, mine.forces, mine.virial);
  }
  free(labels);
  return EIPNN_OK;
}

eipnn_status eipnn_augmentation_subtract(const eipnn_baseline *baseline,
                                         const eipnn_dataset *dataset,
                                         eipnn_augmentation *augmentation)
{
  eipnn_labels **labels;
  eipnn_weighted_labels terms;
  EIPNN_TRY(find_terms(baseline, dataset, &labels, &terms));
  for (size_t n = 0; n < augmentation->count; n++) {
    const label mine =
        label_of(dataset, n, augmentation->energy, augmentation->forces, augmentation->virial);
    if (!isfinite(*mine.energy)) continue;
    eipnn_weighted_labels_add(&terms, -1, dataset, n, mine.energy, mine.forces, mine.virial);
    if (isfinite(*mine.energy)) continue;
    forget(&mine, eipnn_dataset_natoms(dataset, n));
    augmentation->eip[n] = -1;
    augmentation->weight[n] = 0;
    augmentation->selected--;
  }
  free(labels);
  return EIPNN_OK;
}
