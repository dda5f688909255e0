/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Atoms in device memory against the plain calculator. */
#define _XOPEN_SOURCE 700 /* popen */
#include "device_case.h"
#include "device_memory.h"

#include "train/test_support.h"

#include <stdio.h>

static void make_alloy(crystal *c, const int n[3], double rattle)
{
  crystal_silicon(c, n, rattle, 5);
  for (int i = 0; i < c->configuration.natoms; i += 3) c->number[i] = 32;
}

static void agrees(const crystal *atoms, const device_case_options *options)
{
  device_case c;
  device_case_build(&c, atoms, options);
  assert_ok(eipnn_device_bind(c.calculator, &c.device.atoms));
  device_case_agrees(&c, options->precision == EIPNN_PRECISION_DOUBLE ? 1e-9 : 4e-6);
  device_case_free(&c);
}

/* In every precision, with tables and without, memory laid out one way and the other. */
static void agrees_always(const crystal *atoms, device_case_options options)
{
  const eipnn_precision precisions[] = {EIPNN_PRECISION_DOUBLE, EIPNN_PRECISION_MIXED,
                                        EIPNN_PRECISION_SINGLE};
  for (int p = 0; p < 3; p++)
    for (int table = 0; table < 2; table++) {
      options.precision = precisions[p];
      options.table = table;
      options.transposed = (p + table) % 2;
      agrees(atoms, &options);
    }
}

static void crystals_agree(void **state)
{
  (void)state;
  crystal c;
  device_case_options options;
  device_case_options_default(&options);
  make_alloy(&c, (int[3]){2, 1, 1}, 0.15);
  agrees_always(&c, options);
  crystal_free(&c);
  make_alloy(&c, (int[3]){2, 2, 2}, 0.4); /* hardly a crystal any more */
  agrees_always(&c, options);
  crystal_free(&c);
}

/* Cells smaller than the cutoff: atoms are their own neighbours, also in perfect crystals, where
   components of vectors vanish but for rounding. */
static void images_of_the_atom_itself_agree(void **state)
{
  (void)state;
  crystal c;
  device_case_options options;
  device_case_options_default(&options);
  options.cutoff = 6.0;
  for (int perfect = 0; perfect < 2; perfect++) {
    crystal_primitive(&c, perfect ? 0.0 : 0.2, 4);
    agrees_always(&c, options);
    crystal_free(&c);
  }
}

static void ghosts_of_other_ranks_agree(void **state)
{
  (void)state;
  crystal c;
  device_case_options options;
  device_case_options_default(&options);
  options.halo = 1;
  make_alloy(&c, (int[3]){1, 1, 1}, 0.15);
  agrees_always(&c, options);
  options.foreign = "01000010";
  agrees_always(&c, options);
  crystal_free(&c);
}

static void foreign_atoms_and_missing_lists_agree(void **state)
{
  (void)state;
  crystal c;
  device_case_options options;
  device_case_options_default(&options);
  make_alloy(&c, (int[3]){1, 1, 1}, 0.15);
  options.foreign = "10010000";
  agrees_always(&c, options);
  options.nlist = 5;
  agrees_always(&c, options);
  options.nlist = 0;
  agrees_always(&c, options);
  options.foreign = "11111111";
  agrees(&c, &options);
  crystal_free(&c);
}

static void no_atoms_are_no_trouble(void **state)
{
  (void)state;
  crystal c = {.configuration = {.natoms = 0}};
  device_case_options options;
  device_case_options_default(&options);
  agrees(&c, &options);
  options.halo = 1;
  agrees(&c, &options);
}

/* Energies that count and those that do not add up to all, and so do their derivatives. */
static void masks_share_the_energy(void **state)
{
  (void)state;
  crystal c;
  device_case_options options;
  device_case_options_default(&options);
  make_alloy(&c, (int[3]){1, 1, 1}, 0.15);
  const int mask[2][8] = {{1, 0, 1, 1, 0, 0, 0, 1}, {0, 1, 0, 0, 1, 1, 1, 0}};
  device_case all, part[2];
  device_case_build(&all, &c, &options);
  assert_ok(eipnn_device_bind(all.calculator, &all.device.atoms));
  assert_ok(device_case_compute(&all));
  for (int m = 0; m < 2; m++) {
    options.contributes = mask[m];
    device_case_build(&part[m], &c, &options);
    assert_ok(eipnn_device_bind(part[m].calculator, &part[m].device.atoms));
    assert_ok(device_case_compute(&part[m]));
  }
  const eipnn_result *a = &part[0].computed, *b = &part[1].computed, *sum = &all.computed;
  assert_true(fabs(a->energy) > 1.0 && fabs(b->energy) > 1.0);
  assert_close(a->energy + b->energy, sum->energy, 1e-10);
  for (int k = 0; k < 6; k++) assert_close(a->virial[k] + b->virial[k], sum->virial[k], 1e-10);
  for (int i = 0; i < 8; i++) {
    const double *only = (mask[0][i] ? a : b)->atom_energy,
                 *none = (mask[0][i] ? b : a)->atom_energy;
    assert_close(only[i], sum->atom_energy[i], 1e-12);
    assert_close(none[i], 0.0, 0.0);
    for (int k = 0; k < 3; k++)
      assert_close(a->forces[i][k] + b->forces[i][k], sum->forces[i][k], 1e-10);
  }
  device_case_free(&all);
  for (int m = 0; m < 2; m++) device_case_free(&part[m]);
  crystal_free(&c);
}

/* Pairs come and go within the lists; memory is what the bind reserved. */
static void steps_need_no_memory(void **state)
{
  (void)state;
  crystal atoms;
  device_case_options options;
  device_case_options_default(&options);
  options.precision = EIPNN_PRECISION_MIXED;
  make_alloy(&atoms, (int[3]){2, 2, 1}, 0.1);
  device_case c;
  device_case_build(&c, &atoms, &options);
  assert_ok(eipnn_device_bind(c.calculator, &c.device.atoms));
  const size_t bytes = eipnn_calculator_bytes(c.calculator);
  for (int step = 0; step < 4; step++) {
    for (int n = 0; n < c.device.natom; n++)
      c.rank.position[n][1] += 0.05 * sin(step + 7.0 * c.rank.global[n]);
    device_atoms_move(&c.device);
    device_case_agrees(&c, 1e-5);
    const eipnn_device_result forces = {.forces = c.device.forces};
    device_count_start();
    assert_ok(eipnn_device_compute(c.calculator, &c.device.atoms, &forces));
    const device_counts counts = device_count_stop();
    assert_int_equal(counts.allocations, 0);
    assert_int_equal(counts.copies, 0);
    assert_int_equal(counts.news, 0);
    assert_int_equal(eipnn_calculator_bytes(c.calculator), bytes);
    device_count_start();
    c.device.atoms.nlist -= step; /* a few pairs more, a few less fit in what is there */
    assert_ok(eipnn_device_bind(c.calculator, &c.device.atoms));
    c.device.atoms.nlist += step;
    assert_ok(eipnn_device_bind(c.calculator, &c.device.atoms));
    assert_int_equal(device_count_stop().allocations, 0);
  }
  device_case_free(&c);
  crystal_free(&atoms);
}

/* The same calculator takes atoms in host memory, and those on the device again. */
static void host_arrays_agree_too(void **state)
{
  (void)state;
  crystal atoms;
  device_case_options options;
  device_case_options_default(&options);
  make_alloy(&atoms, (int[3]){2, 1, 1}, 0.15);
  device_case c;
  device_case_build(&c, &atoms, &options);
  assert_ok(eipnn_device_bind(c.calculator, &c.device.atoms));
  device_case_agrees(&c, 1e-9);
  for (int lists = 16; lists >= 0; lists -= 8) {
    double forces[16][3], virial[6], energy[2];
    c.rank.atoms.nlist = lists;
    eipnn_result result = {.energy = 0.0};
    assert_ok(eipnn_calculator_compute(c.calculator, &c.rank.atoms, 1, &result));
    if (lists == 16) assert_close(result.energy, c.expected.energy, 1e-9);
    assert_ok(
        eipnn_calculator_configuration(c.calculator, &atoms.configuration, energy, forces, virial));
    assert_close(energy[0], c.expected.energy, 1e-9);
    for (int k = 0; k < 3; k++) assert_close(forces[5][k], c.expected.forces[5][k], 1e-9);
    c.rank.atoms.nlist = 16;
    device_case_agrees(&c, 1e-9);
  }
  device_case_free(&c);
  crystal_free(&atoms);
}

/* What a process of its own with so many threads computes, bit by bit. */
static char *results_with_threads(const char *program, int nthreads)
{
  char command[4096];
  snprintf(command, sizeof command, "OMP_NUM_THREADS=%d OMP_PROC_BIND=false '%s' --print", nthreads,
           program);
  FILE *pipe = popen(command, "r");
  assert_non_null(pipe);
  char *text = calloc(1, 1 << 20);
  const size_t length = fread(text, 1, (1 << 20) - 1, pipe);
  assert_int_equal(pclose(pipe), 0);
  assert_true(length > 1000);
  return text;
}

static void print_numbers(const double *values, int n)
{
  for (int k = 0; k < n; k++) printf("%a\n", values[k]);
}

static int print_results(void)
{
  crystal atoms;
  device_case_options options;
  device_case_options_default(&options);
  options.hidden = 64;
  make_alloy(&atoms, (int[3]){3, 2, 2}, 0.1);
  device_case c;
  device_case_build(&c, &atoms, &options);
  assert_ok(eipnn_device_bind(c.calculator, &c.device.atoms));
  assert_ok(device_case_compute(&c));
  print_numbers(&c.computed.energy, 1);
  print_numbers(c.computed.virial, 6);
  print_numbers(&c.computed.forces[0][0], 3 * atoms.configuration.natoms);
  print_numbers(&c.computed.centroid_virial[0][0], 9 * atoms.configuration.natoms);
  device_case_free(&c);
  crystal_free(&atoms);
  return 0;
}

static const char *this_program;

static void threads_change_no_bit(void **state)
{
  (void)state;
  char *one = results_with_threads(this_program, 1), *two = results_with_threads(this_program, 2);
  assert_string_equal(one, two);
  free(one);
  free(two);
}

int main(int argc, char **argv)
{
  this_program = argv[0];
  if (argc > 1 && strcmp(argv[1], "--print") == 0) return print_results();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(crystals_agree),
      cmocka_unit_test(images_of_the_atom_itself_agree),
      cmocka_unit_test(ghosts_of_other_ranks_agree),
      cmocka_unit_test(foreign_atoms_and_missing_lists_agree),
      cmocka_unit_test(no_atoms_are_no_trouble),
      cmocka_unit_test(masks_share_the_energy),
      cmocka_unit_test(steps_need_no_memory),
      cmocka_unit_test(host_arrays_agree_too),
      cmocka_unit_test(threads_change_no_bit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
