/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bad atoms, bad requests and too little memory, for atoms in device memory. */
#include "device_case.h"
#include "device_memory.h"

#include "train/test_support.h"

#include <stdio.h>

static void build(device_case *c, const device_case_options *options)
{
  crystal atoms;
  crystal_silicon(&atoms, (int[3]){1, 1, 1}, 0.1, 5);
  device_case_build(c, &atoms, options);
  crystal_free(&atoms);
}

static void build_default(device_case *c)
{
  device_case_options options;
  device_case_options_default(&options);
  build(c, &options);
}

/* Every image moves with its atom. */
static void place(device_case *c, int atom, double x)
{
  const double by = x - c->rank.position[atom][0];
  for (int n = 0; n < c->device.natom; n++)
    if (c->rank.global[n] == atom) c->rank.position[n][0] += by;
  device_atoms_move(&c->device);
}

static void expect_fault(device_case *c, const char *where)
{
  const eipnn_device_result forces = {.forces = c->device.forces};
  assert_ok(eipnn_device_compute(c->calculator, &c->device.atoms, &forces));
  assert_fails(device_case_compute(c), EIPNN_ERROR_NUMERIC, "they coincide, or a position");
  if (!strstr(eipnn_last_error(), where))
    fail_msg("'%s' does not say where: %s", eipnn_last_error(), where);
  assert_true(isnan(c->computed.forces[0][0]));
  assert_true(isnan(c->computed.atom_virial[3][1]));
}

static void bad_positions_are_named(void **state)
{
  (void)state;
  device_case c;
  build_default(&c);
  assert_ok(eipnn_device_bind(c.calculator, &c.device.atoms));
  const double x = c.rank.position[5][0];
  const double bad[] = {NAN, INFINITY};
  for (int k = 0; k < 2; k++) {
    double saved[64];
    for (int n = 0; n < 8; n++) saved[n] = c.rank.position[n][0];
    c.rank.position[5][0] = bad[k];
    device_atoms_move(&c.device);
    expect_fault(&c, k ? "inf" : "nan");
    c.rank.position[5][0] = saved[5];
    device_atoms_move(&c.device);
    device_case_agrees(&c, 1e-9); /* once named, all is well again */
  }
  place(&c, 5, x);
  double(*position)[3] = c.rank.position, kept[3];
  memcpy(kept, position[2], sizeof kept);
  memcpy(position[2], position[6], sizeof kept);
  device_atoms_move(&c.device);
  char where[64];
  snprintf(where, sizeof where, "%g %g %g and %g", position[6][0], position[6][1], position[6][2],
           position[6][0]);
  expect_fault(&c, where);
  memcpy(position[2], kept, sizeof kept);
  device_atoms_move(&c.device);
  device_case_agrees(&c, 1e-9);
  device_case_free(&c);
}

/* A fault between two calls that ask for energies is not forgotten, nor by a bind. */
static void faults_are_kept_until_reported(void **state)
{
  (void)state;
  device_case c;
  build_default(&c);
  assert_ok(eipnn_device_bind(c.calculator, &c.device.atoms));
  const eipnn_device_result forces = {.forces = c.device.forces};
  const double y = c.rank.position[3][1];
  c.rank.position[3][1] = NAN;
  device_atoms_move(&c.device);
  assert_ok(eipnn_device_compute(c.calculator, &c.device.atoms, &forces));
  c.rank.position[3][1] = y;
  device_atoms_move(&c.device);
  eipnn_device_atoms fewer = c.device.atoms;
  fewer.nlist = 1;
  assert_ok(eipnn_device_bind(c.calculator, &fewer));
  assert_ok(eipnn_device_bind(c.calculator, &c.device.atoms));
  assert_fails(device_case_compute(&c), EIPNN_ERROR_NUMERIC, "nan");
  assert_true(isnan(c.computed.forces[0][0]));
  device_case_agrees(&c, 1e-9);
  device_case_free(&c);
}

static void put_integer(const int *device, int k, int value)
{
  device_write((void *)(device + k), &value, sizeof value);
}

static void bad_lists_are_named(void **state)
{
  (void)state;
  device_case c;
  build_default(&c);
  const eipnn_device_atoms *a = &c.device.atoms;
  put_integer(a->species, 2, 2);
  assert_fails(eipnn_device_bind(c.calculator, a), EIPNN_ERROR_ARGUMENT, "species index");
  put_integer(a->species, 2, -1);
  assert_fails(eipnn_device_bind(c.calculator, a), EIPNN_ERROR_ARGUMENT, "species index");
  put_integer(a->species, 2, 0);
  put_integer(a->center, 4, a->natom);
  assert_fails(eipnn_device_bind(c.calculator, a), EIPNN_ERROR_ARGUMENT, "no atom");
  put_integer(a->center, 4, 3);
  assert_fails(eipnn_device_bind(c.calculator, a), EIPNN_ERROR_ARGUMENT, "another row");
  put_integer(a->center, 4, 4);
  put_integer(a->neighbor, 0, a->natom);
  assert_fails(eipnn_device_bind(c.calculator, a), EIPNN_ERROR_ARGUMENT, "neighbour list");
  put_integer(a->neighbor, 0, 1);
  put_integer(a->row, 1, a->nrow);
  put_integer(a->center, 1, 1);
  eipnn_device_atoms fewer = *a;
  fewer.nlist = 1;
  assert_fails(eipnn_device_bind(c.calculator, &fewer), EIPNN_ERROR_ARGUMENT, "halo");
  fewer.nlist = 9;
  assert_fails(eipnn_device_bind(c.calculator, &fewer), EIPNN_ERROR_ARGUMENT, "9 rows");
  int64_t npair;
  assert_fails(eipnn_device_count_pairs(c.calculator, &fewer, &npair), EIPNN_ERROR_ARGUMENT,
               "9 rows");
  fewer = *a;
  fewer.nrow++;
  assert_fails(eipnn_device_bind(c.calculator, &fewer), EIPNN_ERROR_ARGUMENT, "halo");
  device_case_free(&c);
}

static void bad_requests_are_named(void **state)
{
  (void)state;
  device_case c;
  build_default(&c);
  assert_fails(device_case_compute(&c), EIPNN_ERROR_ARGUMENT, "bind it first");
  assert_fails(eipnn_device_bind(c.plain, &c.device.atoms), EIPNN_ERROR_UNSUPPORTED, "\"ref\"");
  assert_int_equal(eipnn_device_free_memory(c.plain), 0);
  assert_ok(eipnn_device_bind(c.calculator, &c.device.atoms));
  c.device.atoms.nlist--;
  assert_fails(device_case_compute(&c), EIPNN_ERROR_ARGUMENT, "bind it first");
  c.device.atoms.nlist++;
  device_case_agrees(&c, 1e-9);
  device_case_free(&c);
}

/* Lists of more pairs than there is memory for, in a few bytes: all entries are the same. */
static void memory_that_cannot_be_had_is_named(void **state)
{
  (void)state;
  device_case c;
  device_case_options options;
  device_case_options_default(&options);
  options.table = 0; /* features of each pair */
  options.hidden = 256;
  build(&c, &options);
  const size_t before = eipnn_calculator_bytes(c.calculator);
  assert_ok(eipnn_device_bind(c.calculator, &c.device.atoms));
  eipnn_device_atoms many = c.device.atoms;
  many.nlist = 1;
  many.neighbor_stride[0] = many.neighbor_stride[1] = 0;
  put_integer(many.neighbor, 0, 3);
  int count[2] = {100 * 1000 * 1000, 0};
  for (int k = 0; k < 2; k++) {
    put_integer(many.count, 0, count[k]);
    const eipnn_status status = eipnn_device_bind(c.calculator, &many);
    assert_int_equal(status, k ? EIPNN_OK : EIPNN_ERROR_MEMORY);
    if (!k) assert_non_null(strstr(eipnn_last_error(), "MB are free: bind fewer atoms"));
    if (!k) assert_int_equal(eipnn_calculator_bytes(c.calculator), before);
    if (!k) assert_fails(device_case_compute(&c), EIPNN_ERROR_ARGUMENT, "bind it first");
  }
  device_case_free(&c);
}

/* A bind holds what was measured, within the room that pair lists leave. */
static void binds_hold_what_was_measured(void **state)
{
  (void)state;
  device_case c;
  build_default(&c);
  const eipnn_device_atoms *a = &c.device.atoms;
  int npair = 0;
  for (int i = 0; i < c.rank.nlocal; i++)
    for (int m = 0; m < c.rank.count[i]; m++) npair += c.rank.owner[c.rank.neighbor[i][m]] >= i;
  int64_t counted;
  assert_ok(eipnn_device_count_pairs(c.calculator, a, &counted));
  assert_int_equal(counted, npair);
  size_t bytes;
  assert_true(eipnn_device_free_memory(c.calculator) > 0);
  const size_t before = eipnn_calculator_bytes(c.calculator);
  assert_ok(eipnn_device_measure(c.calculator, a->nowned, a->nrow, npair, &bytes));
  assert_ok(eipnn_device_bind(c.calculator, a));
  assert_int_equal(eipnn_calculator_bytes(c.calculator) - before, bytes);
  size_t other;
  assert_ok(eipnn_device_measure(c.calculator, 10 * a->nowned, 10 * a->nrow, 10 * npair, &other));
  assert_true(other > bytes);
  device_case_agrees(&c, 1e-9); /* still bound */
  device_case_free(&c);
}

static void padded_models_are_for_training_only(void **state)
{
  (void)state;
  device_case c;
  build_default(&c);
  eipnn_network_options network;
  small_options(&network);
  network.padded = 1;
  eipnn_model *model;
  assert_ok(small_model(&network, 1, &model));
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.backend = "kokkos";
  eipnn_calculator *calculator;
  assert_ok(eipnn_calculator_create(model, &options, &calculator));
  assert_fails(eipnn_device_bind(calculator, &c.device.atoms), EIPNN_ERROR_UNSUPPORTED,
               "training only");
  eipnn_calculator_free(&calculator);
  eipnn_model_free(&model);
  device_case_free(&c);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bad_positions_are_named),
      cmocka_unit_test(faults_are_kept_until_reported),
      cmocka_unit_test(bad_lists_are_named),
      cmocka_unit_test(bad_requests_are_named),
      cmocka_unit_test(memory_that_cannot_be_had_is_named),
      cmocka_unit_test(binds_hold_what_was_measured),
      cmocka_unit_test(padded_models_are_for_training_only),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
