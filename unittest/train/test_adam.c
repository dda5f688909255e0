/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/adam.h"
#include "train/test_support.h"

/* Steps by hand, rate 0.1, one weight starting at 1 and gradients 2, -1:
   step 1: m = 0.2, v = 0.004, m^ = 2, v^ = 4: w = 1 - 0.1*2/(2 + 1e-8)
   step 2: m = 0.08, v = 0.004996, m^ = 0.08/0.19, v^ = 0.004996/0.001999. */
static void two_steps_by_hand(void **state)
{
  (void)state;
  eipnn_adam adam;
  assert_ok(eipnn_adam_create(&adam, 1));
  double weight = 1.0;
  const double gradient[] = {2.0, -1.0};
  eipnn_adam_update(&adam, 0.1, &gradient[0], &weight);
  const double first = 1.0 - 0.1 * 2.0 / (2.0 + 1e-8);
  assert_close(weight, first, 1e-15);
  eipnn_adam_update(&adam, 0.1, &gradient[1], &weight);
  const double second = 0.1 * (0.08 / 0.19) / (sqrt(0.004996 / 0.001999) + 1e-8);
  assert_close(weight, first - second, 1e-14);
  assert_int_equal(adam.step, 2);
  eipnn_adam_free(&adam);
}

static void every_weight_is_updated(void **state)
{
  (void)state;
  enum { N = 37 };
  eipnn_adam adam;
  assert_ok(eipnn_adam_create(&adam, N));
  double weight[N], gradient[N];
  for (int k = 0; k < N; k++) {
    weight[k] = k;
    gradient[k] = k % 2 ? 1e-3 * (k + 1) : -1e3 * (k + 1);
  }
  eipnn_adam_update(&adam, 0.01, gradient, weight);
  for (int k = 0; k < N; k++) /* the first step is the rate, whatever the gradient's size */
    assert_close(weight[k], k % 2 ? k - 0.01 : k + 0.01, 1e-7);
  eipnn_adam_free(&adam);
}

static void clipping_scales_to_the_limit(void **state)
{
  (void)state;
  double g[11] = {0};
  g[0] = 3.0;
  g[10] = -4.0;
  assert_close(eipnn_clip_norm(g, 11, 0.0), 5.0, 1e-15);
  assert_close(g[10], -4.0, 0.0);
  assert_close(eipnn_clip_norm(g, 11, 5.5), 5.0, 1e-15);
  assert_close(g[0], 3.0, 0.0);
  assert_close(eipnn_clip_norm(g, 11, 0.5), 5.0, 1e-15);
  assert_close(g[0], 0.3, 1e-15);
  assert_close(g[10], -0.4, 1e-15);
}

static void clipping_reports_a_norm_that_is_not_finite(void **state)
{
  (void)state;
  double g[2] = {1.0, NAN};
  assert_true(isnan(eipnn_clip_norm(g, 2, 1.0)));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_steps_by_hand),
      cmocka_unit_test(every_weight_is_updated),
      cmocka_unit_test(clipping_scales_to_the_limit),
      cmocka_unit_test(clipping_reports_a_norm_that_is_not_finite),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
