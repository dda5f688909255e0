/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Configurations per second of training on energies, or on energies and forces: batches of 32
   configurations of 64 silicon atoms, SchNet with hidden 128, 5 layers, 50 Gaussians, cutoff
   5 Angstrom, single precision. Two runs of different length; their difference leaves out all
   setting up.
     bench_training [steps] [backend] [energies|forces] */

#include "silicon.h"
#include "thread_clock.h"

#include <eipnn/train.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 32, REPEAT = 2, ATOMS = 8 * REPEAT * REPEAT * REPEAT };

static eipnn_status fill(eipnn_dataset *dataset, uint8_t **role)
{
  static const double forces[ATOMS][3];
  double position[ATOMS][3];
  int number[ATOMS];
  unsigned seed = 1;
  eipnn_configuration configuration = {.natoms = ATOMS, .pbc = {1, 1, 1}, .tag = "bench"};
  for (int atom = 0; atom < ATOMS; atom++) number[atom] = 14;
  for (int k = 0; k < 3; k++) configuration.cell[k][k] = SILICON_CELL * REPEAT;
  configuration.number = number;
  configuration.position = (const double(*)[3])position;
  for (int index = 0; index < BATCH + 1; index++) {
    silicon_crystal(REPEAT, &seed, position);
    eipnn_status status =
        eipnn_dataset_append(dataset, &configuration, -5.0 * ATOMS + 0.001 * index, forces, NULL);
    if (status != EIPNN_OK) return status;
  }
  eipnn_status status = eipnn_dataset_add_split(dataset, "bench", role);
  for (int index = 0; status == EIPNN_OK && index < BATCH + 1; index++)
    (*role)[index] = index < BATCH ? EIPNN_ROLE_TRAIN : EIPNN_ROLE_VALIDATION;
  return status;
}

static eipnn_status create_model(eipnn_model **model)
{
  eipnn_network_options options;
  eipnn_network_options_default(&options);
  options.cutoff = 5.0;
  options.hidden = 128;
  options.layers = 5;
  options.nradial = 50;
  const int silicon = 14;
  const char *head = "dft";
  return eipnn_model_create(&options, 1, &silicon, 1, &head, 42, model);
}

static eipnn_train_options common_options(const char *backend, int forces)
{
  eipnn_train_options options;
  eipnn_train_options_default(&options);
  options.split = "bench";
  options.batch = BATCH;
  options.precision = EIPNN_PRECISION_SINGLE;
  options.backend = backend;
  options.force_weight = forces ? 0.1 : 0.0;
  return options;
}

static eipnn_status timed_run(eipnn_model *model, const eipnn_dataset *dataset,
                              eipnn_train_options options, int64_t steps, double *elapsed)
{
  eipnn_train_summary summary;
  options.steps = options.validate_every = steps;
  double start = wall_seconds();
  eipnn_status status = eipnn_train(model, dataset, &options, NULL, &summary);
  *elapsed = wall_seconds() - start;
  return status;
}

static eipnn_status measure(const eipnn_train_options *options, int64_t steps, double *rate)
{
  eipnn_dataset *dataset = NULL;
  eipnn_model *model = NULL;
  uint8_t *role;
  double brief = 0.0, full = 0.0;
  eipnn_status status = eipnn_dataset_create(&dataset);
  if (status == EIPNN_OK) status = fill(dataset, &role);
  if (status == EIPNN_OK) status = create_model(&model);
  if (status == EIPNN_OK) status = timed_run(model, dataset, *options, 2, &brief);
  if (status == EIPNN_OK) status = timed_run(model, dataset, *options, 2 + steps, &full);
  *rate = (double)(BATCH * steps) / (full - brief);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
  return status;
}

int main(int argc, char **argv)
{
  int64_t steps = argc > 1 ? strtoll(argv[1], NULL, 10) : 20;
  const char *labels = argc > 3 ? argv[3] : "energies";
  const int forces = strcmp(labels, "forces") == 0;
  double rate;
  if (steps < 1 || (!forces && strcmp(labels, "energies") != 0)) {
    fprintf(stderr, "usage: bench_training [steps] [backend] [energies|forces]\n");
    return 2;
  }
  const eipnn_train_options options = common_options(argc > 2 ? argv[2] : "cpu", forces);
  if (measure(&options, steps, &rate) != EIPNN_OK) {
    fprintf(stderr, "bench_training: %s\n", eipnn_last_error());
    return 1;
  }
  printf("%.6g\n", rate);
  return 0;
}
