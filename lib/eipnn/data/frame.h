/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DATA_FRAME_H
#define EIPNN_DATA_FRAME_H

/* One configuration with its labels while a text file is being read. Arrays are
   reused from frame to frame. */

#include "base/error.h"

#include <eipnn/dataset.h>

typedef struct eipnn_frame {
  eipnn_configuration configuration; /* number and position set by eipnn_frame_append */
  int *number;
  double (*position)[3];
  double (*forces)[3];
  size_t capacity[3];
  int has_forces, has_virial;
  double energy;
  double virial[6];
} eipnn_frame;

/* Back to no atoms, no labels; memory is kept. */
void eipnn_frame_clear(eipnn_frame *frame);
/* Room for one more atom behind configuration.natoms. */
eipnn_status eipnn_frame_reserve(eipnn_frame *frame);
eipnn_status eipnn_frame_append(const eipnn_frame *frame, eipnn_dataset *dataset);
void eipnn_frame_free(eipnn_frame *frame);

#endif
