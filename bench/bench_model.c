/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Writes a SchNet of the benchmark's size (hidden 128, 5 layers, 50 Gaussians,
   cutoff 5 Angstrom) with random weights. The forces are scaled down so that a
   crystal stays one: speed does not depend on the weights. */

#include <eipnn/model.h>

#include <stdio.h>

static eipnn_status write_model(const char *path)
{
  eipnn_network_options options;
  eipnn_network_options_default(&options);
  options.cutoff = 5.0;
  options.hidden = 128;
  options.layers = 5;
  options.nradial = 50;
  const int silicon = 14;
  const char *head = "dft";
  const double shift = 0.0;
  eipnn_model *model = NULL;
  eipnn_status status = eipnn_model_create(&options, 1, &silicon, 1, &head, 42, &model);
  if (status == EIPNN_OK) status = eipnn_model_set_output(model, 0, 0.01, &shift);
  if (status == EIPNN_OK) status = eipnn_model_write(model, path);
  eipnn_model_free(&model);
  return status;
}

int main(int argc, char **argv)
{
  if (argc != 2) {
    fprintf(stderr, "usage: bench_model OUT.h5\n");
    return 2;
  }
  if (write_model(argv[1]) != EIPNN_OK) {
    fprintf(stderr, "bench_model: %s\n", eipnn_last_error());
    return 1;
  }
  return 0;
}
