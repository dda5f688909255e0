/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "silicon_crystal.h"

#include <eipnn/eip.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define LATTICE 5.431 /* Angstrom */
#define MOST_ATOMS 64
#define NEIPS 7

/* eV/atom in the order of potentials/eips/si.json: perfect crystal, perturbed
   crystal. From LAMMPS and an independent program on the KIM API. */
static const double reference_energy[NEIPS][2] = {
    {-4.64995333, -4.57277068}, {-4.60679461, -4.55167051}, {-4.63000000, -4.55256273},
    {-3.32222844, -3.26991058}, {-4.63041206, -4.56922292}, {-4.62972372, -4.56658061},
    {-4.62840616, -4.55023106},
};

static eipnn_eip_list *list;
static eipnn_eip *eips[NEIPS];

typedef struct crystal {
  eipnn_configuration configuration;
  int number[MOST_ATOMS];
  double position[MOST_ATOMS][3];
} crystal;

static void use_own_arrays(crystal *c, int natoms)
{
  for (int i = 0; i < natoms; i++) c->number[i] = 14;
  c->configuration.natoms = natoms;
  c->configuration.number = c->number;
  c->configuration.position = (const double(*)[3])c->position;
  c->configuration.tag = "";
  for (int k = 0; k < 3; k++) c->configuration.pbc[k] = 1;
}

/* n x n x n cubic cells of diamond. */
static void make_diamond(crystal *c, int n)
{
  static const double basis[8][3] = {{0, 0, 0},       {.5, .5, 0},     {.5, 0, .5},
                                     {0, .5, .5},     {.25, .25, .25}, {.75, .75, .25},
                                     {.75, .25, .75}, {.25, .75, .75}};
  int natoms = 0;
  memset(c, 0, sizeof *c);
  for (int cell = 0; cell < n * n * n; cell++) {
    const double corner[3] = {cell / (n * n), cell / n % n, cell % n};
    for (int b = 0; b < 8; b++, natoms++)
      for (int k = 0; k < 3; k++) c->position[natoms][k] = LATTICE * (corner[k] + basis[b][k]);
  }
  for (int k = 0; k < 3; k++) c->configuration.cell[k][k] = n * LATTICE;
  use_own_arrays(c, natoms);
}

static void make_perturbed(crystal *c)
{
  make_diamond(c, 2);
  memcpy(c->position, perturbed_silicon, sizeof perturbed_silicon);
}

/* A skewed cell far smaller than any cutoff, its two atoms off their places. */
static void make_skewed(crystal *c)
{
  memset(c, 0, sizeof *c);
  const double cell[3][3] = {{0.1, 2.75, 2.65}, {2.8, 0.05, 2.7}, {2.6, 2.75, -0.1}};
  memcpy(c->configuration.cell, cell, sizeof cell);
  c->position[1][0] = 1.45;
  c->position[1][1] = 1.28;
  c->position[1][2] = 1.40;
  use_own_arrays(c, 2);
}

static double energy_of(eipnn_eip *eip, const crystal *c)
{
  double energy = NAN;
  eipnn_status status = eipnn_eip_compute(eip, &c->configuration, &energy, NULL, NULL);
  if (status != EIPNN_OK) fail_msg("%s", eipnn_last_error());
  return energy;
}

static void close_to(double value, double expected, double tolerance, const char *what, int eip)
{
  if (!(fabs(value - expected) <= tolerance))
    fail_msg("%s, EIP %s: %.10f, expected %.10f", what, list->entry[eip].name, value, expected);
}

static void reproduces_reference_energies(void **state)
{
  (void)state;
  crystal perfect, perturbed;
  make_diamond(&perfect, 2);
  make_perturbed(&perturbed);
  for (int e = 0; e < NEIPS; e++) {
    close_to(energy_of(eips[e], &perfect) / 64, reference_energy[e][0], 1e-6, "perfect", e);
    close_to(energy_of(eips[e], &perturbed) / 64, reference_energy[e][1], 1e-6, "perturbed", e);
  }
}

/* A one-atom cell against its four-atom cube, diamond's two-atom cell against
   its 8- and 64-atom cubes. */
static void primitive_cells_equal_supercells(void **state)
{
  (void)state;
  crystal one, four, two, eight;
  make_diamond(&four, 1);
  memset(&one, 0, sizeof one);
  for (int k = 0; k < 3; k++)
    for (int l = 0; l < 3; l++) one.configuration.cell[k][l] = k == l ? 0 : LATTICE / 2;
  two = one;
  use_own_arrays(&four, 4); /* the first four atoms of the diamond cell are its fcc half */
  use_own_arrays(&one, 1);
  use_own_arrays(&two, 2);
  for (int k = 0; k < 3; k++) two.position[1][k] = LATTICE / 4;
  make_diamond(&eight, 1);
  for (int e = 0; e < NEIPS; e++) {
    close_to(energy_of(eips[e], &one), energy_of(eips[e], &four) / 4, 1e-9, "fcc", e);
    close_to(energy_of(eips[e], &two) / 2, energy_of(eips[e], &eight) / 8, 1e-9, "diamond", e);
    close_to(energy_of(eips[e], &two) / 2, reference_energy[e][0], 1e-6, "diamond", e);
  }
}

static void forces_are_derivatives(crystal *c, int e)
{
  double energy, forces[MOST_ATOMS][3], step = 1e-5;
  assert_true(eipnn_eip_has_forces(eips[e]));
  assert_int_equal(eipnn_eip_compute(eips[e], &c->configuration, &energy, forces, NULL), EIPNN_OK);
  close_to(energy, energy_of(eips[e], c), 1e-9, "energy with and without forces", e);
  for (int i = 0; i < c->configuration.natoms; i += 21)
    for (int k = 0; k < 3; k++) {
      double place = c->position[i][k];
      c->position[i][k] = place + step;
      double up = energy_of(eips[e], c);
      c->position[i][k] = place - step;
      double down = energy_of(eips[e], c);
      c->position[i][k] = place;
      close_to(forces[i][k], -(up - down) / (2 * step), 1e-6, "force", e);
    }
  for (int k = 0; k < 3; k++) {
    double sum = 0;
    for (int i = 0; i < c->configuration.natoms; i++) sum += forces[i][k];
    close_to(sum, 0, 1e-8, "total force", e);
  }
}

static void forces_match_differences(void **state)
{
  (void)state;
  crystal c;
  for (int e = 0; e < NEIPS; e++) {
    make_perturbed(&c);
    forces_are_derivatives(&c, e);
    make_skewed(&c);
    forces_are_derivatives(&c, e);
  }
}

/* The energy after the deformation x_b += strain x_a of cell and atoms. */
static double strained_energy(int e, const crystal *original, int a, int b, double strain)
{
  crystal c = *original;
  use_own_arrays(&c, original->configuration.natoms);
  for (int k = 0; k < 3; k++) c.configuration.cell[k][b] += strain * c.configuration.cell[k][a];
  for (int i = 0; i < c.configuration.natoms; i++) c.position[i][b] += strain * c.position[i][a];
  return energy_of(eips[e], &c);
}

static void virial_matches_strain_differences(void **state)
{
  (void)state;
  static const int component[6][2] = {{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}, {1, 2}};
  crystal c[2];
  make_perturbed(&c[0]);
  make_skewed(&c[1]);
  double step = 1e-6, energy, virial[6];
  for (int e = 0; e < NEIPS; e++)
    for (int m = 0; m < 2; m++) {
      assert_int_equal(eipnn_eip_compute(eips[e], &c[m].configuration, &energy, NULL, virial),
                       EIPNN_OK);
      for (int v = 0; v < 6; v++) {
        int a = component[v][0], b = component[v][1];
        double slope =
            (strained_energy(e, &c[m], a, b, step) - strained_energy(e, &c[m], a, b, -step)) /
            (2 * step);
        close_to(virial[v], -slope, 1e-5, "virial", e);
      }
    }
}

static void compressed_crystal_has_positive_virial(void **state)
{
  (void)state;
  crystal c;
  make_diamond(&c, 1);
  for (int i = 0; i < 8; i++)
    for (int k = 0; k < 3; k++) c.position[i][k] *= 0.95;
  for (int k = 0; k < 3; k++) c.configuration.cell[k][k] *= 0.95;
  double energy, virial[6];
  assert_int_equal(eipnn_eip_compute(eips[0], &c.configuration, &energy, NULL, virial), EIPNN_OK);
  assert_true(virial[0] > 1 && virial[1] > 1 && virial[2] > 1);
  assert_true(fabs(virial[3]) < 1e-8);
}

/* Free atom, cluster and slab equal the same in a box with much vacuum. */
static void open_boundaries(void **state)
{
  (void)state;
  crystal open, boxed;
  for (int e = 0; e < NEIPS; e++) {
    make_perturbed(&open);
    use_own_arrays(&open, 1);
    memset(open.configuration.pbc, 0, sizeof open.configuration.pbc);
    close_to(energy_of(eips[e], &open), 0, 1e-12, "free atom", e);
    for (int periodic = 0; periodic < 3; periodic++) {
      make_perturbed(&open);
      make_perturbed(&boxed);
      for (int k = periodic; k < 3; k++) {
        open.configuration.pbc[k] = 0;
        boxed.configuration.cell[k][k] += 30;
      }
      close_to(energy_of(eips[e], &open), energy_of(eips[e], &boxed), 1e-8, "open", e);
    }
  }
}

static void wrapping_does_not_matter(void **state)
{
  (void)state;
  crystal c, moved;
  make_skewed(&c);
  moved = c;
  use_own_arrays(&moved, 2);
  double energy, shifted, forces[2][3], forces2[2][3], virial[6], virial2[6];
  for (int k = 0; k < 3; k++)
    moved.position[1][k] += 3 * c.configuration.cell[0][k] - 2 * c.configuration.cell[2][k];
  for (int e = 0; e < NEIPS; e++) {
    assert_int_equal(eipnn_eip_compute(eips[e], &c.configuration, &energy, forces, virial),
                     EIPNN_OK);
    assert_int_equal(eipnn_eip_compute(eips[e], &moved.configuration, &shifted, forces2, virial2),
                     EIPNN_OK);
    close_to(shifted, energy, 1e-8, "energy", e);
    for (int k = 0; k < 3; k++) close_to(forces2[1][k], forces[1][k], 1e-7, "force", e);
    for (int k = 0; k < 6; k++) close_to(virial2[k], virial[k], 1e-6, "virial", e);
  }
}

static void expect_open_error(const char *provider, const char *model, int species,
                              eipnn_status expected, const char *text)
{
  eipnn_eip_entry entry = {.name = "probe", .nspecies = 1, .species = {species}};
  snprintf(entry.provider, sizeof entry.provider, "%s", provider);
  snprintf(entry.model, sizeof entry.model, "%s", model);
  eipnn_eip *eip = NULL;
  assert_int_equal(eipnn_eip_open(&entry, &eip), expected);
  assert_null(eip);
  if (!strstr(eipnn_last_error(), text) || !strstr(eipnn_last_error(), "EIP probe"))
    fail_msg("\"%s\" lacks \"%s\"", eipnn_last_error(), text);
}

static void models_that_cannot_be_opened(void **state)
{
  (void)state;
  const char *edip = list->entry[0].model;
  expect_open_error("kim", "No_Such_Model__MO_000000000000_000", 14, EIPNN_ERROR_ARGUMENT,
                    "No_Such_Model__MO_000000000000_000 is not installed");
  expect_open_error("kim", "", 14, EIPNN_ERROR_ARGUMENT, "is not installed");
  expect_open_error("kim", "../../etc/passwd", 14, EIPNN_ERROR_ARGUMENT, "is not installed");
  expect_open_error("kim", edip, 13, EIPNN_ERROR_ARGUMENT, "does not know the species Al");
  expect_open_error("kim", edip, 0, EIPNN_ERROR_ARGUMENT, "0 is not an atomic number");
  expect_open_error("kim",
                    "Sim_LAMMPS_ModifiedTersoff_KumagaiIzumiHara_2007_Si__SM_773333226968_000", 14,
                    EIPNN_ERROR_UNSUPPORTED, "simulator model");
}

static void configurations_that_cannot_be_evaluated(void **state)
{
  (void)state;
  crystal c;
  double energy = 7, forces[MOST_ATOMS][3], virial[6] = {7, 7, 7, 7, 7, 7};
  forces[0][0] = 7;
  make_skewed(&c);
  c.number[1] = 13;
  assert_int_equal(eipnn_eip_compute(eips[0], &c.configuration, &energy, forces, virial),
                   EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "species Al"));
  make_skewed(&c);
  memcpy(c.position[1], c.position[0], sizeof c.position[0]);
  assert_int_equal(eipnn_eip_compute(eips[0], &c.configuration, &energy, forces, virial),
                   EIPNN_ERROR_NUMERIC);
  make_skewed(&c);
  c.position[1][1] = NAN;
  assert_int_equal(eipnn_eip_compute(eips[0], &c.configuration, &energy, forces, virial),
                   EIPNN_ERROR_NUMERIC);
  make_skewed(&c);
  memset(c.configuration.cell, 0, sizeof c.configuration.cell);
  assert_int_equal(eipnn_eip_compute(eips[0], &c.configuration, &energy, forces, virial),
                   EIPNN_ERROR_NUMERIC);
  c.configuration.natoms = 0;
  assert_int_equal(eipnn_eip_compute(eips[0], &c.configuration, &energy, forces, virial),
                   EIPNN_ERROR_ARGUMENT);
  assert_true(energy == 7 && forces[0][0] == 7 && virial[5] == 7);
  make_diamond(&c, 1); /* and goes on working */
  close_to(energy_of(eips[0], &c) / 8, reference_energy[0][0], 1e-6, "after failures", 0);
}

static void tells_about_itself(void **state)
{
  (void)state;
  assert_int_equal(eipnn_eip_covers(eips[0], 14), 1);
  assert_int_equal(eipnn_eip_covers(eips[0], 6), 0);
  assert_int_equal(strncmp(eipnn_eip_version(eips[0]), "KIM API 2", 9), 0);
}

/* KIM's own log would fill the user's folder. Runs last. */
static void leaves_no_log(void **state)
{
  (void)state;
  FILE *stream = fopen("kim.log", "r");
  if (stream) fclose(stream);
  assert_null(stream);
}

static int open_all(void **state)
{
  (void)state;
  remove("kim.log");
  if (eipnn_eip_list_read(SILICON_LIST, &list) != EIPNN_OK) return -1;
  for (int e = 0; e < NEIPS; e++)
    if (eipnn_eip_open(&list->entry[e], &eips[e]) != EIPNN_OK) {
      print_error("%s\n", eipnn_last_error());
      return -1;
    }
  return 0;
}

static int close_all(void **state)
{
  (void)state;
  for (int e = 0; e < NEIPS; e++) eipnn_eip_close(&eips[e]);
  eipnn_eip_list_free(&list);
  return 0;
}

static void absent_providers_are_named(void **state)
{
  (void)state;
  assert_int_equal(eipnn_eip_provider_available("lammps"), 0);
  assert_int_equal(eipnn_eip_provider_available("asap"), 0);
  expect_open_error("lammps", "", 14, EIPNN_ERROR_UNSUPPORTED, "LAMMPS");
  expect_open_error("asap", "", 14, EIPNN_ERROR_ARGUMENT, "known: kim, lammps");
  if (!eipnn_eip_provider_available("kim"))
    expect_open_error("kim", "EDIP", 14, EIPNN_ERROR_UNSUPPORTED, "install libkim-api-dev");
}

int main(void)
{
  const struct CMUnitTest any[] = {cmocka_unit_test(absent_providers_are_named)};
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reproduces_reference_energies),
      cmocka_unit_test(primitive_cells_equal_supercells),
      cmocka_unit_test(forces_match_differences),
      cmocka_unit_test(virial_matches_strain_differences),
      cmocka_unit_test(compressed_crystal_has_positive_virial),
      cmocka_unit_test(open_boundaries),
      cmocka_unit_test(wrapping_does_not_matter),
      cmocka_unit_test(models_that_cannot_be_opened),
      cmocka_unit_test(configurations_that_cannot_be_evaluated),
      cmocka_unit_test(tells_about_itself),
      cmocka_unit_test(leaves_no_log),
  };
  int failed = cmocka_run_group_tests(any, NULL, NULL);
  if (!eipnn_eip_provider_available("kim")) {
    printf("skipped: built without the KIM API\n");
    return failed ? failed : 77;
  }
  return failed + cmocka_run_group_tests(tests, open_all, close_all);
}
