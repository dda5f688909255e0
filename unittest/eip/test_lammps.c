/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "eip_checks.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define WRAPPER "./test_lammps_wrapper.sh"
#define STARTS "test_lammps_starts"

static char program[1024]; /* the LAMMPS under test */
static char *tmod_commands[] = {"pair_style tersoff/mod", "pair_coeff * * Si.tersoff.mod Si"};
static const eipnn_eip_entry tmod = {.name = "tmod",
                                     .nspecies = 1,
                                     .species = {14},
                                     .provider = "lammps",
                                     .ncommands = 2,
                                     .commands = tmod_commands};

/* Needs no file. */
static char *morse_commands[] = {"pair_style morse 6.0", "pair_coeff * * 0.27 1.16 2.6"};
static const eipnn_eip_entry morse = {.name = "morse",
                                      .nspecies = 1,
                                      .species = {14},
                                      .provider = "lammps",
                                      .ncommands = 2,
                                      .commands = morse_commands};

static eipnn_eip *open_entry(const eipnn_eip_entry *entry)
{
  eipnn_eip *eip;
  if (eipnn_eip_open(entry, &eip) != EIPNN_OK) fail_msg("%s", eipnn_last_error());
  return eip;
}

static void expect_error(const char *text)
{
  if (!strstr(eipnn_last_error(), text)) fail_msg("\"%s\" lacks \"%s\"", eipnn_last_error(), text);
}

static void reproduces_reference_energies(void **state)
{
  (void)state;
  crystal c;
  eipnn_eip *eip = open_entry(&tmod);
  crystal_make_diamond(&c, 2);
  close_to(eip_energy(eip, &c) / 64, -4.62999175, 1e-6, "perfect", "tmod");
  crystal_make_perturbed(&c);
  close_to(eip_energy(eip, &c) / 64, -4.55297411, 1e-6, "perturbed", "tmod");
  assert_int_equal(strncmp(eipnn_eip_version(eip), "LAMMPS 20", 9), 0);
  eipnn_eip_close(&eip);
}

static void forces_and_virial_match_differences(void **state)
{
  (void)state;
  crystal c;
  eipnn_eip *eip = open_entry(&tmod);
  crystal_make_perturbed(&c);
  check_forces(eip, "tmod", &c);
  check_virial(eip, "tmod", &c);
  crystal_make_skewed(&c);
  check_forces(eip, "tmod", &c);
  check_virial(eip, "tmod", &c);
  eipnn_eip_close(&eip);
}

static void any_boundary_and_cell(void **state)
{
  (void)state;
  crystal primitive, cube;
  eipnn_eip *eip = open_entry(&tmod);
  check_open_boundaries(eip, "tmod");
  check_wrapping(eip, "tmod");
  crystal_make_diamond(&cube, 1);
  crystal_make_diamond(&primitive, 1);
  for (int k = 0; k < 3; k++)
    for (int l = 0; l < 3; l++)
      primitive.configuration.cell[k][l] = k == l ? 0 : SILICON_LATTICE / 2;
  crystal_use_own_arrays(&primitive, 2);
  for (int k = 0; k < 3; k++) primitive.position[1][k] = SILICON_LATTICE / 4;
  close_to(eip_energy(eip, &primitive) / 2, eip_energy(eip, &cube) / 8, 1e-9, "diamond", "tmod");
  eipnn_eip_close(&eip);
}

/* The same EIP by both routes: all forces and the virial, too. */
static void compare(eipnn_eip *kim, eipnn_eip *lammps, const char *name, const crystal *c)
{
  double energy[2], forces[2][MOST_ATOMS][3], virial[2][6];
  int natoms = c->configuration.natoms;
  eipnn_eip *eip[2] = {kim, lammps};
  for (int r = 0; r < 2; r++)
    if (eipnn_eip_compute(eip[r], &c->configuration, &energy[r], forces[r], virial[r]) != EIPNN_OK)
      fail_msg("%s", eipnn_last_error());
  close_to(energy[1] / natoms, energy[0] / natoms, 1e-6, "energy", name);
  for (int i = 0; i < natoms; i++)
    for (int k = 0; k < 3; k++) close_to(forces[1][i][k], forces[0][i][k], 1e-5, "force", name);
  for (int k = 0; k < 6; k++) close_to(virial[1][k], virial[0][k], 1e-4, "virial", name);
}

static const struct route_pair {
  const char *model, *style, *coefficients;
} pairs[] = {
    {"EDIP_JustoBazantKaxiras_1998_Si__MO_958932894036_002", "pair_style edip",
     "pair_coeff * * Si.edip Si"},
    {"MEAM_LAMMPS_LenoskySadighAlonso_2000_Si__MO_533426548156_000", "pair_style meam/spline",
     "pair_coeff * * Si_1.meam.spline Si"},
    {"Tersoff_LAMMPS_Tersoff_1988T2_Si__MO_245095684871_003", "pair_style tersoff",
     "pair_coeff * * Si.tersoff Si"},
    {"Tersoff_LAMMPS_Tersoff_1988T3_Si__MO_186459956893_003", "pair_style tersoff",
     "pair_coeff * * SiCGe.tersoff Si(C)"},
    {"Tersoff_LAMMPS_ErhartAlbe_2005_SiC__MO_903987585848_004", "pair_style tersoff",
     "pair_coeff * * SiC_Erhart-Albe.tersoff Si"},
};

static void both_routes_agree(void **state)
{
  (void)state;
  if (!eipnn_eip_provider_available("kim")) skip();
  for (size_t p = 0; p < sizeof pairs / sizeof *pairs; p++) {
    char style[64], coefficients[64], *commands[] = {style, coefficients};
    eipnn_eip_entry native = tmod, portable = {.nspecies = 1, .species = {14}, .provider = "kim"};
    crystal c;
    snprintf(style, sizeof style, "%s", pairs[p].style);
    snprintf(coefficients, sizeof coefficients, "%s", pairs[p].coefficients);
    snprintf(portable.name, sizeof portable.name, "%.40s", pairs[p].model);
    snprintf(portable.model, sizeof portable.model, "%s", pairs[p].model);
    native.commands = commands;
    eipnn_eip *kim = open_entry(&portable), *lammps = open_entry(&native);
    crystal_make_perturbed(&c);
    compare(kim, lammps, portable.name, &c);
    crystal_make_skewed(&c);
    compare(kim, lammps, portable.name, &c);
    eipnn_eip_close(&kim);
    eipnn_eip_close(&lammps);
  }
}

/* Silicon and carbon; the order of the species decides their atom types. */
static void several_species(void **state)
{
  (void)state;
  if (!eipnn_eip_provider_available("kim")) skip();
  char style[] = "pair_style tersoff", si_c[] = "pair_coeff * * SiC_Erhart-Albe.tersoff Si C",
       c_si[] = "pair_coeff * * SiC_Erhart-Albe.tersoff C Si";
  char *commands[2][2] = {{style, si_c}, {style, c_si}};
  eipnn_eip_entry portable = {.name = "kim", .nspecies = 2, .species = {14, 6}, .provider = "kim"};
  snprintf(portable.model, sizeof portable.model, "%s", pairs[4].model);
  crystal c;
  crystal_make_perturbed(&c);
  for (int i = 4; i < 64; i += i % 8 == 7 ? 5 : 1) c.number[i] = 6;
  eipnn_eip *kim = open_entry(&portable);
  for (int order = 0; order < 2; order++) {
    eipnn_eip_entry native = tmod;
    native.nspecies = 2;
    native.species[order] = 14;
    native.species[1 - order] = 6;
    native.commands = commands[order];
    eipnn_eip *lammps = open_entry(&native);
    compare(kim, lammps, "Erhart-Albe SiC", &c);
    eipnn_eip_close(&lammps);
  }
  eipnn_eip_close(&kim);
}

static void expect_open_error(char **commands, int count, const char *text)
{
  eipnn_eip_entry entry = tmod;
  eipnn_eip *eip = NULL;
  entry.commands = commands;
  entry.ncommands = count;
  assert_int_not_equal(eipnn_eip_open(&entry, &eip), EIPNN_OK);
  assert_null(eip);
  expect_error("EIP tmod: ");
  expect_error(text);
}

static void bad_commands_are_named(void **state)
{
  (void)state;
  char *unknown[] = {"pair_style tersoff/modd"};
  char *missing[] = {"pair_style tersoff/mod", "pair_coeff * * no_such_file Si"};
  char *nothing[] = {"variable unused equal 1"};
  char *units[] = {"units real"};
  char *leaves[] = {"quit"};
  expect_open_error(unknown, 1, "tersoff/modd");
  expect_open_error(missing, 2, "no_such_file");
  expect_open_error(nothing, 1, "before pair_style is defined");
  expect_open_error(units, 1, "units are metal");
  expect_open_error(leaves, 1, "it ended");
  expect_open_error(NULL, 0, "needs \"commands\"");
}

static void missing_programs_are_named(void **state)
{
  (void)state;
  eipnn_eip *eip = NULL;
  char *path = strdup(getenv("PATH"));
  setenv("EIPNN_LAMMPS", "/no/such/lmp", 1);
  assert_int_equal(eipnn_eip_open(&tmod, &eip), EIPNN_ERROR_UNSUPPORTED);
  expect_error("EIPNN_LAMMPS names \"/no/such/lmp\"");
  setenv("EIPNN_LAMMPS", "/bin/true", 1);
  assert_int_equal(eipnn_eip_open(&tmod, &eip), EIPNN_ERROR_UNSUPPORTED);
  expect_error("it printed nothing");
  unsetenv("EIPNN_LAMMPS");
  setenv("PATH", "/no/such/folder:", 1);
  assert_int_equal(eipnn_eip_open(&tmod, &eip), EIPNN_ERROR_UNSUPPORTED);
  expect_error("no lmp on PATH");
  setenv("PATH", path, 1);
  setenv("EIPNN_LAMMPS", program, 1);
  setenv("EIPNN_LAMMPS_TIMEOUT", "soon", 1);
  assert_int_equal(eipnn_eip_open(&tmod, &eip), EIPNN_ERROR_ARGUMENT);
  expect_error("EIPNN_LAMMPS_TIMEOUT is \"soon\"");
  unsetenv("EIPNN_LAMMPS_TIMEOUT");
  assert_null(eip);
  free(path);
}

/* After a test that sets its own. */
static int restore_environment(void **state)
{
  (void)state;
  setenv("EIPNN_LAMMPS", program, 1);
  unsetenv("EIPNN_LAMMPS_TIMEOUT");
  remove(WRAPPER);
  remove(STARTS);
  return 0;
}

/* A LAMMPS that notes its process group when it starts. */
static void use_wrapper(void)
{
  FILE *stream = fopen(WRAPPER, "w");
  assert_non_null(stream);
  fprintf(stream, "#!/bin/sh\necho $$ >> %s\nexec '%s' \"$@\"\n", STARTS, program);
  fclose(stream);
  assert_int_equal(chmod(WRAPPER, 0755), 0);
  setenv("EIPNN_LAMMPS", WRAPPER, 1);
  remove(STARTS);
}

/* How often it was started; *group: the last one's process group. */
static int count_starts(pid_t *group)
{
  long number;
  int count = 0;
  FILE *stream = fopen(STARTS, "r");
  assert_non_null(stream);
  while (fscanf(stream, "%ld", &number) == 1) count++;
  fclose(stream);
  *group = (pid_t)number;
  return count;
}

static void one_instance_serves_all(void **state)
{
  (void)state;
  pid_t group;
  crystal c;
  use_wrapper();
  eipnn_eip *eip = open_entry(&morse);
  crystal_make_diamond(&c, 2);
  double expected = eip_energy(eip, &c) / 64;
  for (int n = 0; n < 10; n++) {
    crystal_make_diamond(&c, 1 + n % 2);
    close_to(eip_energy(eip, &c) / c.configuration.natoms, expected, 1e-9, "reused", "morse");
    crystal_make_skewed(&c);
    eip_energy(eip, &c);
  }
  assert_int_equal(count_starts(&group), 1);
  eipnn_eip_close(&eip);
}

static void survives_death_and_hanging(void **state)
{
  (void)state;
  crystal c;
  pid_t group;
  double energy = 7;
  use_wrapper();
  crystal_make_perturbed(&c);
  eipnn_eip *eip = open_entry(&morse);
  double expected = eip_energy(eip, &c);
  count_starts(&group);
  kill(-group, SIGKILL);
  assert_int_equal(eipnn_eip_compute(eip, &c.configuration, &energy, NULL, NULL),
                   EIPNN_ERROR_NUMERIC);
  expect_error("it ended");
  assert_true(energy == 7);
  assert_true(eip_energy(eip, &c) == expected);
  assert_int_equal(count_starts(&group), 2);
  kill(-group, SIGSTOP);
  setenv("EIPNN_LAMMPS_TIMEOUT", "0.5", 1);
  assert_int_equal(eipnn_eip_compute(eip, &c.configuration, &energy, NULL, NULL),
                   EIPNN_ERROR_NUMERIC);
  expect_error("did not answer within 0.5 seconds");
  unsetenv("EIPNN_LAMMPS_TIMEOUT");
  assert_true(eip_energy(eip, &c) == expected);
  assert_int_equal(count_starts(&group), 3);
  eipnn_eip_close(&eip);
}

static void configurations_that_cannot_be_evaluated(void **state)
{
  (void)state;
  crystal c;
  double energy = 7;
  char limit[] = "neigh_modify one 10 page 100";
  char *commands[] = {tmod_commands[0], tmod_commands[1], limit};
  eipnn_eip_entry narrow = tmod;
  narrow.commands = commands;
  narrow.ncommands = 3;
  eipnn_eip *eip = open_entry(&narrow);
  crystal_make_diamond(&c, 2);
  double expected = eip_energy(eip, &c);
  for (int k = 0; k < 3; k++) c.configuration.cell[k][k] /= 3;
  assert_int_equal(eipnn_eip_compute(eip, &c.configuration, &energy, NULL, NULL),
                   EIPNN_ERROR_NUMERIC);
  expect_error("overflow");
  crystal_make_diamond(&c, 2);
  c.position[3][1] = NAN;
  assert_int_equal(eipnn_eip_compute(eip, &c.configuration, &energy, NULL, NULL),
                   EIPNN_ERROR_NUMERIC);
  memcpy(c.position[3], c.position[2], sizeof c.position[3]);
  assert_int_equal(eipnn_eip_compute(eip, &c.configuration, &energy, NULL, NULL),
                   EIPNN_ERROR_NUMERIC);
  memset(c.configuration.cell[1], 0, sizeof c.configuration.cell[1]);
  assert_int_equal(eipnn_eip_compute(eip, &c.configuration, &energy, NULL, NULL),
                   EIPNN_ERROR_NUMERIC);
  expect_error("singular");
  assert_true(energy == 7);
  crystal_make_diamond(&c, 2);
  close_to(eip_energy(eip, &c), expected, 1e-12, "after failures", "tmod");
  eipnn_eip_close(&eip);
}

/* As beneath mpirun: LAMMPS must not take itself for a rank of this program's run. */
static void launchers_do_not_matter(void **state)
{
  (void)state;
  static const char *const variables[] = {"PMI_RANK",
                                          "PMI_SIZE",
                                          "PMI_FD",
                                          "PMIX_RANK",
                                          "OMPI_COMM_WORLD_RANK",
                                          "OMPI_COMM_WORLD_SIZE"};
  crystal c;
  for (size_t v = 0; v < sizeof variables / sizeof *variables; v++) setenv(variables[v], "99", 1);
  eipnn_eip *eip = open_entry(&tmod);
  crystal_make_diamond(&c, 1);
  close_to(eip_energy(eip, &c) / 8, -4.62999175, 1e-6, "beneath a launcher", "tmod");
  eipnn_eip_close(&eip);
  for (size_t v = 0; v < sizeof variables / sizeof *variables; v++) unsetenv(variables[v]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reproduces_reference_energies),
      cmocka_unit_test(forces_and_virial_match_differences),
      cmocka_unit_test(any_boundary_and_cell),
      cmocka_unit_test(both_routes_agree),
      cmocka_unit_test(several_species),
      cmocka_unit_test(bad_commands_are_named),
      cmocka_unit_test_teardown(missing_programs_are_named, restore_environment),
      cmocka_unit_test_teardown(one_instance_serves_all, restore_environment),
      cmocka_unit_test_teardown(survives_death_and_hanging, restore_environment),
      cmocka_unit_test(configurations_that_cannot_be_evaluated),
      cmocka_unit_test(launchers_do_not_matter),
  };
  const char *name = getenv("EIPNN_LAMMPS");
  snprintf(program, sizeof program, "%s", name && *name ? name : "lmp");
  eipnn_eip *eip;
  if (eipnn_eip_open(&tmod, &eip) != EIPNN_OK && strstr(eipnn_last_error(), "no lmp on PATH")) {
    printf("skipped: %s\n", eipnn_last_error());
    return 77;
  }
  eipnn_eip_close(&eip);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
