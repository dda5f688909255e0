/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_FUZZ_SMALL_MODEL_H
#define EIPNN_FUZZ_SMALL_MODEL_H

#include "fuzz/fuzz.h"

#include <eipnn/model.h>

/* A SchNet of a few dozen weights, its scale other than 1. */
static inline eipnn_model *small_model(void)
{
  static const char *const heads[] = {"dft", "edip"};
  static const int species[] = {14, 47};
  static const double shift[] = {-1.5, -2.5};
  eipnn_network_options options;
  eipnn_model *model;
  eipnn_network_options_default(&options);
  options.hidden = 3;
  options.layers = 1;
  options.nradial = 4;
  FUZZ_PROMISE(eipnn_model_create(&options, 2, species, 2, heads, 1, &model) == EIPNN_OK);
  FUZZ_PROMISE(eipnn_model_set_output(model, 1, 0.5, shift) == EIPNN_OK);
  FUZZ_PROMISE(eipnn_model_set_history(model, "method", "mp") == EIPNN_OK);
  return model;
}

#endif
