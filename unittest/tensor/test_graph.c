/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/executor.h"
#include "tensor/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A first operand [atom][4] and what is wrong with it. */
static eipnn_tensor wrong_operation(eipnn_graph *g, int which, eipnn_tensor a)
{
  switch (which) {
    case 0: return eipnn_add(g, a, eipnn_input(g, EIPNN_ROWS_ATOM, 3));
    case 1: return eipnn_mul(g, a, eipnn_input(g, EIPNN_ROWS_PAIR, 4));
    case 2: return eipnn_matmul(g, a, 0, eipnn_parameter(g, 0, 3, 4), 0);
    case 3: return eipnn_linear(g, a, eipnn_parameter(g, 0, 4, 5), eipnn_parameter(g, 20, 1, 4));
    case 4: return eipnn_repeat(g, a, EIPNN_ROWS_PAIR, 4);
    case 5: return eipnn_gather(g, a, EIPNN_INDEX_PAIR_J);
    case 6: return eipnn_scatter(g, a, EIPNN_INDEX_PAIR_I, EIPNN_ROWS_ATOM);
    case 7: return eipnn_scatter(g, a, EIPNN_INDEX_ATOM_CONFIG, EIPNN_ROWS_PAIR);
    case 8: return eipnn_halo_sum(g, a);
    case 9: return eipnn_spline(g, a);
    case 10: return eipnn_filter_convolution(g, a, NULL, EIPNN_NO_TENSOR, a);
    case 11: return eipnn_affine(g, 1000, 1.0, 0.0);
    case 12: return eipnn_unary(g, EIPNN_FUNCTION_EXP, EIPNN_NO_TENSOR);
    case 13: return eipnn_input(g, 0, 4);
    case 14: return eipnn_input(g, EIPNN_ROWS_ATOM, 0);
    case 15: return eipnn_activation(g, EIPNN_FUNCTION_SSP, a, eipnn_parameter(g, 0, 1, 3));
    case 16:
      return eipnn_linear_residual(g, a, eipnn_parameter(g, 0, 4, 5), eipnn_parameter(g, 20, 1, 5),
                                   a);
    default: return eipnn_parameter(g, 0, EIPNN_ROWS_ATOM, 4);
  }
}

/* The first mistake is kept: later calls give no tensor, and no executor is made. */
static void test_errors_are_sticky(void **state)
{
  (void)state;
  for (int which = 0; which < 18; which++) {
    eipnn_graph *g = NULL;
    assert_int_equal(eipnn_graph_create(&g), EIPNN_OK);
    eipnn_tensor a = eipnn_input(g, EIPNN_ROWS_ATOM, 4);
    assert_int_equal(eipnn_graph_status(g), EIPNN_OK);
    assert_int_equal(wrong_operation(g, which, a), EIPNN_NO_TENSOR);
    assert_int_equal(eipnn_graph_status(g), EIPNN_ERROR_ARGUMENT);
    char message[256];
    snprintf(message, sizeof message, "%s", eipnn_last_error());
    assert_true(strlen(message) > 10);
    assert_int_equal(eipnn_affine(g, a, 1.0, 1.0), EIPNN_NO_TENSOR);
    assert_int_equal(eipnn_halo_sum(g, a), EIPNN_NO_TENSOR);
    assert_int_equal(eipnn_graph_status(g), EIPNN_ERROR_ARGUMENT);
    assert_string_equal(eipnn_last_error(), message);
    eipnn_executor *executor = NULL;
    eipnn_executor_options options = {eipnn_backend_ref(), EIPNN_PRECISION_DOUBLE, 0, NULL};
    assert_int_equal(eipnn_executor_create(g, &options, 1, &a, 0, &executor), EIPNN_ERROR_ARGUMENT);
    assert_null(executor);
    eipnn_graph_free(&g);
  }
}

static void test_identical_nodes_are_shared(void **state)
{
  (void)state;
  eipnn_graph *g = NULL;
  assert_int_equal(eipnn_graph_create(&g), EIPNN_OK);
  eipnn_tensor a = eipnn_input(g, EIPNN_ROWS_ATOM, 4);
  eipnn_tensor b = eipnn_affine(g, a, 2.0, 1.0);
  assert_int_equal(eipnn_affine(g, a, 2.0, 1.0), b);
  assert_int_not_equal(eipnn_affine(g, a, 2.0, 1.5), b);
  assert_int_not_equal(eipnn_input(g, EIPNN_ROWS_ATOM, 4), a);
  assert_int_equal(eipnn_parameter(g, 3, 2, 2), eipnn_parameter(g, 3, 2, 2));
  eipnn_graph_free(&g);
}

static void test_gradient_arguments(void **state)
{
  (void)state;
  eipnn_graph *g = NULL;
  assert_int_equal(eipnn_graph_create(&g), EIPNN_OK);
  eipnn_tensor a = eipnn_input(g, EIPNN_ROWS_ATOM, 4), other = eipnn_input(g, EIPNN_ROWS_ATOM, 4);
  eipnn_tensor b = eipnn_mul(g, a, a), wrt[] = {a, other}, gradient[2];
  eipnn_tensor seed = eipnn_input(g, EIPNN_ROWS_ATOM, 4), small = eipnn_input(g, 1, 4);
  assert_int_equal(eipnn_graph_gradient(g, 1, &b, &seed, 2, wrt, gradient), EIPNN_OK);
  assert_true(gradient[0] >= 0);
  assert_int_equal(gradient[1], EIPNN_NO_TENSOR);
  assert_int_equal(eipnn_graph_gradient(g, 1, &b, &small, 2, wrt, gradient), EIPNN_ERROR_ARGUMENT);
  eipnn_graph_free(&g);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_errors_are_sticky),
                                     cmocka_unit_test(test_identical_nodes_are_shared),
                                     cmocka_unit_test(test_gradient_arguments)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
