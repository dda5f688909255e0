/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What single and mixed precision lose: every result of every backend against double precision,
   for a network of the default size, forces of 1 eV/A and filters as sharp as trained ones. Prints
   the table of doc/howto/accelerators.rst. Then positions, numbers of atoms and distances that
   leave single precision few digits. */
#include "ranks.h"
#include "train/test_support.h"

#include <stdio.h>

static const char *const backends[] = {
    "cpu",
#ifdef EIPNN_HAVE_KOKKOS
    "kokkos",
#endif
};
enum { BACKENDS = sizeof backends / sizeof *backends };

enum { MAX_ATOMS = 64 };

typedef struct answer {
  eipnn_result sum; /* its pointers are to the arrays below */
  double atom_energy[MAX_ATOMS], forces[MAX_ATOMS][3], atom_virial[MAX_ATOMS][6],
      centroid_virial[MAX_ATOMS][9];
} answer;

static void compute_with(const eipnn_model *model, const char *backend, eipnn_precision precision,
                         const eipnn_atoms *atoms, answer *a)
{
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.backend = backend;
  options.precision = precision;
  eipnn_calculator *calculator;
  assert_ok(eipnn_calculator_create(model, &options, &calculator));
  *a = (answer){.sum = {.energy = 0.0}};
  a->sum.atom_energy = a->atom_energy;
  a->sum.forces = a->forces;
  a->sum.atom_virial = a->atom_virial;
  a->sum.centroid_virial = a->centroid_virial;
  assert_ok(eipnn_calculator_compute(calculator, atoms, 1, &a->sum));
  eipnn_calculator_free(&calculator);
}

static void compute(const eipnn_model *model, const char *backend, eipnn_precision precision,
                    const crystal *c, answer *a)
{
  static const int all_here[MAX_ATOMS];
  rank_atoms atoms;
  assert_true(c->configuration.natoms <= MAX_ATOMS);
  rank_atoms_build(&atoms, c, model, all_here, 0, eipnn_model_options(model)->cutoff + 0.1);
  compute_with(model, backend, precision, &atoms.atoms, a);
  rank_atoms_free(&atoms);
}

static void sharpen(eipnn_model *model)
{
  double *weights = eipnn_model_weights(model, NULL);
  for (int k = 0; k < eipnn_model_parameter_count(model); k++) {
    const eipnn_parameter_info *info = eipnn_model_parameter(model, k);
    if (!strstr(info->path, "filter1/weight")) continue;
    for (int n = 0; n < info->rows * info->cols; n++) weights[info->offset + (size_t)n] *= 4.0;
  }
}

static double root_mean_square(const double *x, int n)
{
  double sum = 0.0;
  for (int k = 0; k < n; k++) sum += x[k] * x[k];
  return sqrt(sum / n);
}

/* -5 eV per atom and forces on the crystal's atoms of 1 eV/A, root mean square of the components.
   Of the default size, or, tiny, of one that is quick. */
static eipnn_model *make_model(const crystal *c, int tiny)
{
  static const int species[] = {14, 47, 79};
  const double shift[] = {-5.0, -5.0, -5.0};
  const char *const dft = "dft";
  eipnn_network_options options;
  eipnn_network_options_default(&options);
  if (tiny) options.hidden = 16, options.layers = 2, options.cutoff = 4.5;
  eipnn_model *model;
  assert_ok(eipnn_model_create(&options, 3, species, 1, &dft, 3, &model));
  sharpen(model);
  answer a;
  compute(model, "cpu", EIPNN_PRECISION_DOUBLE, c, &a);
  const double scale = 1.0 / root_mean_square(&a.forces[0][0], 3 * c->configuration.natoms);
  assert_ok(eipnn_model_set_output(model, 0, scale, shift));
  return model;
}

/* Largest and root mean square difference, and the largest number. */
typedef struct difference {
  double largest, rms, magnitude;
} difference;

static difference difference_of(int n, const double *a, const double *b)
{
  difference d = {0.0, 0.0, 0.0};
  for (int k = 0; k < n; k++) {
    const double x = fabs(a[k] - b[k]);
    if (!(x <= d.largest)) d.largest = x; /* NaN too */
    d.rms += x * x / n;
    d.magnitude = fmax(d.magnitude, fabs(b[k]));
  }
  d.rms = sqrt(d.rms);
  return d;
}

/* Energies in eV per atom; the others relative to the largest of their kind, rms to their rms. */
typedef struct errors {
  double energy, atom_energy, force, force_rms, virial, atom_virial;
} errors;

static errors errors_of(int natoms, const answer *a, const answer *b)
{
  const int n = natoms;
  const difference force = difference_of(3 * n, &a->forces[0][0], &b->forces[0][0]),
                   virial = difference_of(6, a->sum.virial, b->sum.virial),
                   atom = difference_of(6 * n, &a->atom_virial[0][0], &b->atom_virial[0][0]),
                   centroid =
                       difference_of(9 * n, &a->centroid_virial[0][0], &b->centroid_virial[0][0]);
  return (errors){.energy = fabs(a->sum.energy - b->sum.energy) / n,
                  .atom_energy = difference_of(n, a->atom_energy, b->atom_energy).largest,
                  .force = force.largest / force.magnitude,
                  .force_rms = force.rms / root_mean_square(&b->forces[0][0], 3 * n),
                  .virial = virial.largest / virial.magnitude,
                  .atom_virial =
                      fmax(atom.largest / atom.magnitude, centroid.largest / centroid.magnitude)};
}

static void expect_below(const char *what, double error, double allowed)
{
  if (!(error <= allowed)) fail_msg("%s: differs by %g, allowed %g", what, error, allowed);
}

static void expect_errors(const char *title, errors e, errors allowed)
{
  printf("%-36s %8.1e %8.1e | %8.1e %8.1e | %8.1e %8.1e\n", title, e.energy, e.atom_energy, e.force,
         e.force_rms, e.virial, e.atom_virial);
  expect_below("energy", e.energy, allowed.energy);
  expect_below("energy of an atom", e.atom_energy, allowed.atom_energy);
  expect_below("force", e.force, allowed.force);
  expect_below("forces", e.force_rms, allowed.force_rms);
  expect_below("virial", e.virial, allowed.virial);
  expect_below("virial of an atom", e.atom_virial, allowed.atom_virial);
}

/* Twice the most that was measured (three kernels of OpenBLAS, with fused multiplications and
   without), and more. Another backend rounds in another order, on a GPU in yet another, but has the
   same tables: it is nearer to the cpu than both are to double. */
static const errors of_double = {3e-6, 2e-5, 8e-6, 8e-6, 8e-6, 1e-5};
static const errors of_each_other = {3e-6, 2e-5, 3e-6, 3e-6, 3e-6, 5e-6};

static void check_precision(const char *name, const eipnn_model *model, eipnn_precision precision,
                            const crystal *c, const answer *exact)
{
  const int natoms = c->configuration.natoms;
  answer found[BACKENDS];
  char title[80];
  for (int b = 0; b < BACKENDS; b++) {
    compute(model, backends[b], precision, c, &found[b]);
    snprintf(title, sizeof title, "%s, %s, %s", name, backends[b], eipnn_precision_name(precision));
    expect_errors(title, errors_of(natoms, &found[b], exact), of_double);
    if (b) expect_errors("  against cpu", errors_of(natoms, &found[b], &found[0]), of_each_other);
  }
}

static void check_crystal(const char *name, crystal *c, int tiny)
{
  eipnn_model *model = make_model(c, tiny);
  answer exact;
  compute(model, "cpu", EIPNN_PRECISION_DOUBLE, c, &exact);
  check_precision(name, model, EIPNN_PRECISION_SINGLE, c, &exact);
  check_precision(name, model, EIPNN_PRECISION_MIXED, c, &exact);
  eipnn_model_free(&model);
  crystal_free(c);
}

static void errors_are_small(void **state)
{
  (void)state;
  crystal c;
  printf("%-36s energy, of an atom: eV | force, rms | virial, of an atom\n", "");
  crystal_silicon(&c, (int[3]){2, 2, 2}, 0.1, 5);
  check_crystal("Si, 0.1 A", &c, 0);
  crystal_silicon(&c, (int[3]){2, 2, 2}, 0.1, 5);
  check_crystal("Si, 0.1 A, small", &c, 1);
  crystal_silicon(&c, (int[3]){2, 2, 2}, 0.35, 5);
  check_crystal("Si, 0.35 A", &c, 0);
  crystal_silver_gold(&c, (int[3]){2, 2, 2}, 0.1, 5);
  check_crystal("AgAu, 0.1 A", &c, 0);
}

/* Vectors between atoms are formed in double. */
static void positions_far_from_the_origin_lose_nothing(void **state)
{
  (void)state;
  crystal c;
  crystal_silicon(&c, (int[3]){2, 1, 1}, 0.1, 5);
  eipnn_model *model = make_model(&c, 1);
  for (int b = 0; b < BACKENDS; b++) {
    answer here, far;
    compute(model, backends[b], EIPNN_PRECISION_SINGLE, &c, &here);
    crystal moved;
    crystal_copy(&c, &moved);
    for (int i = 0; i < c.configuration.natoms; i++)
      for (int k = 0; k < 3; k++) moved.position[i][k] += 1e4 * (k + 1);
    compute(model, backends[b], EIPNN_PRECISION_SINGLE, &moved, &far);
    const errors e = errors_of(c.configuration.natoms, &far, &here);
    expect_below("energy", e.energy, 1e-7);
    expect_below("force", e.force, 1e-6);
    expect_below("virial of an atom", e.atom_virial, 1e-6);
    crystal_free(&moved);
  }
  eipnn_model_free(&model);
  crystal_free(&c);
}

static double energy_of(const eipnn_model *model, const char *backend, eipnn_precision precision,
                        const crystal *c, double (*forces)[3])
{
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.backend = backend;
  options.precision = precision;
  eipnn_calculator *calculator;
  double energy;
  assert_ok(eipnn_calculator_create(model, &options, &calculator));
  assert_ok(eipnn_calculator_configuration(calculator, &c->configuration, &energy, forces, NULL));
  eipnn_calculator_free(&calculator);
  return energy;
}

/* -5 eV each: a sum in float would be 1e-3 eV off, the sum of 4096 such energies a multiple of it.
 */
static void energies_of_many_atoms_add_up(void **state)
{
  (void)state;
  crystal c, large;
  crystal_silicon(&c, (int[3]){1, 1, 1}, 0.1, 5);
  crystal_repeat(&c, (int[3]){8, 8, 8}, &large);
  eipnn_model *model = make_model(&c, 1);
  for (int b = 0; b < BACKENDS; b++) {
    const double cell = energy_of(model, backends[b], EIPNN_PRECISION_SINGLE, &c, NULL);
    const double sum = energy_of(model, backends[b], EIPNN_PRECISION_SINGLE, &large, NULL);
    assert_true(fabs(sum) > 1e4);
    assert_close(sum / 4096, cell / 8, 1e-6);
  }
  eipnn_model_free(&model);
  crystal_free(&c);
  crystal_free(&large);
}

/* Two atoms alone in a wide box. */
static void make_dimer(crystal *c, double distance)
{
  crystal_primitive(c, 0.0, 1);
  for (int a = 0; a < 3; a++)
    for (int k = 0; k < 3; k++) c->configuration.cell[a][k] = a == k ? 40.0 : 0.0;
  memcpy(c->position[1], c->position[0], sizeof c->position[0]);
  c->position[1][1] += distance;
}

static void close_atoms_are_as_in_double(void **state)
{
  (void)state;
  crystal c;
  crystal_silicon(&c, (int[3]){1, 1, 1}, 0.1, 5);
  eipnn_model *model = make_model(&c, 0);
  crystal_free(&c);
  static const double distances[] = {1e-4, 0.01, 0.3, 1.0};
  for (int n = 0; n < 4; n++)
    for (int b = 0; b < BACKENDS; b++) {
      double exact_forces[2][3], forces[2][3];
      make_dimer(&c, distances[n]);
      const double exact = energy_of(model, "cpu", EIPNN_PRECISION_DOUBLE, &c, exact_forces);
      const double energy = energy_of(model, backends[b], EIPNN_PRECISION_SINGLE, &c, forces);
      assert_close(energy, exact, 2e-5);
      for (int i = 0; i < 2; i++)
        for (int k = 0; k < 3; k++)
          assert_close(forces[i][k], exact_forces[i][k],
                       2e-5 * fmax(1.0, fabs(exact_forces[i][1])));
      crystal_free(&c);
    }
  eipnn_model_free(&model);
}

/* Distances that single precision rounds to the cutoff, or beyond it. */
static void nothing_jumps_at_the_cutoff(void **state)
{
  (void)state;
  crystal c;
  crystal_silicon(&c, (int[3]){1, 1, 1}, 0.1, 5);
  eipnn_model *model = make_model(&c, 0);
  crystal_free(&c);
  const double cutoff = eipnn_model_options(model)->cutoff;
  static const double beyond[] = {-1e-6, -1e-9, -1e-15, 0.0, 1e-9};
  for (int b = 0; b < BACKENDS; b++) {
    make_dimer(&c, 10.0);
    const double apart = energy_of(model, backends[b], EIPNN_PRECISION_SINGLE, &c, NULL);
    crystal_free(&c);
    for (int n = 0; n < 5; n++) {
      double forces[2][3];
      make_dimer(&c, cutoff + beyond[n]);
      assert_close(energy_of(model, backends[b], EIPNN_PRECISION_SINGLE, &c, forces), apart, 2e-6);
      for (int k = 0; k < 3; k++) assert_close(forces[0][k], 0.0, 2e-5);
      crystal_free(&c);
    }
  }
  eipnn_model_free(&model);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(errors_are_small),
      cmocka_unit_test(positions_far_from_the_origin_lose_nothing),
      cmocka_unit_test(energies_of_many_atoms_add_up),
      cmocka_unit_test(close_atoms_are_as_in_double),
      cmocka_unit_test(nothing_jumps_at_the_cutoff),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
