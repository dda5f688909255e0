/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/loss.h"
#include "train/test_support.h"

static void missing_labels_do_not_count(void **state)
{
  (void)state;
  const double prediction[] = {1.0, 5.0, -2.0, INFINITY}, target[] = {0.5, NAN, 1.0, NAN};
  double seed[4];
  const size_t labelled = eipnn_loss_labelled(4, target);
  assert_int_equal(labelled, 2);
  const double loss = eipnn_loss_squared(4, prediction, target, 1.0 / (double)labelled, seed);
  assert_close(loss, (0.25 + 9.0) / 2.0, 1e-15);
  const double expected[] = {0.5, 0.0, -3.0, 0.0};
  for (int k = 0; k < 4; k++) assert_close(seed[k], expected[k], 1e-15);
}

static void seed_is_the_derivative(void **state)
{
  (void)state;
  double prediction[] = {0.3, -1.7, 2.2}, seed[3], ignored[3];
  const double target[] = {1.0, -2.0, 2.0}, step = 1e-5;
  eipnn_loss_squared(3, prediction, target, 0.7, seed);
  for (int k = 0; k < 3; k++) {
    const double at = prediction[k];
    prediction[k] = at + step;
    const double above = eipnn_loss_squared(3, prediction, target, 0.7, ignored);
    prediction[k] = at - step;
    const double below = eipnn_loss_squared(3, prediction, target, 0.7, ignored);
    prediction[k] = at;
    assert_close(seed[k], (above - below) / (2 * step), 1e-9);
  }
}

static void wrong_predictions_show(void **state)
{
  (void)state;
  const double prediction[] = {NAN}, target[] = {1.0};
  double seed[1];
  assert_true(isnan(eipnn_loss_squared(1, prediction, target, 1.0, seed)));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(missing_labels_do_not_count),
      cmocka_unit_test(seed_is_the_derivative),
      cmocka_unit_test(wrong_predictions_show),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
