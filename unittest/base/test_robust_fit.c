/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/least_squares.h"
#include "base/random.h"
#include "base/robust_fit.h"
#include "base/statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { ROWS = 200 };

static void quantiles_interpolate(void **state)
{
  (void)state;
  double values[4] = {4, 1, 3, 2};
  eipnn_sort(values, 4);
  assert_true(values[0] == 1 && values[3] == 4);
  assert_true(eipnn_quantile(values, 4, 0.5) == 2.5);
  assert_true(eipnn_quantile(values, 4, 0.25) == 1.75);
  assert_true(eipnn_quantile(values, 4, 1.0) == 4);
  assert_true(eipnn_quantile(values, 1, 0.5) == 1);
}

/* Normal equations by hand: columns (1,1,1), (0,1,2), target (1,2,4): 5/6 + 3/2 x. */
static void least_squares_of_a_line(void **state)
{
  (void)state;
  const double matrix[6] = {1, 1, 1, 0, 1, 2}, target[3] = {1, 2, 4};
  double x[2];
  assert_int_equal(eipnn_least_squares(3, 2, matrix, target, x), EIPNN_OK);
  assert_true(fabs(x[0] - 5.0 / 6.0) < 1e-13 && fabs(x[1] - 1.5) < 1e-13);
}

/* Two equal columns share; fewer equations than unknowns too. */
static void equal_columns_share(void **state)
{
  (void)state;
  const double matrix[4] = {1, 2, 1, 2}, target[2] = {3, 6};
  double x[2];
  assert_int_equal(eipnn_least_squares(2, 2, matrix, target, x), EIPNN_OK);
  assert_true(fabs(x[0] - 1.5) < 1e-13 && fabs(x[1] - 1.5) < 1e-13);
  assert_int_equal(eipnn_least_squares(1, 2, (const double[]){1, 1}, target, x), EIPNN_OK);
  assert_true(fabs(x[0] - 1.5) < 1e-13 && fabs(x[1] - 1.5) < 1e-13);
}

/* y = -0.8 + 0.3 t + noise, each fifth value wrong: by target alone, or by target and column. */
static void a_fifth_of_outliers_does_not_pull(void **state)
{
  (void)state;
  static double matrix[2 * ROWS], target[ROWS];
  for (int wild_column = 0; wild_column <= 1; wild_column++) {
    eipnn_random random;
    eipnn_random_seed(&random, 1, 0);
    for (int r = 0; r < ROWS; r++) {
      const double t = eipnn_random_normal(&random);
      matrix[r] = 1;
      matrix[ROWS + r] = t;
      target[r] = -0.8 + 0.3 * t + 0.01 * eipnn_random_normal(&random);
      if (r % 5 == 0 && wild_column) matrix[ROWS + r] = 1e9 * (1 + r), target[r] = -1e9 * (1 + r);
      if (r % 5 == 0 && !wild_column) target[r] += 5 + r;
    }
    eipnn_robust_fit fit;
    double x[2];
    assert_int_equal(eipnn_robust_fit_solve(ROWS, 2, 1, matrix, target, x, &fit), EIPNN_OK);
    assert_true(fabs(x[0] + 0.8) < 0.003 && fabs(x[1] - 0.3) < 0.003);
    assert_true(fit.scatter > 0.005 && fit.scatter < 0.015);
    for (int r = 0; r < ROWS; r += 5) assert_true(fit.weight[r] == 0);
    assert_true(fabs(fit.residual[1] - (target[1] - x[0] - x[1] * matrix[ROWS + 1])) < 1e-14);
    eipnn_robust_fit_free(&fit);
  }
}

static void one_value_is_a_fit(void **state)
{
  (void)state;
  const double one = 1, target = -3;
  eipnn_robust_fit fit;
  double x;
  assert_int_equal(eipnn_robust_fit_solve(1, 1, 1, &one, &target, &x, &fit), EIPNN_OK);
  assert_true(x == -3 && fit.scatter == 0 && fit.weight[0] == 1);
  eipnn_robust_fit_free(&fit);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(quantiles_interpolate), cmocka_unit_test(least_squares_of_a_line),
      cmocka_unit_test(equal_columns_share),   cmocka_unit_test(a_fifth_of_outliers_does_not_pull),
      cmocka_unit_test(one_value_is_a_fit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
