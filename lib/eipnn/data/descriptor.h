/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DATA_DESCRIPTOR_H
#define EIPNN_DATA_DESCRIPTOR_H

#include "base/error.h"

#include <eipnn/dataset.h>

/* One vector per configuration that does not change under translation, rotation, reflection,
   permutation of like atoms, wrapping and repetition of the cell, and is smooth in the
   positions: the mean over atoms i of the power spectrum
     p_i[s n, s' n', l] = sum_jk w_n(r_ij) w_n'(r_ik) P_l(cos(jik)), j of species s, k of s',
   with Gaussians of the distance times a cosine cutoff as w_n, and the atom itself among its own
   neighbours; scaled to length 1 (delta-density form of Bartok, Kondor and Csanyi, Phys. Rev. B 87,
   184115 (2013)). */
typedef struct eipnn_descriptors {
  size_t count, length;
  double *value; /* [count][length] */
} eipnn_descriptors;

enum { EIPNN_DESCRIPTOR_RADIAL = 8, EIPNN_DESCRIPTOR_DEGREE = 6 };

/* Of every configuration, in the order given ([count] indices; NULL: that of the dataset). cutoff
   in Angstrom. On failure there is nothing to free. */
eipnn_status eipnn_descriptors_build(const eipnn_dataset *dataset, double cutoff,
                                     const size_t *order, eipnn_descriptors *descriptors);
void eipnn_descriptors_free(eipnn_descriptors *descriptors);

/* Real spherical harmonics of the direction v (any length > 0) up to degree
   EIPNN_DESCRIPTOR_DEGREE, scaled such that sum_m y_lm(u) y_lm(v) = P_l(u.v); y[l*l+l+m]. */
void eipnn_spherical_harmonics(
    const double v[3], double y[(EIPNN_DESCRIPTOR_DEGREE + 1) * (EIPNN_DESCRIPTOR_DEGREE + 1)]);

#endif
