/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_FUZZ_SMALL_MODEL_H
#define EIPNN_FUZZ_SMALL_MODEL_H

#include "fuzz/fuzz.h"

#include <eipnn/model.h>

static inline eipnn_network_options small_network(void)
{
  eipnn_network_options options;
  eipnn_network_options_default(&options);
  options.hidden = 3;
  options.layers = 1;
  options.nradial = 4;
  return options;
}

/* A SchNet of a few dozen weights, its scale other than 1, with a baseline of one EIP. */
static inline eipnn_model *small_model(void)
{
  static const char *const heads[] = {"dft", "edip"};
  static const int species[] = {14, 47};
  static const double shift[] = {-1.5, -2.5};
  static const char *const eip[] = {"eip/edip"};
  static const double coefficient = 0.75;
  const eipnn_network_options options = small_network();
  eipnn_model *model;
  FUZZ_PROMISE(eipnn_model_create(&options, 2, species, 2, heads, 1, &model) == EIPNN_OK);
  FUZZ_PROMISE(eipnn_model_set_output(model, 1, 0.5, shift) == EIPNN_OK);
  FUZZ_PROMISE(eipnn_model_set_baseline(model, 1, eip, &coefficient) == EIPNN_OK);
  FUZZ_PROMISE(eipnn_model_set_baseline_source(model, 0, "EDIP_1") == EIPNN_OK);
  FUZZ_PROMISE(eipnn_model_set_history(model, "method", "mp") == EIPNN_OK);
  return model;
}

#endif
