/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_POOL_H
#define EIPNN_POOL_H

#include <eipnn/dataset.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Structures without DFT labels, made for the unlabelled pool. */

typedef struct eipnn_perturb_options {
  int64_t copies;        /* of each configuration */
  double strain;         /* S: the six entries of the symmetric strain are uniform in [-S, S]; 0 to 0.3 */
  double rattle;         /* Angstrom: standard deviation of the normal displacement of every coordinate */
  double volume_minimum; /* volumes are scaled by a factor uniform in [volume_minimum, volume_maximum], */
  double volume_maximum; /* before the strain */
  int supercell[3];      /* repeats along the lattice vectors, where they are periodic */
  int64_t max_atoms;     /* repeats are lowered until a copy has no more, larger sources left out; 0: no limit */
  double min_distance;   /* Angstrom: no two atoms of a copy are closer, */
  double min_fraction;   /* nor closer than this times the shortest distance of the source; 0 to 1 */
  int shuffle;           /* 1: the atomic numbers are permuted at random among the sites */
  uint64_t seed;
} eipnn_perturb_options;
/* copies 10, strain 0.05, rattle 0.1, volume unchanged, no supercell, no limit of atoms, min_fraction 0.7. */
void eipnn_perturb_options_default(eipnn_perturb_options *options);

typedef struct eipnn_perturb_report {
  size_t copies;    /* appended */
  size_t redrawn;   /* draws thrown away because atoms came too close */
  size_t given_up;  /* copies not made: no draw of EIPNN_PERTURB_DRAWS kept the distance */
  size_t too_large; /* source configurations with more than max_atoms */
} eipnn_perturb_report;

enum { EIPNN_PERTURB_DRAWS = 100 };

/* Appends to pool the strained, rattled copies of every configuration of source (another dataset),
   without labels, tagged "perturbed:<index in source>:<tag of the source>". Each source
   configuration draws from its own stream of the seed. report may be NULL. On failure pool is as
   it was. */
eipnn_status eipnn_dataset_perturb(const eipnn_dataset *source, const eipnn_perturb_options *options,
                                   eipnn_dataset *pool, eipnn_perturb_report *report);

/* Appends the crystal prototypes of a material, near their equilibrium volumes, tagged with their names:
   "si" (bc8, bcc, beta-sn, diamond, fcc, graphite, hcp, hexagonal-diamond, sc, sh), "al" (fcc, hcp,
   dhcp, bcc, sc, diamond), "agau" (fcc, hcp, bcc of both metals, L1_2, L1_0, B2). */
eipnn_status eipnn_dataset_append_prototypes(eipnn_dataset *dataset, const char *material);

#ifdef __cplusplus
}
#endif
#endif
