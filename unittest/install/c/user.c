/* SPDX-License-Identifier: GPL-2.0-or-later */

/* A user's C11 program: a network with random weights on a silicon dimer. */

#include <eipnn/calculator.h>
#include <eipnn/dataset.h>
#include <eipnn/eip.h>
#include <eipnn/model.h>
#include <eipnn/neighbor.h>
#include <eipnn/parallel.h>
#include <eipnn/status.h>
#include <eipnn/train.h>

#include <math.h>
#include <stdio.h>

static eipnn_status evaluate(const eipnn_model *model, double *energy)
{
  const int number[2] = {14, 14};
  const double position[2][3] = {{0.0, 0.0, 0.0}, {2.3, 0.0, 0.0}};
  const eipnn_configuration dimer = {.natoms = 2,
                                     .cell = {{10, 0, 0}, {0, 10, 0}, {0, 0, 10}},
                                     .pbc = {1, 1, 1},
                                     .number = number,
                                     .position = position,
                                     .tag = "dimer"};
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  eipnn_calculator *calculator = NULL;
  eipnn_status status = eipnn_calculator_create(model, &options, &calculator);
  if (status == EIPNN_OK)
    status = eipnn_calculator_configuration(calculator, &dimer, energy, NULL, NULL);
  eipnn_calculator_free(&calculator);
  return status;
}

int main(void)
{
  eipnn_network_options network;
  eipnn_network_options_default(&network);
  network.hidden = 16;
  network.layers = 2;
  const int silicon = 14;
  const char *head = "dft";
  eipnn_model *model = NULL;
  double energy = NAN;
  eipnn_status status = eipnn_model_create(&network, 1, &silicon, 1, &head, 42, &model);
  if (status == EIPNN_OK) status = evaluate(model, &energy);
  eipnn_model_free(&model);
  if (status != EIPNN_OK || !isfinite(energy)) {
    fprintf(stderr, "%s: %s\n", eipnn_status_name(status), eipnn_last_error());
    return 1;
  }
  printf("energy %g eV\n", energy);
  return 0;
}
