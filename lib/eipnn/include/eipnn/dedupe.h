/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DEDUPE_H
#define EIPNN_DEDUPE_H

#include <eipnn/dataset.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Distances between configurations are those of their descriptors: the mean over atoms of a
   species-resolved power spectrum, scaled to length 1 (0: equal up to rotation, wrapping,
   repetition of the cell and order of the atoms; at most sqrt(2)). */
typedef struct eipnn_dedupe_options {
  double twin;   /* a configuration nearer than this to one that is kept is removed */
  double group;  /* nearer than this: the same group (single linkage) */
  double cutoff; /* of the descriptor, Angstrom */
} eipnn_dedupe_options;
/* twin 0.002, group 0.02, cutoff 6. */
void eipnn_dedupe_options_default(eipnn_dedupe_options *options);

typedef struct eipnn_dedupe_report {
  size_t removed;   /* configurations */
  size_t conflicts; /* of them with a DFT energy more than EIPNN_DEDUPE_CONFLICT from that of their twin */
  double largest_conflict; /* eV/atom */
  size_t groups;   /* among those kept */
  size_t largest;  /* configurations of the largest group */
} eipnn_dedupe_report;

/* Twins whose DFT energies differ by more (eV/atom) hint at different settings or energy zeros. */
#define EIPNN_DEDUPE_CONFLICT 0.05

/* A new dataset without near twins, in the order of `dataset`, its groups replaced by those found.
   Configurations with a DFT energy are kept rather than others, the first of equals.
   Takes time of order n^2 for n configurations, and memory for 28 s (8 s + 1) numbers of each, s
   being the number of species of the dataset. report may be NULL; on failure *unique is NULL. */
eipnn_status eipnn_dataset_dedupe(const eipnn_dataset *dataset, const eipnn_dedupe_options *options,
                                  eipnn_dataset **unique, eipnn_dedupe_report *report);

#ifdef __cplusplus
}
#endif
#endif
