/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small models with random weights for the LAMMPS tests:
     make_models FOLDER    writes si.h5, si2.h5 (another seed), sige.h5, padded.h5,
                           heads.h5 (two heads, as pretraining leaves them) and
                           classifier.h5 (the same as classes), delta.h5 (delta learning on
                           two sw potentials) and kim.h5 (on one of KIM and one unknown) */
#include <eipnn/calculator.h>
#include <eipnn/classifier.h>

#include <math.h>
#include <stdio.h>

/* Root mean square force component of a distorted diamond cell, eV/A. */
static eipnn_status typical_force(const eipnn_model *model, double *rms)
{
  static const double site[8][3] = {{0, 0, 0}, {0, 2, 2}, {2, 0, 2}, {2, 2, 0},
                                    {1, 1, 1}, {1, 3, 3}, {3, 1, 3}, {3, 3, 1}};
  const double a = 5.43;
  double position[8][3], forces[8][3], energy;
  int number[8];
  for (int i = 0; i < 8; i++) {
    number[i] = eipnn_model_species(model)[i % eipnn_model_species_count(model)];
    for (int k = 0; k < 3; k++) position[i][k] = a / 4 * site[i][k] + 0.2 * sin(3.0 * i + k);
  }
  const eipnn_configuration configuration = {8,      {{a, 0, 0}, {0, a, 0}, {0, 0, a}}, {1, 1, 1},
                                             number, (const double(*)[3])position,      ""};
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = EIPNN_PRECISION_DOUBLE;
  eipnn_calculator *calculator = NULL;
  eipnn_status status = eipnn_calculator_create(model, &options, &calculator);
  if (status == EIPNN_OK)
    status = eipnn_calculator_configuration(calculator, &configuration, &energy, forces, NULL);
  eipnn_calculator_free(&calculator);
  double sum = 0.0;
  for (int i = 0; i < 8 && status == EIPNN_OK; i++)
    for (int k = 0; k < 3; k++) sum += forces[i][k] * forces[i][k];
  *rms = sqrt(sum / 24);
  return status;
}

/* Forces of order 1 eV/A on the distorted cell. */
static eipnn_status make(const char *folder, const char *name, int nspecies, unsigned seed,
                         int padded)
{
  const int species[2] = {14, 32};
  const double shift[2] = {-4.0, -3.5};
  const char *const heads[1] = {"dft"};
  eipnn_network_options network;
  eipnn_network_options_default(&network);
  network.cutoff = 4.5;
  network.hidden = 16;
  network.layers = 2;
  network.padded = padded;
  eipnn_model *model = NULL;
  double rms = 1.0;
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  eipnn_status status = eipnn_model_create(&network, nspecies, species, 1, heads, seed, &model);
  if (status == EIPNN_OK && !padded) status = typical_force(model, &rms);
  if (status == EIPNN_OK) status = eipnn_model_set_output(model, 0, 1.0 / rms, shift);
  if (status == EIPNN_OK) status = eipnn_model_write(model, path);
  eipnn_model_free(&model);
  return status;
}

static eipnn_status make_heads(const char *folder, int classes)
{
  const int silicon = 14;
  const char *const heads[2] = {"edip", "tersoff_t2"};
  eipnn_network_options network;
  eipnn_network_options_default(&network);
  network.hidden = 8;
  network.layers = 1;
  eipnn_model *model = NULL;
  char path[1024];
  snprintf(path, sizeof path, "%s/%s.h5", folder, classes ? "classifier" : "heads");
  eipnn_status status = classes ? eipnn_classifier_create(&network, 1, &silicon, 2, heads,
                                                          EIPNN_POOLING_SUM, 5, &model)
                                : eipnn_model_create(&network, 1, &silicon, 2, heads, 5, &model);
  if (status == EIPNN_OK) status = eipnn_model_write(model, path);
  eipnn_model_free(&model);
  return status;
}

static eipnn_status make_delta(const char *folder, const char *name, const char *first,
                               const char *second)
{
  const char *const names[2] = {"eip/sw", "eip/other"};
  const double coefficients[2] = {0.6, -0.25};
  eipnn_model *model = NULL;
  char path[1024];
  snprintf(path, sizeof path, "%s/si.h5", folder);
  eipnn_status status = eipnn_model_read(path, &model);
  if (status == EIPNN_OK) status = eipnn_model_set_baseline(model, 2, names, coefficients);
  if (status == EIPNN_OK) status = eipnn_model_set_baseline_source(model, 0, first);
  if (status == EIPNN_OK) status = eipnn_model_set_baseline_source(model, 1, second);
  snprintf(path, sizeof path, "%s/%s", folder, name);
  if (status == EIPNN_OK) status = eipnn_model_write(model, path);
  eipnn_model_free(&model);
  return status;
}

int main(int argc, char **argv)
{
  if (argc != 2) {
    fprintf(stderr, "usage: make_models FOLDER\n");
    return 2;
  }
  if (make(argv[1], "si.h5", 1, 1, 0) != EIPNN_OK || make(argv[1], "si2.h5", 1, 2, 0) != EIPNN_OK ||
      make(argv[1], "sige.h5", 2, 3, 0) != EIPNN_OK ||
      make(argv[1], "padded.h5", 1, 4, 1) != EIPNN_OK || make_heads(argv[1], 0) != EIPNN_OK ||
      make_heads(argv[1], 1) != EIPNN_OK ||
      make_delta(argv[1], "delta.h5", "lammps pair_style sw; pair_coeff * * first.sw Si",
                 "lammps pair_style sw; pair_coeff * * second.sw Si") != EIPNN_OK ||
      make_delta(argv[1], "kim.h5", "kim SW_Model__MO_1", "") != EIPNN_OK) {
    fprintf(stderr, "make_models: %s\n", eipnn_last_error());
    return 1;
  }
  return 0;
}
