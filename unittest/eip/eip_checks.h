/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_UNITTEST_EIP_CHECKS_H
#define EIPNN_UNITTEST_EIP_CHECKS_H

#include <eipnn/eip.h>

/* Small crystals, and what must hold for every EIP on them whatever its provider. */

#define SILICON_LATTICE 5.431 /* Angstrom */
#define MOST_ATOMS 108

typedef struct crystal {
  eipnn_configuration configuration;
  int number[MOST_ATOMS];
  double position[MOST_ATOMS][3];
} crystal;

/* Silicon atoms in the crystal's own arrays, periodic. Needed again for a copied crystal. */
void crystal_use_own_arrays(crystal *c, int natoms);
/* n x n x n cubic cells of diamond. */
void crystal_make_diamond(crystal *c, int n);
/* 64 atoms, see silicon_crystal.h */
void crystal_make_perturbed(crystal *c);
/* A skewed, left-handed cell far smaller than any cutoff, its two atoms off their places. */
void crystal_make_skewed(crystal *c);
/* 3 x 3 x 3 cubic cells of fcc, 108 atoms of the two species in turn by a fixed generator,
   displaced uniformly within the amplitude, Angstrom. */
void crystal_make_fcc(crystal *c, double lattice, int first, int second, double amplitude);

double eip_energy(eipnn_eip *eip, const crystal *c);
void close_to(double value, double expected, double tolerance, const char *what, const char *name);

/* Some forces against central differences, their sum against zero. */
void check_forces(eipnn_eip *eip, const char *name, crystal *c);
/* All components against central differences of strains. */
void check_virial(eipnn_eip *eip, const char *name, const crystal *c);
/* Free atom, cluster, wire and slab equal the same in a box with much vacuum. */
void check_open_boundaries(eipnn_eip *eip, const char *name);
/* Atoms moved by lattice vectors change nothing. */
void check_wrapping(eipnn_eip *eip, const char *name);

#endif
