/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_EIP_LAMMPS_FRAME_H
#define EIPNN_EIP_LAMMPS_FRAME_H

#include <eipnn/dataset.h>

/* A configuration in the coordinates of LAMMPS: a fully periodic prism with its corner
   at the origin, a = (lx, 0, 0), b = (xy, ly, 0), c = (xz, yz, lz), tilts at most half a
   length. Directions without periodicity get 50 Angstrom of vacuum. */
typedef struct eipnn_lammps_frame {
  double axis[3][3]; /* rows: LAMMPS' x, y, z in the configuration's coordinates; may mirror */
  double box[3][3];  /* rows: a, b, c, in LAMMPS' coordinates */
  double (*position)[3]; /* [natoms] LAMMPS' coordinates, in the box, clear of its faces */
  size_t capacity;
} eipnn_lammps_frame;

/* Start from a zeroed struct; the array is reused. EIPNN_ERROR_NUMERIC for a singular
   cell and coordinates that are not finite. */
eipnn_status eipnn_lammps_frame_set(eipnn_lammps_frame *frame,
                                    const eipnn_configuration *configuration);
void eipnn_lammps_frame_free(eipnn_lammps_frame *frame);

/* A vector and a symmetric tensor (xx yy zz xy xz yz) of LAMMPS in the configuration's
   coordinates. */
void eipnn_lammps_frame_vector_back(const eipnn_lammps_frame *frame, const double in[3],
                                    double out[3]);
void eipnn_lammps_frame_tensor_back(const eipnn_lammps_frame *frame, const double in[6],
                                    double out[6]);

#endif
