/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/frame.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void eipnn_frame_clear(eipnn_frame *frame)
{
  memset(&frame->configuration, 0, sizeof frame->configuration);
  frame->configuration.tag = "";
  frame->has_forces = frame->has_virial = 0;
  frame->energy = NAN;
}

eipnn_status eipnn_frame_reserve(eipnn_frame *frame)
{
  const size_t needed = (size_t)frame->configuration.natoms + 1;
  EIPNN_TRY(
      eipnn_grow((void **)&frame->number, &frame->capacity[0], needed, sizeof *frame->number));
  EIPNN_TRY(
      eipnn_grow((void **)&frame->position, &frame->capacity[1], needed, sizeof *frame->position));
  return eipnn_grow((void **)&frame->forces, &frame->capacity[2], needed, sizeof *frame->forces);
}

eipnn_status eipnn_frame_append(const eipnn_frame *frame, eipnn_dataset *dataset)
{
  eipnn_configuration configuration = frame->configuration;
  configuration.number = frame->number;
  configuration.position = (const double(*)[3])frame->position;
  return eipnn_dataset_append(dataset, &configuration, frame->energy,
                              frame->has_forces ? (const double(*)[3])frame->forces : NULL,
                              frame->has_virial ? frame->virial : NULL);
}

void eipnn_frame_free(eipnn_frame *frame)
{
  free(frame->number);
  free(frame->position);
  free(frame->forces);
  memset(frame, 0, sizeof *frame);
}
