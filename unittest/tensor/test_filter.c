/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The continuous-filter convolution where its pairs are what is special: very many, all of a few
   distances as in a crystal, and filler rows behind them. */
#include "tested_backends.h"

#include "base/memory.h"
#include "base/random.h"
#include "tensor/executor.h"
#include "tensor/graph_internal.h"
#ifdef EIPNN_HAVE_KOKKOS
#include "tensor/kokkos/adjacency.h"
#endif

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NATOM = 3000, COLS = 4, NODES = 200, OUTPUTS = 5, FILLER = 1000 };

/* Every slot of one convolution; X and the S after it are computed in one pass. */
typedef struct convolution {
  int npair, *index; /* index: [3][npair] i, j, configuration */
  double *input[4];  /* filter, distance, x, u */
  eipnn_graph *graph;
  eipnn_tensor leaf[4], output[OUTPUTS];
} convolution;

static void build(convolution *c)
{
  static const eipnn_slot slot[OUTPUTS] = {EIPNN_SLOT_U, EIPNN_SLOT_X, EIPNN_SLOT_S, EIPNN_SLOT_S,
                                           EIPNN_SLOT_FILTER};
  static const int order[OUTPUTS] = {0, 0, 1, 0, 0};
  const int rows[] = {NODES + 2, EIPNN_ROWS_PAIR, EIPNN_ROWS_ALL, EIPNN_ROWS_ATOM};
  const eipnn_grid grid = {1.0, 4.0 / (NODES - 1), NODES};
  eipnn_tensor operand[EIPNN_MAX_INPUTS] = {EIPNN_NO_TENSOR, EIPNN_NO_TENSOR, EIPNN_NO_TENSOR,
                                            EIPNN_NO_TENSOR, EIPNN_NO_TENSOR};
  assert_int_equal(eipnn_graph_create(&c->graph), EIPNN_OK);
  for (int k = 0; k < 4; k++)
    operand[k] = c->leaf[k] = eipnn_input(c->graph, rows[k], k == EIPNN_FILTER_DISTANCE ? 1 : COLS);
  for (int m = 0; m < OUTPUTS; m++)
    c->output[m] = eipnn_filter_form(c->graph, slot[m], order[m], 1, &grid, operand);
  assert_int_equal(eipnn_graph_status(c->graph), EIPNN_OK);
}

/* Pairs of neighbouring atoms at `shells` distances (0: any), each within 1e-4 Angstrom. */
static void fill(convolution *c, int shells)
{
  const size_t count[] = {(NODES + 2) * COLS, (size_t)c->npair, NATOM * COLS, NATOM * COLS};
  eipnn_random random;
  eipnn_random_seed(&random, 11, (unsigned)shells);
  for (int k = 0; k < 4; k++) {
    assert_non_null(c->input[k] = eipnn_calloc(count[k], sizeof(double)));
    for (size_t e = 0; e < count[k]; e++)
      c->input[k][e] = 2.0 * eipnn_random_uniform(&random) - 1.0;
  }
  assert_non_null(c->index = eipnn_calloc(3 * (size_t)c->npair, sizeof *c->index));
  for (int p = 0; p < c->npair; p++) {
    const double r = eipnn_random_uniform(&random);
    c->index[p] = (int)((long)p * NATOM / c->npair);
    c->index[c->npair + p] = (c->index[p] + (int)(200.0 * r)) % NATOM;
    c->input[EIPNN_FILTER_DISTANCE][p] =
        shells ? 2.35 + 0.8 * (p % shells) + 1e-4 * r : 0.5 + 5.0 * r;
  }
}

static convolution create(int npair, int shells)
{
  convolution c = {.npair = npair};
  build(&c);
  fill(&c, shells);
  return c;
}

static void destroy(convolution *c)
{
  for (int k = 0; k < 4; k++) free(c->input[k]);
  free(c->index);
  eipnn_graph_free(&c->graph);
}

static eipnn_structure structure_of(const convolution *c)
{
  return (eipnn_structure){.natom = NATOM,
                           .nall = NATOM,
                           .npair = c->npair,
                           .nconfig = 1,
                           .pair_i = c->index,
                           .pair_j = c->index + c->npair,
                           .pair_config = c->index + 2 * c->npair};
}

static size_t count_of(const convolution *c, int m)
{
  const int rows = eipnn_graph_node(c->graph, c->output[m])->rows;
  if (rows == EIPNN_ROWS_PAIR) return (size_t)c->npair;
  return (size_t)(rows > 0 ? rows : NATOM) * COLS;
}

/* Values of the outputs, to be freed. */
static void run(const convolution *c, const eipnn_backend *backend, eipnn_structure structure,
                double *result[OUTPUTS])
{
  const eipnn_executor_options options = {backend, EIPNN_PRECISION_DOUBLE, 0, NULL};
  int *zero = eipnn_calloc(NATOM, sizeof *zero);
  eipnn_executor *executor = NULL;
  assert_non_null(zero);
  structure.atom_config = structure.atom_species = zero;
  assert_int_equal(eipnn_executor_create(c->graph, &options, OUTPUTS, c->output, 0, &executor),
                   EIPNN_OK);
  assert_int_equal(eipnn_executor_bind(executor, &structure), EIPNN_OK);
  for (int k = 0; k < 4; k++)
    assert_int_equal(eipnn_executor_set_input(executor, c->leaf[k], c->input[k]), EIPNN_OK);
  assert_int_equal(eipnn_executor_run(executor, 0, eipnn_graph_size(c->graph)), EIPNN_OK);
  for (int m = 0; m < OUTPUTS; m++) {
    assert_non_null(result[m] = eipnn_calloc(count_of(c, m), sizeof(double)));
    assert_int_equal(eipnn_executor_get(executor, c->output[m], result[m]), EIPNN_OK);
  }
  eipnn_executor_free(&executor);
  free(zero);
}

static void release(double *result[OUTPUTS])
{
  for (int m = 0; m < OUTPUTS; m++) free(result[m]);
}

static void compare(const convolution *c, const char *name, double *const *got,
                    double *const *expected)
{
  for (int m = 0; m < OUTPUTS; m++) {
    double scale = 1.0;
    for (size_t e = 0; e < count_of(c, m); e++) scale = fmax(scale, fabs(expected[m][e]));
    for (size_t e = 0; e < count_of(c, m); e++)
      if (!(fabs(got[m][e] - expected[m][e]) <= 1e-11 * scale))
        fail_msg("%s, output %d, element %zu: %.17g, expected %.17g", name, m, e, got[m][e],
                 expected[m][e]);
  }
}

/* More pairs than fit one round of any sum, in one, three and all intervals of the table. */
static void test_many_pairs(void **state)
{
  (void)state;
  const int shells[] = {1, 3, 0};
  tested_backend tested[TESTED_BACKENDS];
  const size_t ntested = tested_backends(NULL, tested);
  for (size_t k = 0; k < sizeof shells / sizeof *shells; k++) {
    convolution c = create(300000, shells[k]);
    double *expected[OUTPUTS], *got[OUTPUTS];
    run(&c, eipnn_backend_ref(), structure_of(&c), expected);
    for (size_t b = 0; b < ntested; b++) {
      run(&c, tested[b].backend, structure_of(&c), got);
      compare(&c, tested[b].backend->name, got, expected);
      release(got);
    }
    release(expected);
    destroy(&c);
  }
}

#ifdef EIPNN_HAVE_KOKKOS
/* Memory full of NaN. */
static void *allocate_nan(size_t bytes)
{
  const eipnn_backend *backend = NULL;
  assert_int_equal(eipnn_backend_find("kokkos-host", &backend), EIPNN_OK);
  void *memory = backend->allocate(bytes);
  if (memory) memset(memory, 0xff, bytes);
  return memory;
}

/* Filler rows hold anything: no result depends on them, and their own are numbers. */
static void test_filler(void **state)
{
  (void)state;
  const eipnn_backend *found = NULL;
  assert_int_equal(eipnn_backend_find("kokkos-host", &found), EIPNN_OK);
  eipnn_backend with_nan = *found;
  with_nan.allocate = allocate_nan;
  const eipnn_backend *const backend = &with_nan;
  convolution c = create(20000, 0);
  const int used = c.npair - FILLER;
  double *with[OUTPUTS], *without[OUTPUTS];
  for (int p = used; p < c.npair; p++) {
    c.input[EIPNN_FILTER_DISTANCE][p] = NAN;
    c.index[2 * c.npair + p] = -1;
  }
  eipnn_structure structure = structure_of(&c);
  structure.in_backend = 1;
  structure.npair_used = &used;
  run(&c, backend, structure, with);
  convolution shorter = c;
  shorter.npair = used;
  structure = structure_of(&c);
  structure.npair = used;
  run(&shorter, backend, structure, without);
  for (int m = 0; m < OUTPUTS; m++) {
    assert_memory_equal(with[m], without[m], count_of(&shorter, m) * sizeof(double));
    for (size_t e = count_of(&shorter, m); e < count_of(&c, m); e++)
      assert_true(isfinite(with[m][e]));
  }
  release(with);
  release(without);
  destroy(&c);
}

/* Pairs of which every thread holds some for each atom j come in the order of their numbers. */
static void test_pair_order(void **state)
{
  (void)state;
  enum { ATOMS = 50, PAIRS = 200000 };
  const eipnn_backend *backend = NULL;
  void *maps = NULL;
  int *index = eipnn_calloc(2 * PAIRS, sizeof *index);
  assert_non_null(index);
  assert_int_equal(eipnn_backend_find("kokkos-host", &backend), EIPNN_OK);
  for (int p = 0; p < PAIRS; p++) {
    index[p] = (int)((long)p * ATOMS / PAIRS);
    index[PAIRS + p] = p % ATOMS;
  }
  eipnn_structure bound, structure = {.natom = ATOMS, .nall = ATOMS, .npair = PAIRS, .nconfig = 1};
  structure.pair_i = structure.pair_config = index;
  structure.pair_j = index + PAIRS;
  assert_int_equal(backend->bind_structure(&maps, &structure, &bound), EIPNN_OK);
  const struct eipnn_adjacency *adjacency = bound.adjacency;
  for (int n = 0; n < PAIRS; n++) {
    const int j = n / (PAIRS / ATOMS), k = n % (PAIRS / ATOMS);
    assert_int_equal(adjacency->first_j[j], j * (PAIRS / ATOMS));
    assert_int_equal(adjacency->pair_of_j[n], k * ATOMS + j);
  }
  backend->release_maps(maps);
  free(index);
}
#endif

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_many_pairs),
#ifdef EIPNN_HAVE_KOKKOS
      cmocka_unit_test(test_filler),
      cmocka_unit_test(test_pair_order),
#endif
  };
  return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
