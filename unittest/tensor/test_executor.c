/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small network (two convolution layers with radial tables, sums over configurations)
   through the executor: derivatives of the whole, memory over changing extents,
   frozen tables, runs in stages, refused requests. */
#include "structure_fixture.h"
#include "tensor/executor.h"
#include "tested_backends.h"

#include "base/memory.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FEATURES = 6, NODES = 12, LAYERS = 2, SPECIES = 2 };
enum { LAYER_WEIGHTS = NODES * FEATURES + FEATURES * FEATURES + FEATURES };
enum { WEIGHTS = SPECIES * FEATURES + LAYERS * LAYER_WEIGHTS };

typedef struct network {
  eipnn_graph *graph;
  eipnn_tensor vec, energy, seed, gradient, weights; /* weights: the first layer's nodes */
  eipnn_tensor weight_gradient;                      /* of <loss_seed, gradient> */
  eipnn_tensor loss_seed;
  int forward_end;
} network;

static eipnn_tensor convolution_layer(network *n, int layer, eipnn_tensor distance, eipnn_tensor h)
{
  eipnn_graph *g = n->graph;
  const eipnn_grid grid = {0.0, 0.4, NODES};
  size_t offset = SPECIES * FEATURES + (size_t)layer * LAYER_WEIGHTS;
  eipnn_tensor nodes = eipnn_parameter(g, offset, NODES, FEATURES);
  eipnn_tensor weight = eipnn_parameter(g, offset + NODES * FEATURES, FEATURES, FEATURES);
  offset += NODES * FEATURES + FEATURES * FEATURES;
  eipnn_tensor bias = eipnn_parameter(g, offset, 1, FEATURES);
  if (layer == 0) n->weights = nodes;
  eipnn_tensor filter = eipnn_spline(g, eipnn_unary(g, EIPNN_FUNCTION_SSP, nodes));
  eipnn_tensor x = eipnn_halo_exchange(g, h);
  eipnn_tensor y = eipnn_filter_convolution(g, filter, &grid, distance, x);
  y = eipnn_unary(g, EIPNN_FUNCTION_SSP, eipnn_linear(g, y, weight, bias));
  return eipnn_add(g, h, y);
}

static void network_create(network *n)
{
  memset(n, 0, sizeof *n);
  assert_int_equal(eipnn_graph_create(&n->graph), EIPNN_OK);
  eipnn_graph *g = n->graph;
  n->vec = eipnn_input(g, EIPNN_ROWS_PAIR, 3);
  eipnn_tensor square = eipnn_sum_cols(g, eipnn_mul(g, n->vec, n->vec));
  eipnn_tensor distance = eipnn_unary(g, EIPNN_FUNCTION_SQRT, square);
  eipnn_tensor h =
      eipnn_gather(g, eipnn_parameter(g, 0, SPECIES, FEATURES), EIPNN_INDEX_ATOM_SPECIES);
  for (int layer = 0; layer < LAYERS; layer++) h = convolution_layer(n, layer, distance, h);
  n->energy = eipnn_scatter(g, eipnn_sum_cols(g, h), EIPNN_INDEX_ATOM_CONFIG, EIPNN_ROWS_CONFIG);
  n->forward_end = eipnn_graph_size(g);
  n->seed = eipnn_input(g, EIPNN_ROWS_CONFIG, 1);
  assert_int_equal(eipnn_graph_gradient(g, 1, &n->energy, &n->seed, 1, &n->vec, &n->gradient),
                   EIPNN_OK);
  n->loss_seed = eipnn_input(g, EIPNN_ROWS_PAIR, 3);
  assert_int_equal(
      eipnn_graph_gradient(g, 1, &n->gradient, &n->loss_seed, 1, &n->weights, &n->weight_gradient),
      EIPNN_OK);
}

/* Everything one evaluation takes and gives. */
typedef struct evaluation {
  structure_fixture fixture;
  double weights[WEIGHTS];
  double *vec, *loss_seed, *gradient; /* [npair][3] */
  double seed[8], energy[8], weight_gradient[NODES * FEATURES];
} evaluation;

static void evaluation_create(evaluation *e, const structure_options *options, uint64_t seed)
{
  eipnn_random random;
  eipnn_random_seed(&random, seed, 0);
  memset(e, 0, sizeof *e);
  structure_fixture_create(&e->fixture, options, &random);
  const size_t count = 3 * (size_t)options->npair;
  e->vec = eipnn_calloc(count, sizeof *e->vec);
  e->loss_seed = eipnn_calloc(count, sizeof *e->loss_seed);
  e->gradient = eipnn_calloc(count, sizeof *e->gradient);
  assert_true(e->vec && e->loss_seed && e->gradient);
  for (size_t k = 0; k < count; k++) {
    e->vec[k] = 0.5 + 1.8 * eipnn_random_uniform(&random);
    e->loss_seed[k] = eipnn_random_uniform(&random) - 0.5;
  }
  for (int k = 0; k < WEIGHTS; k++) e->weights[k] = eipnn_random_uniform(&random) - 0.5;
  for (int k = 0; k < 8; k++) e->seed[k] = 1.0 + 0.1 * k;
}

static void evaluation_free(evaluation *e)
{
  structure_fixture_free(&e->fixture);
  free(e->vec);
  free(e->loss_seed);
  free(e->gradient);
}

static eipnn_executor *create_executor(network *n, evaluation *e, const eipnn_backend *backend,
                                       eipnn_precision precision, int frozen)
{
  const eipnn_halo halo = structure_fixture_halo(&e->fixture);
  const eipnn_executor_options options = {backend, precision, frozen, &halo};
  const eipnn_tensor outputs[] = {n->energy, n->gradient, n->weight_gradient};
  eipnn_executor *executor = NULL;
  assert_int_equal(eipnn_executor_create(n->graph, &options, 3, outputs, WEIGHTS, &executor),
                   EIPNN_OK);
  assert_int_equal(eipnn_executor_set_weights(executor, e->weights), EIPNN_OK);
  return executor;
}

/* In two stages: energies, then what depends on the seeds. */
static void evaluate(network *n, evaluation *e, eipnn_executor *executor)
{
  assert_int_equal(eipnn_executor_bind(executor, &e->fixture.structure), EIPNN_OK);
  assert_int_equal(eipnn_executor_set_input(executor, n->vec, e->vec), EIPNN_OK);
  assert_int_equal(eipnn_executor_run(executor, 0, n->forward_end), EIPNN_OK);
  assert_int_equal(eipnn_executor_get(executor, n->energy, e->energy), EIPNN_OK);
  assert_int_equal(eipnn_executor_set_input(executor, n->seed, e->seed), EIPNN_OK);
  assert_int_equal(eipnn_executor_set_input(executor, n->loss_seed, e->loss_seed), EIPNN_OK);
  assert_int_equal(eipnn_executor_run(executor, n->forward_end, eipnn_graph_size(n->graph)),
                   EIPNN_OK);
  assert_int_equal(eipnn_executor_get(executor, n->gradient, e->gradient), EIPNN_OK);
  assert_int_equal(eipnn_executor_get(executor, n->weight_gradient, e->weight_gradient), EIPNN_OK);
}

static double seeded_energy(const evaluation *e)
{
  double sum = 0.0;
  for (int c = 0; c < e->fixture.structure.nconfig; c++) sum += e->seed[c] * e->energy[c];
  return sum;
}

static double seeded_gradient(const evaluation *e)
{
  double sum = 0.0;
  for (int k = 0; k < 3 * e->fixture.structure.npair; k++) sum += e->loss_seed[k] * e->gradient[k];
  return sum;
}

static const structure_options middle = {"middle", 8, 3, 30, 3, SPECIES};

static void test_derivatives(void **state)
{
  (void)state;
  const double step = 1e-5;
  network n;
  evaluation e, moved;
  network_create(&n);
  evaluation_create(&e, &middle, 1);
  evaluation_create(&moved, &middle, 1);
  eipnn_executor *executor =
      create_executor(&n, &e, eipnn_backend_ref(), EIPNN_PRECISION_DOUBLE, 0);
  evaluate(&n, &e, executor);
  for (int k = 0; k < 3 * middle.npair; k++) {
    moved.vec[k] = e.vec[k] + step;
    evaluate(&n, &moved, executor);
    const double plus = seeded_energy(&moved);
    moved.vec[k] = e.vec[k] - step;
    evaluate(&n, &moved, executor);
    moved.vec[k] = e.vec[k];
    assert_true(fabs((plus - seeded_energy(&moved)) / (2.0 * step) - e.gradient[k]) < 1e-7);
  }
  for (int k = 0; k < NODES * FEATURES; k++) {
    double *weight = &moved.weights[SPECIES * FEATURES + k];
    const double center = *weight;
    *weight = center + step;
    eipnn_executor_set_weights(executor, moved.weights);
    evaluate(&n, &moved, executor);
    const double plus = seeded_gradient(&moved);
    *weight = center - step;
    eipnn_executor_set_weights(executor, moved.weights);
    evaluate(&n, &moved, executor);
    *weight = center;
    assert_true(fabs((plus - seeded_gradient(&moved)) / (2.0 * step) - e.weight_gradient[k]) <
                1e-7);
  }
  eipnn_executor_free(&executor);
  evaluation_free(&e);
  evaluation_free(&moved);
  eipnn_graph_free(&n.graph);
}

static void assert_same(const evaluation *a, const evaluation *b, double tolerance)
{
  for (int c = 0; c < a->fixture.structure.nconfig; c++)
    assert_true(fabs(a->energy[c] - b->energy[c]) <= tolerance * (1.0 + fabs(b->energy[c])));
  for (int k = 0; k < 3 * a->fixture.structure.npair; k++)
    assert_true(fabs(a->gradient[k] - b->gradient[k]) <= tolerance * 10.0);
  for (int k = 0; k < NODES * FEATURES; k++)
    assert_true(fabs(a->weight_gradient[k] - b->weight_gradient[k]) <= tolerance * 100.0);
}

/* An executor made for `first`, now run on another structure, against a fresh one of "ref". */
static void compare_with_fresh(network *n, eipnn_executor *kept, evaluation *first,
                               const structure_options *size, size_t seed, double tolerance)
{
  evaluation expected, got;
  evaluation_create(&expected, size, seed);
  evaluation_create(&got, size, seed);
  eipnn_executor *fresh =
      create_executor(n, &expected, eipnn_backend_ref(), EIPNN_PRECISION_DOUBLE, 0);
  evaluate(n, &expected, fresh);
  /* The callbacks of the halo belong to the first fixture. */
  structure_fixture swap = first->fixture;
  first->fixture = got.fixture;
  assert_int_equal(eipnn_executor_set_weights(kept, got.weights), EIPNN_OK);
  evaluate(n, &got, kept);
  first->fixture = swap;
  assert_same(&got, &expected, tolerance);
  eipnn_executor_free(&fresh);
  evaluation_free(&expected);
  evaluation_free(&got);
}

/* One executor over changing sizes gives what a fresh one gives, on every backend; frozen
   tables follow the weights. */
static void check_changing_extents(const eipnn_backend *backend, eipnn_precision precision,
                                   int frozen, double tolerance)
{
  const structure_options size[] = {
      {"middle", 8, 3, 30, 3, SPECIES},  {"large", 60, 9, 400, 5, SPECIES},
      {"small", 2, 0, 1, 1, SPECIES},    {"no pairs", 4, 2, 0, 2, SPECIES},
      {"no atoms", 0, 0, 0, 1, SPECIES}, {"middle", 8, 3, 30, 3, SPECIES}};
  network n;
  evaluation first;
  network_create(&n);
  evaluation_create(&first, &size[0], 10);
  eipnn_executor *kept = create_executor(&n, &first, backend, precision, frozen);
  for (size_t s = 0; s < sizeof size / sizeof *size; s++)
    compare_with_fresh(&n, kept, &first, &size[s], s, tolerance);
  eipnn_executor_free(&kept);
  evaluation_free(&first);
  eipnn_graph_free(&n.graph);
}

static void test_changing_extents(void **state)
{
  (void)state;
  check_changing_extents(eipnn_backend_ref(), EIPNN_PRECISION_DOUBLE, 1, 0.0);
  tested_backend list[TESTED_BACKENDS];
  const size_t count = tested_backends(NULL, list);
  for (size_t b = 0; b < count; b++) {
    check_changing_extents(list[b].backend, EIPNN_PRECISION_DOUBLE, 0, 1e-12);
    check_changing_extents(list[b].backend, EIPNN_PRECISION_DOUBLE, 1, 1e-12);
    check_changing_extents(list[b].backend, EIPNN_PRECISION_MIXED, 1, 2e-5);
    check_changing_extents(list[b].backend, EIPNN_PRECISION_SINGLE, 0, 2e-5);
  }
}

/* Frozen tables are computed in double: in single precision they are the rounded
   values, not the result of rounded steps. */
static void check_frozen_in_double(const eipnn_backend *backend)
{
  double weights[NODES * FEATURES], exact[(NODES + 2) * FEATURES], rounded[(NODES + 2) * FEATURES];
  for (int k = 0; k < NODES * FEATURES; k++) weights[k] = sin(1.7 * k);
  const eipnn_structure structure = {.nconfig = 1};
  for (int single = 0; single < 2; single++) {
    eipnn_graph *g = NULL;
    eipnn_executor *executor = NULL;
    assert_int_equal(eipnn_graph_create(&g), EIPNN_OK);
    eipnn_tensor a = eipnn_parameter(g, 0, NODES, FEATURES);
    a = eipnn_spline(g, eipnn_unary(g, EIPNN_FUNCTION_SSP, eipnn_affine(g, a, 3.0, 0.1)));
    eipnn_executor_options options = {
        backend, single ? EIPNN_PRECISION_SINGLE : EIPNN_PRECISION_DOUBLE, 1, NULL};
    assert_int_equal(eipnn_executor_create(g, &options, 1, &a, NODES * FEATURES, &executor),
                     EIPNN_OK);
    assert_int_equal(eipnn_executor_bind(executor, &structure), EIPNN_OK);
    assert_int_equal(eipnn_executor_set_weights(executor, weights), EIPNN_OK);
    assert_int_equal(eipnn_executor_run(executor, 0, eipnn_graph_size(g)), EIPNN_OK);
    assert_int_equal(eipnn_executor_get(executor, a, single ? rounded : exact), EIPNN_OK);
    eipnn_executor_free(&executor);
    eipnn_graph_free(&g);
  }
  for (int k = 0; k < (NODES + 2) * FEATURES; k++)
    assert_true(rounded[k] == (double)(float)exact[k]);
}

static void test_frozen_in_double(void **state)
{
  (void)state;
  tested_backend list[TESTED_BACKENDS];
  const size_t count = tested_backends(NULL, list);
  for (size_t b = 0; b < count; b++) check_frozen_in_double(list[b].backend);
}

enum { COLS = 3, PARAMETERS = 5, COUNT = PARAMETERS * COLS };

/* x a + c + d and e + constant with five parameters, which lie in the order a, c, d, none, e. The
   gradient by c is also that by d, that by e is the seed itself, none has none. */
typedef struct sums {
  eipnn_graph *graph;
  eipnn_tensor x, seed[2], parameter[PARAMETERS], gradient[PARAMETERS];
} sums;

static void sums_create(sums *s)
{
  const double constant[COLS] = {1, 2, 3};
  assert_int_equal(eipnn_graph_create(&s->graph), EIPNN_OK);
  eipnn_graph *g = s->graph;
  for (int k = 0; k < PARAMETERS; k++)
    s->parameter[k] = eipnn_parameter(g, (size_t)(k * COLS), 1, COLS);
  s->x = eipnn_input(g, EIPNN_ROWS_ATOM, COLS);
  eipnn_tensor sum = eipnn_add(g, eipnn_mul(g, s->x, s->parameter[0]), s->parameter[1]);
  sum = eipnn_add(g, sum, s->parameter[2]);
  const eipnn_tensor moved = eipnn_add(g, s->parameter[4], eipnn_constant(g, 1, COLS, constant));
  const eipnn_tensor output[] = {sum, moved};
  s->seed[0] = eipnn_input(g, EIPNN_ROWS_ATOM, COLS);
  s->seed[1] = eipnn_input(g, 1, COLS);
  assert_int_equal(
      eipnn_graph_gradient(g, 2, output, s->seed, PARAMETERS, s->parameter, s->gradient), EIPNN_OK);
}

static void test_gradients_in_one_array(void **state)
{
  (void)state;
  const double x[2 * COLS] = {1, 2, 3, 4, 5, 6}, seed[2 * COLS] = {1, 10, 100, 2, 20, 200};
  const double row[COLS] = {7, 8, 9};
  const double expected[COUNT] = {9, 120, 1500, 3, 30, 300, 3, 30, 300, 0, 0, 0, 7, 8, 9};
  tested_backend list[TESTED_BACKENDS];
  const size_t count = tested_backends(NULL, list);
  const eipnn_structure structure = {.natom = 2, .nall = 2, .nconfig = 1};
  sums s;
  sums_create(&s);
  for (size_t b = 0; b <= count; b++) {
    const eipnn_backend *backend = b < count ? list[b].backend : eipnn_backend_ref();
    const eipnn_executor_options options = {backend, EIPNN_PRECISION_DOUBLE, 0, NULL};
    double values[COUNT] = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
    eipnn_executor *e = NULL;
    assert_int_equal(eipnn_executor_create(s.graph, &options, PARAMETERS, s.gradient, COUNT, &e),
                     EIPNN_OK);
    assert_int_equal(eipnn_executor_place_gradient(e, PARAMETERS, s.parameter, s.gradient),
                     EIPNN_OK);
    assert_int_equal(eipnn_executor_set_weights(e, values), EIPNN_OK);
    assert_int_equal(eipnn_executor_bind(e, &structure), EIPNN_OK);
    assert_int_equal(eipnn_executor_set_input(e, s.x, x), EIPNN_OK);
    assert_int_equal(eipnn_executor_set_input(e, s.seed[0], seed), EIPNN_OK);
    assert_int_equal(eipnn_executor_set_input(e, s.seed[1], row), EIPNN_OK);
    assert_int_equal(eipnn_executor_run(e, 0, eipnn_graph_size(s.graph)), EIPNN_OK);
    assert_int_equal(eipnn_executor_get_gradient(e, PARAMETERS, s.parameter, s.gradient, values),
                     EIPNN_OK);
    assert_memory_equal(values, expected, sizeof values);
    eipnn_executor_free(&e);
  }
  eipnn_graph_free(&s.graph);
}

/* Tensors whose lifetimes do not overlap share memory. */
static void test_memory_is_shared(void **state)
{
  (void)state;
  eipnn_graph *g = NULL;
  assert_int_equal(eipnn_graph_create(&g), EIPNN_OK);
  eipnn_tensor a = eipnn_input(g, EIPNN_ROWS_ATOM, 64);
  for (int k = 0; k < 50; k++) a = eipnn_affine(g, a, 1.01, 0.1 * k);
  eipnn_executor *executor = NULL;
  eipnn_executor_options options = {eipnn_backend_cpu(), EIPNN_PRECISION_DOUBLE, 0, NULL};
  assert_int_equal(eipnn_executor_create(g, &options, 1, &a, 0, &executor), EIPNN_OK);
  const eipnn_structure structure = {.natom = 1000, .nall = 1000, .nconfig = 1};
  assert_int_equal(eipnn_executor_bind(executor, &structure), EIPNN_OK);
  const size_t tensor = 1000 * 64 * sizeof(double);
  assert_true(eipnn_executor_bytes(executor) >= 3 * tensor);
  assert_true(eipnn_executor_bytes(executor) < 4 * tensor);
  eipnn_executor_free(&executor);
  eipnn_graph_free(&g);
}

static void test_refused_requests(void **state)
{
  (void)state;
  eipnn_graph *g = NULL;
  assert_int_equal(eipnn_graph_create(&g), EIPNN_OK);
  eipnn_tensor a = eipnn_input(g, EIPNN_ROWS_ATOM, 2), b = eipnn_affine(g, a, 2.0, 0.0);
  eipnn_tensor unused = eipnn_affine(g, a, 3.0, 0.0);
  double values[8] = {0.0};
  eipnn_executor *executor = NULL;
  eipnn_executor_options options = {eipnn_backend_ref(), EIPNN_PRECISION_SINGLE, 0, NULL};
  assert_int_equal(eipnn_executor_create(g, &options, 1, &b, 0, &executor),
                   EIPNN_ERROR_UNSUPPORTED);
  assert_null(executor);
  options.precision = EIPNN_PRECISION_DOUBLE;
  assert_int_equal(eipnn_executor_create(g, &options, 1, &b, 0, &executor), EIPNN_OK);
  assert_int_equal(eipnn_executor_run(executor, 0, 2), EIPNN_ERROR_ARGUMENT);
  assert_int_equal(eipnn_executor_get(executor, b, values), EIPNN_ERROR_ARGUMENT);
  const eipnn_structure ghosts = {.natom = 2, .nall = 3, .nconfig = 1};
  assert_int_equal(eipnn_executor_bind(executor, &ghosts), EIPNN_ERROR_ARGUMENT);
  const eipnn_structure structure = {.natom = 4, .nall = 4, .nconfig = 1};
  assert_int_equal(eipnn_executor_bind(executor, &structure), EIPNN_OK);
  assert_int_equal(eipnn_executor_set_input(executor, b, values), EIPNN_ERROR_ARGUMENT);
  assert_int_equal(eipnn_executor_get(executor, unused, values), EIPNN_ERROR_ARGUMENT);
  eipnn_executor_free(&executor);
  eipnn_executor_free(&executor);
  eipnn_graph_free(&g);
  eipnn_graph_free(&g);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_derivatives),      cmocka_unit_test(test_changing_extents),
      cmocka_unit_test(test_frozen_in_double), cmocka_unit_test(test_gradients_in_one_array),
      cmocka_unit_test(test_memory_is_shared), cmocka_unit_test(test_refused_requests)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
