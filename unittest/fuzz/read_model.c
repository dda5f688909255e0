/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Models, and the short look at any file that `eipnn info` takes first. */
#include "cli/file_kind.h"
#include "fuzz/h5_input.h"
#include "fuzz/small_model.h"

#include <eipnn/classifier.h>

#include <math.h>

/* A classifier: models of energies are read with their checkpoints. */
void fuzz_write_good(const char *path)
{
  static const char *const classes[] = {"edip", "sw", "none"};
  static const int species[] = {14};
  const eipnn_network_options options = small_network();
  eipnn_model *model;
  FUZZ_PROMISE(eipnn_classifier_create(&options, 1, species, 3, classes, EIPNN_POOLING_MEAN, 1,
                                       &model) == EIPNN_OK);
  FUZZ_PROMISE(eipnn_model_write(model, path) == EIPNN_OK);
  eipnn_model_free(&model);
}

int fuzz_read(const char *path)
{
  cli_file_kind kind;
  fuzz_check_status(cli_read_file_kind(path, &kind));
  eipnn_model *model;
  const eipnn_status status = eipnn_model_read(path, &model);
  fuzz_check_status(status);
  FUZZ_PROMISE((status == EIPNN_OK) == (model != NULL));
  if (!model) return 0;
  size_t count;
  const double *weights = eipnn_model_weights(model, &count);
  for (size_t k = 0; k < count; k++) FUZZ_PROMISE(isfinite(weights[k]));
  for (int head = 0; head < eipnn_model_head_count(model); head++)
    FUZZ_PROMISE(isfinite(eipnn_model_scale(model, head)) && eipnn_model_head_name(model, head)[0]);
  eipnn_model_free(&model);
  return 1;
}
