/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calculator as an MD program drives it: atoms with ghosts and neighbour
   lists, on one rank and on several that exchange features (threads here). */
#define _XOPEN_SOURCE 700
#include "ranks.h"
#include "train/test_support.h"

#include <pthread.h>

#define MAX_RANKS 4
#define SKIN 0.6

typedef struct world {
  int nranks;
  pthread_barrier_t barrier;
  rank_atoms atoms[MAX_RANKS];
  char *rows[MAX_RANKS];
} world;

typedef struct member {
  world *world;
  int rank, forces;
  eipnn_calculator *calculator;
  eipnn_result result;
  eipnn_status status;
  char message[512];
} member;

static int forward(void *context, void *rows, int ncols, size_t element_size)
{
  member *m = context;
  world *w = m->world;
  const rank_atoms *r = &w->atoms[m->rank];
  const size_t row = (size_t)ncols * element_size;
  w->rows[m->rank] = rows;
  pthread_barrier_wait(&w->barrier);
  for (int n = r->nlocal; n < r->nlocal + r->nghost; n++) {
    if (r->owner[n] != n) continue; /* no row is held for it */
    memcpy((char *)rows + (size_t)n * row, w->rows[r->home[n]] + (size_t)r->home_row[n] * row, row);
  }
  pthread_barrier_wait(&w->barrier);
  return 0;
}

static void add_row(void *to, const void *from, int ncols, size_t element_size)
{
  for (int k = 0; k < ncols; k++)
    if (element_size == sizeof(double))
      ((double *)to)[k] += ((const double *)from)[k];
    else
      ((float *)to)[k] += ((const float *)from)[k];
}

static int reverse(void *context, void *rows, int ncols, size_t element_size)
{
  member *m = context;
  world *w = m->world;
  const size_t row = (size_t)ncols * element_size;
  w->rows[m->rank] = rows;
  pthread_barrier_wait(&w->barrier);
  for (int other = 0; other < w->nranks; other++) {
    const rank_atoms *r = &w->atoms[other];
    for (int n = r->nlocal; n < r->nlocal + r->nghost; n++)
      if (r->owner[n] == n && r->home[n] == m->rank)
        add_row((char *)rows + (size_t)r->home_row[n] * row, w->rows[other] + (size_t)n * row,
                ncols, element_size);
  }
  pthread_barrier_wait(&w->barrier);
  return 0;
}

static void *run_rank(void *argument)
{
  member *m = argument;
  for (int step = 0; step < 2; step++) { /* the second reuses all memory */
    const size_t total =
        (size_t)(m->world->atoms[m->rank].nlocal + m->world->atoms[m->rank].nghost);
    if (m->result.forces) memset(m->result.forces, 0, total * sizeof *m->result.forces);
    if (m->result.atom_virial)
      memset(m->result.atom_virial, 0, total * sizeof *m->result.atom_virial);
    if (m->result.centroid_virial)
      memset(m->result.centroid_virial, 0, total * sizeof *m->result.centroid_virial);
    if (m->result.atom_energy) memset(m->result.atom_energy, 0, total * sizeof(double));
    m->status = eipnn_calculator_compute(m->calculator, &m->world->atoms[m->rank].atoms, m->forces,
                                         &m->result);
    strncpy(m->message, eipnn_last_error(), sizeof m->message - 1);
  }
  return NULL;
}

static void start(member *m, world *w, int rank, const eipnn_model *model, const crystal *c,
                  const int *assignment, eipnn_precision precision)
{
  memset(m, 0, sizeof *m);
  m->world = w;
  m->rank = rank;
  m->forces = 1;
  rank_atoms_build(&w->atoms[rank], c, model, assignment, rank,
                   eipnn_model_options(model)->cutoff + SKIN);
  const eipnn_halo halo = {m, forward, reverse, 0};
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = precision;
  options.halo = &halo;
  assert_ok(eipnn_calculator_create(model, &options, &m->calculator));
  const size_t total = (size_t)(w->atoms[rank].nlocal + w->atoms[rank].nghost) + 1;
  m->result.forces = calloc(total, sizeof *m->result.forces);
  m->result.atom_virial = calloc(total, sizeof *m->result.atom_virial);
  m->result.centroid_virial = calloc(total, sizeof *m->result.centroid_virial);
  m->result.atom_energy = calloc(total, sizeof(double));
}

static void finish(member *m)
{
  eipnn_calculator_free(&m->calculator);
  rank_atoms_free(&m->world->atoms[m->rank]);
  free(m->result.forces);
  free(m->result.atom_virial);
  free(m->result.centroid_virial);
  free(m->result.atom_energy);
}

static void run_world(world *w, member *members)
{
  pthread_t thread[MAX_RANKS];
  pthread_barrier_init(&w->barrier, NULL, (unsigned)w->nranks);
  for (int r = 0; r < w->nranks; r++) pthread_create(&thread[r], NULL, run_rank, &members[r]);
  for (int r = 0; r < w->nranks; r++) pthread_join(thread[r], NULL);
  pthread_barrier_destroy(&w->barrier);
}

/* Sums over ranks, with ghosts' shares given to the atoms they belong to. */
static void compare(const world *w, const member *members, int natoms, double energy,
                    double (*forces)[3], const double virial[6], double tolerance)
{
  double sum = 0.0, atom_sum = 0.0, total[6] = {0}, atom_total[9] = {0}, centroid_total[9] = {0};
  double(*f)[3] = calloc((size_t)natoms, sizeof *f);
  for (int r = 0; r < w->nranks; r++) {
    const rank_atoms *a = &w->atoms[r];
    const eipnn_result *result = &members[r].result;
    sum += result->energy;
    for (int i = 0; i < a->nlocal; i++) atom_sum += result->atom_energy[i];
    for (int k = 0; k < 6; k++) total[k] += result->virial[k];
    for (int n = 0; n < a->nlocal + a->nghost; n++) {
      for (int k = 0; k < 3; k++) f[a->global[n]][k] += result->forces[n][k];
      for (int k = 0; k < 6; k++) atom_total[k] += result->atom_virial[n][k];
      for (int k = 0; k < 9; k++) centroid_total[k] += result->centroid_virial[n][k];
    }
  }
  assert_close(sum, energy, tolerance * fabs(energy));
  assert_close(atom_sum, energy, tolerance * fabs(energy));
  for (int i = 0; i < natoms; i++)
    for (int k = 0; k < 3; k++) assert_close(f[i][k], forces[i][k], tolerance * 10);
  for (int k = 0; k < 6; k++) {
    assert_close(total[k], virial[k], tolerance * 100);
    assert_close(atom_total[k], virial[k], tolerance * 100);
    assert_close(centroid_total[k], virial[k], tolerance * 100);
  }
  for (int k = 0; k < 3; k++) /* the whole is symmetric: no torque on an isolated system */
    assert_close(centroid_total[6 + k], virial[3 + k], tolerance * 100);
  free(f);
}

static void make_model(double cutoff, eipnn_model **model)
{
  eipnn_network_options network;
  small_options(&network);
  network.cutoff = cutoff;
  network.layers = 3;
  assert_ok(small_model(&network, 1, model));
}

static void ranks_agree(const crystal *c, const int *assignment, int nranks, double cutoff,
                        eipnn_precision precision, double tolerance)
{
  eipnn_model *model;
  make_model(cutoff, &model);
  const int natoms = c->configuration.natoms;
  double energy, (*forces)[3] = calloc((size_t)natoms, sizeof *forces), virial[6];
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = EIPNN_PRECISION_DOUBLE;
  eipnn_calculator *calculator;
  assert_ok(eipnn_calculator_create(model, &options, &calculator));
  assert_ok(eipnn_calculator_configuration(calculator, &c->configuration, &energy, forces, virial));
  eipnn_calculator_free(&calculator);
  world w = {.nranks = nranks};
  member members[MAX_RANKS];
  for (int r = 0; r < nranks; r++) start(&members[r], &w, r, model, c, assignment, precision);
  run_world(&w, members);
  for (int r = 0; r < nranks; r++)
    if (members[r].status != EIPNN_OK) fail_msg("rank %d: %s", r, members[r].message);
  compare(&w, members, natoms, energy, forces, virial, tolerance);
  for (int r = 0; r < nranks; r++) finish(&members[r]);
  free(forces);
  eipnn_model_free(&model);
}

static void make_alloy(crystal *c, const int n[3])
{
  crystal_silicon(c, n, 0.15, 5);
  for (int i = 0; i < c->configuration.natoms; i += 3) c->number[i] = 32;
}

static void one_rank_equals_configuration(void **state)
{
  (void)state;
  crystal c;
  make_alloy(&c, (int[3]){1, 1, 1}); /* smaller than twice the cutoff: images of the atom itself */
  const int assignment[8] = {0};
  ranks_agree(&c, assignment, 1, 6.0, EIPNN_PRECISION_DOUBLE, 1e-11);
  ranks_agree(&c, assignment, 1, 6.0, EIPNN_PRECISION_MIXED, 1e-5);
  crystal_free(&c);
  crystal_primitive(&c, 0.2, 4);
  ranks_agree(&c, assignment, 1, 6.0, EIPNN_PRECISION_DOUBLE, 1e-11);
  crystal_free(&c);
}

static void several_ranks_equal_one(void **state)
{
  (void)state;
  crystal c;
  make_alloy(&c, (int[3]){2, 1, 1});
  int halves[16], odd[16];
  for (int i = 0; i < 16; i++) {
    halves[i] = i / 8;
    odd[i] = (i * 7 % 5) % 3;
  }
  ranks_agree(&c, halves, 2, 4.0, EIPNN_PRECISION_DOUBLE, 1e-11);
  ranks_agree(&c, halves, 2, 4.0, EIPNN_PRECISION_SINGLE, 1e-5);
  ranks_agree(&c, odd, 3, 5.0, EIPNN_PRECISION_DOUBLE, 1e-11);
  ranks_agree(&c, halves, 4, 4.0, EIPNN_PRECISION_DOUBLE, 1e-11); /* two ranks without atoms */
  crystal_free(&c);
}

/* In a perfect crystal components of vectors vanish but for rounding. */
static void perfect_crystals_keep_each_image_once(void **state)
{
  (void)state;
  crystal c;
  crystal_primitive(&c, 0.0, 1);
  const int assignment[2] = {0, 0};
  for (int k = 0; k < 3; k++) c.position[0][k] = c.position[1][k] = 0.1 + 0.3 * k;
  for (int k = 0; k < 3; k++) c.position[1][k] += 0.25 * 5.431;
  ranks_agree(&c, assignment, 1, 5.0, EIPNN_PRECISION_DOUBLE, 1e-11);
  crystal_free(&c);
}

static eipnn_calculator *serial_calculator(const eipnn_model *model)
{
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = EIPNN_PRECISION_DOUBLE;
  eipnn_calculator *calculator;
  assert_ok(eipnn_calculator_create(model, &options, &calculator));
  return calculator;
}

/* Atoms of no species of the model neither count nor act; lists may be masked and in any order. */
static void foreign_atoms_do_not_count(void **state)
{
  (void)state;
  crystal c;
  make_alloy(&c, (int[3]){1, 1, 1});
  c.configuration.pbc[0] = c.configuration.pbc[1] = c.configuration.pbc[2] = 0;
  eipnn_model *model;
  make_model(4.0, &model);
  eipnn_calculator *calculator = serial_calculator(model);
  int neighbor[8][8], *lists[8], count[8], species[8], center[7];
  for (int i = 0; i < 8; i++) {
    lists[i] = neighbor[i];
    count[i] = 0;
    species[i] = eipnn_model_species_index(model, c.number[i]);
    for (int j = 0; j < 8; j++)
      if (j != i) neighbor[i][count[i]++] = j | (j % 4) << 29;
    if (i < 7) center[i] = 6 - i;
  }
  species[7] = -1;
  const eipnn_atoms atoms = {.nlocal = 8,
                             .position = c.configuration.position,
                             .species = species,
                             .nlist = 7,
                             .center = center,
                             .count = count,
                             .neighbor = lists,
                             .neighbor_mask = 0x1FFFFFFF};
  double forces[8][3] = {{0}}, energy, expected[8][3] = {{0}};
  eipnn_result result = {.forces = forces};
  assert_ok(eipnn_calculator_compute(calculator, &atoms, 1, &result));
  c.configuration.natoms = 7;
  assert_ok(eipnn_calculator_configuration(calculator, &c.configuration, &energy, expected, NULL));
  assert_close(result.energy, energy, 1e-10);
  for (int i = 0; i < 8; i++)
    for (int k = 0; k < 3; k++) assert_close(forces[i][k], expected[i][k], 1e-10);
  const double first = forces[0][0];
  assert_ok(eipnn_calculator_compute(calculator, &atoms, 1, &result)); /* forces are added to */
  assert_close(forces[0][0], 2 * first, 1e-10);
  eipnn_calculator_free(&calculator);
  eipnn_model_free(&model);
  crystal_free(&c);
}

static int refuse(void *context, void *rows, int ncols, size_t element_size)
{
  (void)context, (void)rows, (void)ncols, (void)element_size;
  return 1;
}

static void bad_requests_are_named(void **state)
{
  (void)state;
  crystal c;
  make_alloy(&c, (int[3]){1, 1, 1});
  eipnn_model *model;
  make_model(4.0, &model);
  const int assignment[8] = {0, 0, 0, 0, 1, 1, 1, 1};
  rank_atoms r;
  rank_atoms_build(&r, &c, model, assignment, 0, 4.0);
  eipnn_calculator *calculator = serial_calculator(model);
  eipnn_result result = {0};
  assert_fails(eipnn_calculator_compute(calculator, &r.atoms, 1, &result), EIPNN_ERROR_ARGUMENT,
               "halo");
  result.forces = calloc((size_t)(r.nlocal + r.nghost), sizeof *result.forces);
  assert_fails(eipnn_calculator_compute(calculator, &r.atoms, 0, &result), EIPNN_ERROR_ARGUMENT,
               "forces = 0");
  eipnn_calculator_free(&calculator);
  const eipnn_halo halo = {NULL, refuse, refuse, 0};
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.halo = &halo;
  assert_ok(eipnn_calculator_create(model, &options, &calculator));
  assert_int_equal(eipnn_calculator_compute(calculator, &r.atoms, 1, &result),
                   EIPNN_ERROR_CALLBACK);
  double energy;
  assert_fails(eipnn_calculator_configuration(calculator, &c.configuration, &energy, NULL, NULL),
               EIPNN_ERROR_ARGUMENT, "one rank");
  r.position[1][2] = NAN;
  assert_fails(eipnn_calculator_compute(calculator, &r.atoms, 1, &result), EIPNN_ERROR_NUMERIC,
               "not finite");
  memcpy(r.position[1], r.position[0], sizeof r.position[0]);
  assert_fails(eipnn_calculator_compute(calculator, &r.atoms, 1, &result), EIPNN_ERROR_NUMERIC,
               "coincide");
  r.species[0] = 2;
  assert_fails(eipnn_calculator_compute(calculator, &r.atoms, 1, &result), EIPNN_ERROR_ARGUMENT,
               "species index 2");
  free(result.forces);
  eipnn_calculator_free(&calculator);
  rank_atoms_free(&r);
  eipnn_model_free(&model);
  crystal_free(&c);
}

static void padded_models_are_for_training_only(void **state)
{
  (void)state;
  eipnn_network_options network;
  small_options(&network);
  network.padded = 1;
  eipnn_model *model;
  assert_ok(small_model(&network, 1, &model));
  const eipnn_halo halo = {NULL, refuse, refuse, 0};
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  eipnn_calculator *calculator;
  options.halo = &halo;
  assert_fails(eipnn_calculator_create(model, &options, &calculator), EIPNN_ERROR_UNSUPPORTED,
               "training only");
  calculator = serial_calculator(model);
  const eipnn_atoms none = {0};
  eipnn_result result = {0};
  assert_fails(eipnn_calculator_compute(calculator, &none, 1, &result), EIPNN_ERROR_UNSUPPORTED,
               "training only");
  eipnn_calculator_free(&calculator);
  eipnn_model_free(&model);
}

static void memory_stops_growing(void **state)
{
  (void)state;
  crystal c;
  make_alloy(&c, (int[3]){2, 2, 1});
  eipnn_model *model;
  make_model(4.0, &model);
  const int assignment[32] = {0};
  rank_atoms r;
  rank_atoms_build(&r, &c, model, assignment, 0, 4.5);
  eipnn_calculator *calculator = serial_calculator(model);
  eipnn_result result = {0};
  assert_ok(eipnn_calculator_compute(calculator, &r.atoms, 1, &result));
  const size_t bytes = eipnn_calculator_bytes(calculator);
  assert_true(bytes > 0);
  for (int step = 0; step < 5; step++) {
    r.position[3][1] += 0.01;
    assert_ok(eipnn_calculator_compute(calculator, &r.atoms, 1, &result));
    assert_int_equal(eipnn_calculator_bytes(calculator), bytes);
  }
  eipnn_calculator_free(&calculator);
  rank_atoms_free(&r);
  eipnn_model_free(&model);
  crystal_free(&c);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_rank_equals_configuration),
      cmocka_unit_test(several_ranks_equal_one),
      cmocka_unit_test(perfect_crystals_keep_each_image_once),
      cmocka_unit_test(foreign_atoms_do_not_count),
      cmocka_unit_test(bad_requests_are_named),
      cmocka_unit_test(padded_models_are_for_training_only),
      cmocka_unit_test(memory_stops_growing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
