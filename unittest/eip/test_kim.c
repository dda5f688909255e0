/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eip_checks.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NEIPS 7 /* of potentials/eips/si.json; the eighth has provider lammps */

/* eV/atom in the order of potentials/eips/si.json: perfect crystal, perturbed
   crystal. From LAMMPS and an independent program on the KIM API. */
static const double reference_energy[NEIPS][2] = {
    {-4.64995333, -4.57277068}, {-4.60679461, -4.55167051}, {-4.63000000, -4.55256273},
    {-3.32222844, -3.26991058}, {-4.63041206, -4.56922292}, {-4.62972372, -4.56658061},
    {-4.62840616, -4.55023106},
};

static eipnn_eip_list *list;
static eipnn_eip *eips[NEIPS];

static double energy_of(int e, const crystal *c)
{
  return eip_energy(eips[e], c);
}

static const char *name_of(int e)
{
  return list->entry[e].name;
}

static void reproduces_reference_energies(void **state)
{
  (void)state;
  crystal perfect, perturbed;
  crystal_make_diamond(&perfect, 2);
  crystal_make_perturbed(&perturbed);
  for (int e = 0; e < NEIPS; e++) {
    close_to(energy_of(e, &perfect) / 64, reference_energy[e][0], 1e-6, "perfect", name_of(e));
    close_to(energy_of(e, &perturbed) / 64, reference_energy[e][1], 1e-6, "perturbed", name_of(e));
  }
}

/* A one-atom cell against its four-atom cube, diamond's two-atom cell against
   its 8- and 64-atom cubes. */
static void primitive_cells_equal_supercells(void **state)
{
  (void)state;
  crystal one, four, two, eight;
  crystal_make_diamond(&four, 1);
  memset(&one, 0, sizeof one);
  for (int k = 0; k < 3; k++)
    for (int l = 0; l < 3; l++) one.configuration.cell[k][l] = k == l ? 0 : SILICON_LATTICE / 2;
  two = one;
  crystal_use_own_arrays(&four, 4); /* the first four atoms of the diamond cell are its fcc half */
  crystal_use_own_arrays(&one, 1);
  crystal_use_own_arrays(&two, 2);
  for (int k = 0; k < 3; k++) two.position[1][k] = SILICON_LATTICE / 4;
  crystal_make_diamond(&eight, 1);
  for (int e = 0; e < NEIPS; e++) {
    close_to(energy_of(e, &one), energy_of(e, &four) / 4, 1e-9, "fcc", name_of(e));
    close_to(energy_of(e, &two) / 2, energy_of(e, &eight) / 8, 1e-9, "diamond", name_of(e));
    close_to(energy_of(e, &two) / 2, reference_energy[e][0], 1e-6, "diamond", name_of(e));
  }
}

static void forces_match_differences(void **state)
{
  (void)state;
  crystal c;
  for (int e = 0; e < NEIPS; e++) {
    crystal_make_perturbed(&c);
    check_forces(eips[e], name_of(e), &c);
    crystal_make_skewed(&c);
    check_forces(eips[e], name_of(e), &c);
  }
}

static void virial_matches_strain_differences(void **state)
{
  (void)state;
  crystal c[2];
  crystal_make_perturbed(&c[0]);
  crystal_make_skewed(&c[1]);
  for (int e = 0; e < NEIPS; e++)
    for (int m = 0; m < 2; m++) check_virial(eips[e], name_of(e), &c[m]);
}

static void compressed_crystal_has_positive_virial(void **state)
{
  (void)state;
  crystal c;
  crystal_make_diamond(&c, 1);
  for (int i = 0; i < 8; i++)
    for (int k = 0; k < 3; k++) c.position[i][k] *= 0.95;
  for (int k = 0; k < 3; k++) c.configuration.cell[k][k] *= 0.95;
  double energy, virial[6];
  assert_int_equal(eipnn_eip_compute(eips[0], &c.configuration, &energy, NULL, virial), EIPNN_OK);
  assert_true(virial[0] > 1 && virial[1] > 1 && virial[2] > 1);
  assert_true(fabs(virial[3]) < 1e-8);
}

static void open_boundaries(void **state)
{
  (void)state;
  for (int e = 0; e < NEIPS; e++) check_open_boundaries(eips[e], name_of(e));
}

static void wrapping_does_not_matter(void **state)
{
  (void)state;
  for (int e = 0; e < NEIPS; e++) check_wrapping(eips[e], name_of(e));
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
  crystal_make_skewed(&c);
  c.number[1] = 13;
  assert_int_equal(eipnn_eip_compute(eips[0], &c.configuration, &energy, forces, virial),
                   EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "species Al"));
  crystal_make_skewed(&c);
  memcpy(c.position[1], c.position[0], sizeof c.position[0]);
  assert_int_equal(eipnn_eip_compute(eips[0], &c.configuration, &energy, forces, virial),
                   EIPNN_ERROR_NUMERIC);
  crystal_make_skewed(&c);
  c.position[1][1] = NAN;
  assert_int_equal(eipnn_eip_compute(eips[0], &c.configuration, &energy, forces, virial),
                   EIPNN_ERROR_NUMERIC);
  crystal_make_skewed(&c);
  memset(c.configuration.cell, 0, sizeof c.configuration.cell);
  assert_int_equal(eipnn_eip_compute(eips[0], &c.configuration, &energy, forces, virial),
                   EIPNN_ERROR_NUMERIC);
  c.configuration.natoms = 0;
  assert_int_equal(eipnn_eip_compute(eips[0], &c.configuration, &energy, forces, virial),
                   EIPNN_ERROR_ARGUMENT);
  assert_true(energy == 7 && forces[0][0] == 7 && virial[5] == 7);
  crystal_make_diamond(&c, 1); /* and goes on working */
  close_to(energy_of(0, &c) / 8, reference_energy[0][0], 1e-6, "after failures", name_of(0));
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
  assert_int_equal(eipnn_eip_provider_available("lammps"), 1);
  assert_int_equal(eipnn_eip_provider_available("asap"), 0);
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
