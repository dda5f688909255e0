/* SPDX-License-Identifier: GPL-2.0-or-later */

/* SchNet through the public calculator against other implementations that hold
   the same weights: schnetpack, and the paper's padded variant in PyTorch. */

#include <eipnn/calculator.h>

#include <hdf5.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX_ATOMS 16
static const char *const configurations[] = {"si8", "si2_small_cell", "si4c4"};

typedef struct oracle {
  hid_t file;
  eipnn_model *model;
} oracle;

typedef struct reference {
  eipnn_configuration configuration;
  int number[MAX_ATOMS];
  double position[MAX_ATOMS][3];
  double energy, forces[MAX_ATOMS][3];
} reference;

static void check(eipnn_status status)
{
  if (status != EIPNN_OK) fail_msg("%s", eipnn_last_error());
}

/* Reads a dataset of at most capacity values; returns how many there are. */
static size_t read_array(hid_t place, const char *name, hid_t type, size_t capacity, void *values)
{
  hid_t set = H5Dopen2(place, name, H5P_DEFAULT);
  assert_true(set >= 0);
  hid_t space = H5Dget_space(set);
  size_t count = (size_t)H5Sget_simple_extent_npoints(space);
  assert_true(count <= capacity);
  assert_true(H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
  H5Sclose(space);
  H5Dclose(set);
  return count;
}

static void read_attribute(hid_t file, const char *name, hid_t type, void *value)
{
  hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
  assert_true(attribute >= 0);
  assert_true(H5Aread(attribute, type, value) >= 0);
  H5Aclose(attribute);
}

static void load_weights(oracle *oracle)
{
  size_t total;
  double *weights = eipnn_model_weights(oracle->model, &total);
  for (int k = 0; k < eipnn_model_parameter_count(oracle->model); k++) {
    const eipnn_parameter_info *info = eipnn_model_parameter(oracle->model, k);
    size_t expected = (size_t)info->rows * (size_t)info->cols;
    char path[256];
    snprintf(path, sizeof path, "weights/%s", info->path);
    assert_int_equal(
        read_array(oracle->file, path, H5T_NATIVE_DOUBLE, expected, weights + info->offset),
        expected);
  }
}

static void oracle_open(oracle *oracle, const char *name, const eipnn_network_options *variant)
{
  char path[512];
  snprintf(path, sizeof path, "%s/%s", EIPNN_ORACLES, name);
  oracle->file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
  assert_true(oracle->file >= 0);
  eipnn_network_options options = *variant;
  read_attribute(oracle->file, "cutoff", H5T_NATIVE_DOUBLE, &options.cutoff);
  read_attribute(oracle->file, "radial_gamma", H5T_NATIVE_DOUBLE, &options.radial_gamma);
  read_attribute(oracle->file, "hidden", H5T_NATIVE_INT, &options.hidden);
  read_attribute(oracle->file, "layers", H5T_NATIVE_INT, &options.layers);
  read_attribute(oracle->file, "nradial", H5T_NATIVE_INT, &options.nradial);
  int species[8];
  size_t nspecies = read_array(oracle->file, "species", H5T_NATIVE_INT, 8, species);
  const char *head = "dft";
  check(eipnn_model_create(&options, (int)nspecies, species, 1, &head, 1, &oracle->model));
  load_weights(oracle);
}

static void oracle_close(oracle *oracle)
{
  eipnn_model_free(&oracle->model);
  H5Fclose(oracle->file);
}

static void read_reference(hid_t file, const char *name, reference *reference)
{
  char path[64];
  snprintf(path, sizeof path, "configurations/%s", name);
  hid_t group = H5Gopen2(file, path, H5P_DEFAULT);
  assert_true(group >= 0);
  eipnn_configuration *configuration = &reference->configuration;
  configuration->natoms =
      (int)read_array(group, "number", H5T_NATIVE_INT, MAX_ATOMS, reference->number);
  read_array(group, "cell", H5T_NATIVE_DOUBLE, 9, configuration->cell);
  read_array(group, "position", H5T_NATIVE_DOUBLE, 3 * MAX_ATOMS, reference->position);
  read_array(group, "energy", H5T_NATIVE_DOUBLE, 1, &reference->energy);
  read_array(group, "forces", H5T_NATIVE_DOUBLE, 3 * MAX_ATOMS, reference->forces);
  for (int k = 0; k < 3; k++) configuration->pbc[k] = 1;
  configuration->number = reference->number;
  configuration->position = (const double(*)[3])reference->position;
  configuration->tag = "";
  H5Gclose(group);
}

/* Errors relative to the energy and to the largest force component. */
static void compare(eipnn_calculator *calculator, const reference *reference, double tolerance)
{
  double energy, forces[MAX_ATOMS][3], virial[6], largest = 0.0, worst = 0.0;
  memset(forces, 0, sizeof forces);
  check(eipnn_calculator_configuration(calculator, &reference->configuration, &energy, forces,
                                       virial));
  for (int i = 0; i < reference->configuration.natoms; i++)
    for (int k = 0; k < 3; k++) {
      largest = fmax(largest, fabs(reference->forces[i][k]));
      worst = fmax(worst, fabs(forces[i][k] - reference->forces[i][k]));
    }
  double difference = fabs(energy - reference->energy);
  if (!(difference <= tolerance * fabs(reference->energy)) || !(worst <= tolerance * largest))
    fail_msg("energy %.15g, expected %.15g; largest force error %g of %g", energy,
             reference->energy, worst, largest);
}

static void compare_all(const char *fixture, const eipnn_network_options *variant,
                        const char *backend, eipnn_precision precision, double tolerance)
{
  oracle oracle;
  oracle_open(&oracle, fixture, variant);
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = precision;
  options.table = 0;
  options.backend = backend;
  eipnn_calculator *calculator;
  check(eipnn_calculator_create(oracle.model, &options, &calculator));
  for (size_t k = 0; k < sizeof configurations / sizeof *configurations; k++) {
    reference reference;
    read_reference(oracle.file, configurations[k], &reference);
    compare(calculator, &reference, tolerance);
  }
  eipnn_calculator_free(&calculator);
  oracle_close(&oracle);
}

static eipnn_network_options schnetpack_variant(void)
{
  eipnn_network_options options;
  eipnn_network_options_default(&options);
  options.cutoff_function = EIPNN_CUTOFF_COSINE;
  options.residual = 1;
  options.filter_ssp = 0;
  options.padded = 0;
  return options;
}

static void schnetpack_ref(void **state)
{
  (void)state;
  eipnn_network_options variant = schnetpack_variant();
  compare_all("schnet_schnetpack.h5", &variant, "ref", EIPNN_PRECISION_DOUBLE, 1e-10);
}

static void schnetpack_double(void **state)
{
  (void)state;
  eipnn_network_options variant = schnetpack_variant();
  compare_all("schnet_schnetpack.h5", &variant, "cpu", EIPNN_PRECISION_DOUBLE, 1e-10);
}

static void schnetpack_single(void **state)
{
  (void)state;
  eipnn_network_options variant = schnetpack_variant();
  compare_all("schnet_schnetpack.h5", &variant, "cpu", EIPNN_PRECISION_SINGLE, 1e-5);
  compare_all("schnet_schnetpack.h5", &variant, "cpu", EIPNN_PRECISION_MIXED, 1e-5);
}

/* The paper's variant has energies and, being a function of positions, forces. */
static void padded(void **state)
{
  (void)state;
  eipnn_network_options variant = schnetpack_variant();
  variant.cutoff_function = EIPNN_CUTOFF_NONE;
  variant.residual = 0;
  variant.filter_ssp = 1;
  variant.padded = 1;
  compare_all("schnet_padded.h5", &variant, "ref", EIPNN_PRECISION_DOUBLE, 1e-10);
  compare_all("schnet_padded.h5", &variant, "cpu", EIPNN_PRECISION_DOUBLE, 1e-10);
  compare_all("schnet_padded.h5", &variant, "cpu", EIPNN_PRECISION_SINGLE, 1e-5);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(schnetpack_ref),
      cmocka_unit_test(schnetpack_double),
      cmocka_unit_test(schnetpack_single),
    cmocka_unit_test(padded),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
