/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crystal.h"
#include "train/test_support.h"

#define MAX_ATOMS 128

typedef struct answer {
  double energy[3], forces[MAX_ATOMS][3], virial[6];
} answer;

static eipnn_calculator *make(const eipnn_network_options *network, int nheads, const char *backend,
                              eipnn_precision precision, int table)
{
  eipnn_model *model;
  assert_ok(small_model(network, nheads, &model));
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.backend = backend;
  options.precision = precision;
  options.table = table;
  eipnn_calculator *calculator;
  assert_ok(eipnn_calculator_create(model, &options, &calculator));
  eipnn_model_free(&model); /* the calculator holds what it needs */
  return calculator;
}

static void compute(eipnn_calculator *calculator, const crystal *c, answer *a)
{
  assert_true(c->configuration.natoms <= MAX_ATOMS);
  assert_ok(eipnn_calculator_configuration(calculator, &c->configuration, a->energy, a->forces,
                                           a->virial));
}

static double energy_of(eipnn_calculator *calculator, const crystal *c)
{
  double energy[3]; /* head 0 is asked for, all are given */
  assert_ok(eipnn_calculator_configuration(calculator, &c->configuration, energy, NULL, NULL));
  return energy[0];
}

/* Silicon and germanium, all atoms moved. */
static void make_alloy(crystal *c)
{
  crystal_silicon(c, (int[3]){1, 1, 1}, 0.15, 5);
  c->number[1] = c->number[6] = 32;
}

static void expect_forces_are_differences(eipnn_calculator *calculator, crystal *c,
                                          double tolerance)
{
  const double h = 1e-4;
  answer a;
  compute(calculator, c, &a);
  for (int i = 0; i < c->configuration.natoms; i++)
    for (int k = 0; k < 3; k++) {
      const double x = c->position[i][k];
      c->position[i][k] = x + h;
      const double above = energy_of(calculator, c);
      c->position[i][k] = x - h;
      const double below = energy_of(calculator, c);
      c->position[i][k] = x;
      assert_close(a.forces[i][k], -(above - below) / (2 * h), tolerance);
    }
}

/* W_ab = -dE/d strain_ab, xx yy zz xy xz yz. */
static void expect_virial_is_a_difference(eipnn_calculator *calculator, const crystal *c,
                                          double tolerance)
{
  static const int row_of[6] = {0, 1, 2, 0, 0, 1}, col_of[6] = {0, 1, 2, 1, 2, 2};
  const double h = 1e-5;
  answer a;
  compute(calculator, c, &a);
  for (int n = 0; n < 6; n++) {
    double energy[2];
    for (int side = 0; side < 2; side++) {
      double strain[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
      strain[row_of[n]][col_of[n]] += side ? h : -h;
      crystal strained;
      crystal_copy(c, &strained);
      crystal_transform(&strained, strain);
      energy[side] = energy_of(calculator, &strained);
      crystal_free(&strained);
    }
    assert_close(a.virial[n], -(energy[1] - energy[0]) / (2 * h), tolerance);
  }
}

static void derivatives_of(const eipnn_network_options *network, const char *backend, int table)
{
  eipnn_calculator *calculator = make(network, 1, backend, EIPNN_PRECISION_DOUBLE, table);
  crystal alloy, primitive;
  make_alloy(&alloy);
  crystal_primitive(&primitive, 0.1, 2);
  expect_forces_are_differences(calculator, &alloy, 2e-6);
  expect_virial_is_a_difference(calculator, &alloy, 2e-5);
  expect_forces_are_differences(calculator, &primitive, 2e-6);
  expect_virial_is_a_difference(calculator, &primitive, 2e-5);
  crystal_free(&alloy);
  crystal_free(&primitive);
  eipnn_calculator_free(&calculator);
}

static void forces_and_virial_are_derivatives(void **state)
{
  (void)state;
  eipnn_network_options network;
  small_options(&network);
  for (int table = 0; table < 2; table++) {
    derivatives_of(&network, "ref", table);
    derivatives_of(&network, "cpu", table);
  }
  network.cutoff_function = EIPNN_CUTOFF_POLYNOMIAL;
  network.residual = 0;
  network.filter_ssp = 1;
  network.radial_gamma = 2.0;
  derivatives_of(&network, "cpu", 0);
  derivatives_of(&network, "cpu", 1);
}

/* Forces on the padded graph are those of the atoms with all their images. */
static void padded_forces_are_derivatives(void **state)
{
  (void)state;
  eipnn_network_options network;
  small_options(&network);
  network.padded = 1;
  eipnn_calculator *calculator = make(&network, 1, "cpu", EIPNN_PRECISION_DOUBLE, 0);
  crystal c;
  make_alloy(&c);
  expect_forces_are_differences(calculator, &c, 2e-6);
  expect_virial_is_a_difference(calculator, &c, 2e-5);
  crystal_free(&c);
  eipnn_calculator_free(&calculator);
}

/* The padded graph depends on the choice of cell, the periodic one does not. */
static void padded_graph_depends_on_the_cell(void **state)
{
  (void)state;
  crystal c, repeated;
  make_alloy(&c);
  crystal_repeat(&c, (int[3]){2, 1, 1}, &repeated);
  for (int padded = 0; padded < 2; padded++) {
    eipnn_network_options network;
    small_options(&network);
    network.padded = padded;
    eipnn_calculator *calculator = make(&network, 1, "cpu", EIPNN_PRECISION_DOUBLE, 0);
    const double difference =
        fabs(energy_of(calculator, &repeated) - 2 * energy_of(calculator, &c));
    assert_true(padded ? difference > 1e-4 : difference < 1e-9);
    eipnn_calculator_free(&calculator);
  }
  crystal_free(&c);
  crystal_free(&repeated);
}

static void expect_same(eipnn_calculator *calculator, const crystal *a, const crystal *b)
{
  assert_close(energy_of(calculator, a), energy_of(calculator, b), 1e-9);
}

static void energy_does_not_depend_on_the_frame(void **state)
{
  (void)state;
  eipnn_network_options network;
  small_options(&network);
  eipnn_calculator *calculator = make(&network, 1, "cpu", EIPNN_PRECISION_DOUBLE, 1);
  crystal c, moved, turned;
  make_alloy(&c);
  crystal_copy(&c, &moved);
  for (int i = 0; i < 8; i++) { /* moved, and some atoms written outside of the cell */
    const double along[3] = {1.3, -0.4, 7.1};
    for (int k = 0; k < 3; k++)
      moved.position[i][k] += along[k] + (i % 3 - 1) * moved.configuration.cell[i % 2][k];
  }
  expect_same(calculator, &c, &moved);
  crystal_copy(&c, &turned);
  const double u = cos(0.7), v = sin(0.7);
  double rotation[3][3] = {{u, -v, 0}, {v * u, u * u, -v}, {v * v, u * v, u}};
  crystal_transform(&turned, rotation);
  expect_same(calculator, &c, &turned);
  answer a, b;
  compute(calculator, &c, &a);
  compute(calculator, &turned, &b);
  for (int i = 0; i < 8; i++)
    for (int k = 0; k < 3; k++) {
      double f = 0.0;
      for (int m = 0; m < 3; m++) f += rotation[k][m] * a.forces[i][m];
      assert_close(b.forces[i][k], f, 1e-9);
    }
  crystal_free(&c);
  crystal_free(&moved);
  crystal_free(&turned);
  eipnn_calculator_free(&calculator);
}

static void energy_does_not_depend_on_the_order(void **state)
{
  (void)state;
  eipnn_network_options network;
  small_options(&network);
  eipnn_calculator *calculator = make(&network, 1, "cpu", EIPNN_PRECISION_DOUBLE, 1);
  crystal c, mixed;
  make_alloy(&c);
  crystal_copy(&c, &mixed);
  for (int i = 0; i < 8; i++) {
    const int from = (3 * i + 2) % 8;
    mixed.number[i] = c.number[from];
    memcpy(mixed.position[i], c.position[from], sizeof c.position[0]);
  }
  answer a, b;
  compute(calculator, &c, &a);
  compute(calculator, &mixed, &b);
  assert_close(a.energy[0], b.energy[0], 1e-9);
  for (int i = 0; i < 8; i++)
    for (int k = 0; k < 3; k++) assert_close(b.forces[i][k], a.forces[(3 * i + 2) % 8][k], 1e-9);
  crystal_free(&c);
  crystal_free(&mixed);
  eipnn_calculator_free(&calculator);
}

/* Cells smaller than the cutoff, triclinic too, against their supercells. */
static void small_cells_equal_supercells(void **state)
{
  (void)state;
  eipnn_network_options network;
  small_options(&network);
  network.cutoff = 5.0;
  eipnn_calculator *calculator = make(&network, 1, "cpu", EIPNN_PRECISION_DOUBLE, 1);
  crystal c, repeated;
  crystal_primitive(&c, 0.2, 8);
  c.number[1] = 32;
  crystal_repeat(&c, (int[3]){3, 4, 3}, &repeated);
  answer a, b;
  compute(calculator, &c, &a);
  compute(calculator, &repeated, &b);
  assert_close(36 * a.energy[0], b.energy[0], 1e-8);
  for (int i = 0; i < 72; i++)
    for (int k = 0; k < 3; k++) assert_close(b.forces[i][k], a.forces[i % 2][k], 1e-9);
  for (int k = 0; k < 6; k++) assert_close(b.virial[k], 36 * a.virial[k], 1e-8);
  crystal_free(&c);
  crystal_free(&repeated);
  eipnn_calculator_free(&calculator);
}

/* Against one calculation: a factor 1e-5 relative for single precision. */
static void precisions_agree(void **state)
{
  (void)state;
  eipnn_network_options network;
  small_options(&network);
  network.hidden = 64;
  crystal c;
  crystal_silicon(&c, (int[3]){2, 1, 1}, 0.1, 9);
  answer exact;
  eipnn_calculator *calculator = make(&network, 1, "ref", EIPNN_PRECISION_DOUBLE, 1);
  compute(calculator, &c, &exact);
  eipnn_calculator_free(&calculator);
  for (int precision = 0; precision <= EIPNN_PRECISION_DOUBLE; precision++) {
    const double tolerance = precision == EIPNN_PRECISION_DOUBLE ? 1e-10 : 1e-5;
    answer a;
    calculator = make(&network, 1, "cpu", (eipnn_precision)precision, 1);
    compute(calculator, &c, &a);
    assert_close(a.energy[0], exact.energy[0], tolerance * fabs(exact.energy[0]));
    double largest = 0.0;
    for (int i = 0; i < 16; i++)
      for (int k = 0; k < 3; k++) largest = fmax(largest, fabs(exact.forces[i][k]));
    for (int i = 0; i < 16; i++)
      for (int k = 0; k < 3; k++)
        assert_close(a.forces[i][k], exact.forces[i][k], 10 * tolerance * largest);
    eipnn_calculator_free(&calculator);
  }
  crystal_free(&c);
}

/* radial_gamma 0 stands for the paper's width, (number of Gaussians)/cutoff. */
static void the_default_width_is_the_papers(void **state)
{
  (void)state;
  eipnn_network_options network;
  small_options(&network);
  crystal c;
  make_alloy(&c);
  const double width = network.nradial / network.cutoff, widths[] = {0.0, width, 1.001 * width};
  double energy[3];
  for (int k = 0; k < 3; k++) {
    network.radial_gamma = widths[k];
    eipnn_calculator *calculator = make(&network, 1, "cpu", EIPNN_PRECISION_DOUBLE, 0);
    energy[k] = energy_of(calculator, &c);
    eipnn_calculator_free(&calculator);
  }
  assert_close(energy[0], energy[1], 1e-12);
  assert_true(fabs(energy[2] - energy[1]) > 1e-9); /* such a difference shows */
  crystal_free(&c);
}

/* Head 0 does not change with the number of heads read from; scale and shift count. */
static void heads_have_their_own_energies(void **state)
{
  (void)state;
  eipnn_network_options network;
  small_options(&network);
  crystal c;
  make_alloy(&c);
  eipnn_calculator *calculator = make(&network, 3, "cpu", EIPNN_PRECISION_DOUBLE, 0);
  expect_forces_are_differences(calculator, &c, 2e-6);
  answer a;
  compute(calculator, &c, &a);
  assert_true(fabs(a.energy[0] - a.energy[1]) > 0.1);
  assert_true(fabs(a.energy[1] - a.energy[2]) > 0.1);
  eipnn_calculator_free(&calculator);
  eipnn_model *model;
  assert_ok(small_model(&network, 3, &model));
  const double old_scale = eipnn_model_scale(model, 2), *old = eipnn_model_shift(model, 2);
  /* 6 Si and 2 Ge: E = scale*out + shift. */
  const double output = (a.energy[2] - 6 * old[0] - 2 * old[1]) / old_scale;
  const double shift[2] = {0.25, -0.5};
  assert_ok(eipnn_model_set_output(model, 2, -3.0, shift));
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = EIPNN_PRECISION_DOUBLE;
  options.table = 0;
  assert_ok(eipnn_calculator_create(model, &options, &calculator));
  compute(calculator, &c, &a);
  assert_close(a.energy[2], -3.0 * output + 6 * 0.25 - 2 * 0.5, 1e-9);
  eipnn_calculator_free(&calculator);
  eipnn_model_free(&model);
  crystal_free(&c);
}

static void energy_is_smooth_at_the_cutoff(void **state)
{
  (void)state;
  static const eipnn_cutoff_function functions[] = {EIPNN_CUTOFF_COSINE, EIPNN_CUTOFF_POLYNOMIAL,
                                                    EIPNN_CUTOFF_NONE};
  for (int n = 0; n < 3; n++) {
    eipnn_network_options network;
    small_options(&network);
    network.cutoff_function = functions[n];
    eipnn_calculator *calculator = make(&network, 1, "cpu", EIPNN_PRECISION_DOUBLE, 0);
    crystal dimer;
    crystal_primitive(&dimer, 0.0, 1);
    for (int k = 0; k < 3; k++) dimer.configuration.pbc[k] = 0;
    memset(dimer.position, 0, 2 * sizeof *dimer.position);
    dimer.position[1][0] = network.cutoff - 1e-5;
    const double inside = energy_of(calculator, &dimer);
    dimer.position[1][0] = network.cutoff + 1e-5;
    const double jump = fabs(energy_of(calculator, &dimer) - inside);
    assert_true(functions[n] == EIPNN_CUTOFF_NONE ? jump > 1e-6 : jump < 1e-9);
    crystal_free(&dimer);
    eipnn_calculator_free(&calculator);
  }
}

static void bad_requests_are_named(void **state)
{
  (void)state;
  eipnn_network_options network;
  small_options(&network);
  eipnn_model *model;
  assert_ok(small_model(&network, 1, &model));
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  eipnn_calculator *calculator;
  options.backend = "gpu";
  assert_fails(eipnn_calculator_create(model, &options, &calculator), EIPNN_ERROR_ARGUMENT, "cpu");
  assert_null(calculator);
  options.backend = "cpu";
  options.table_nodes = 2;
  assert_fails(eipnn_calculator_create(model, &options, &calculator), EIPNN_ERROR_ARGUMENT,
               "table");
  eipnn_calculator_options_default(&options);
  assert_ok(eipnn_calculator_create(model, &options, &calculator));
  crystal c;
  crystal_primitive(&c, 0.0, 1);
  double energy;
  c.number[0] = 13;
  assert_fails(eipnn_calculator_configuration(calculator, &c.configuration, &energy, NULL, NULL),
               EIPNN_ERROR_ARGUMENT, "Al");
  eipnn_calculator_free(&calculator);
  eipnn_calculator_free(&calculator);
  eipnn_model_free(&model);
  crystal_free(&c);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(forces_and_virial_are_derivatives),
      cmocka_unit_test(padded_forces_are_derivatives),
      cmocka_unit_test(padded_graph_depends_on_the_cell),
      cmocka_unit_test(energy_does_not_depend_on_the_frame),
      cmocka_unit_test(energy_does_not_depend_on_the_order),
      cmocka_unit_test(small_cells_equal_supercells),
      cmocka_unit_test(precisions_agree),
      cmocka_unit_test(the_default_width_is_the_papers),
      cmocka_unit_test(heads_have_their_own_energies),
      cmocka_unit_test(energy_is_smooth_at_the_cutoff),
      cmocka_unit_test(bad_requests_are_named),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
