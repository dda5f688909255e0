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

/* Limit 2: 1.5^2, at the limit 4, beyond it 2 (2*5 - 2) = 16 on either side. */
static void huber_values(void **state)
{
  (void)state;
  const double prediction[] = {2.5, 3.0, 6.0, -4.0, 9.0}, target[] = {1.0, 1.0, 1.0, 1.0, NAN};
  double seed[5];
  const double loss = eipnn_loss_huber(5, prediction, target, 2.0, 0.5, seed);
  assert_close(loss, 0.5 * (2.25 + 4.0 + 16.0 + 16.0), 1e-14);
  const double expected[] = {1.5, 2.0, 2.0, -2.0, 0.0};
  for (int k = 0; k < 5; k++) assert_close(seed[k], expected[k], 1e-15);
  const double broken[] = {NAN}, infinite[] = {INFINITY};
  assert_true(isnan(eipnn_loss_huber(1, broken, target, 2.0, 1.0, seed)));
  assert_false(isfinite(eipnn_loss_huber(1, infinite, target, 2.0, 1.0, seed)));
}

static void huber_seed_is_the_derivative(void **state)
{
  (void)state;
  double seed[1], ignored[1];
  const double target[] = {0.5}, step = 1e-6;
  for (double at = -3.0; at <= 4.0; at += 0.17) {
    const double above = at + step, below = at - step;
    eipnn_loss_huber(1, &at, target, 1.9, 0.7, seed);
    const double rise = eipnn_loss_huber(1, &above, target, 1.9, 0.7, ignored) -
                        eipnn_loss_huber(1, &below, target, 1.9, 0.7, ignored);
    assert_close(seed[0], rise / (2 * step), 1e-8);
  }
}

/* Residuals 0, inside, at and beyond the cutoff, against the formula worked out by hand:
   k = 2, so that k^2/6 = 2/3; r = 1: 2/3 [1 - (3/4)^3] = 37/96. */
static void biweight_values(void **state)
{
  (void)state;
  const double prediction[] = {1.0, 2.0, 3.0, -9.0, 0.0}, target[] = {1.0, 1.0, 1.0, 1.0, NAN};
  double seed[5];
  const double loss = eipnn_loss_tukey(5, prediction, target, 2.0, 0.5, seed);
  assert_close(loss, 0.5 * (37.0 / 96.0 + 4.0 / 3.0), 1e-15);
  const double expected[] = {0.0, 0.5 * 9.0 / 16.0, 0.0, 0.0, 0.0};
  for (int k = 0; k < 5; k++) assert_close(seed[k], expected[k], 1e-15);
  assert_close(eipnn_loss_tukey(5, prediction, target, 0.0, 0.5, seed), 0.0, 0.0);
  for (int k = 0; k < 5; k++) assert_close(seed[k], 0.0, 0.0);
}

static void biweight_seed_is_the_derivative(void **state)
{
  (void)state;
  double seed[1], ignored[1];
  const double target[] = {0.5}, step = 1e-6;
  for (double at = -3.0; at <= 4.0; at += 0.17) {
    const double above = at + step, below = at - step;
    eipnn_loss_tukey(1, &at, target, 1.9, 0.7, seed);
    const double rise = eipnn_loss_tukey(1, &above, target, 1.9, 0.7, ignored) -
                        eipnn_loss_tukey(1, &below, target, 1.9, 0.7, ignored);
    assert_close(seed[0], rise / (2 * step), 1e-9);
  }
}

/* Far inside the cutoff the biweight is half the squared error. */
static void biweight_of_small_residuals(void **state)
{
  (void)state;
  const double prediction[] = {1e-4}, target[] = {0.0};
  double seed[1];
  assert_close(eipnn_loss_tukey(1, prediction, target, 10.0, 1.0, seed), 0.5e-8, 1e-15);
}

static void outliers_do_not_hide_broken_predictions(void **state)
{
  (void)state;
  const double target[] = {1.0};
  const double wrong[] = {NAN, INFINITY, -INFINITY};
  double seed[1];
  for (int k = 0; k < 3; k++)
    assert_true(isnan(eipnn_loss_tukey(1, &wrong[k], target, 1.0, 1.0, seed)));
}

static void sigma_is_of_the_lower_middle_residual(void **state)
{
  (void)state;
  double odd[] = {5.0, -1.0, 1.0, 3.0}, even[] = {8.0, 2.0, 4.0, -1.0, 1.0};
  double none[] = {-1.0, -1.0}, broken[] = {1.0, NAN, 2.0}, zero[] = {0.0, 0.0, 7.0};
  assert_close(eipnn_loss_sigma(4, odd), 1.4826 * 3.0, 1e-15);
  assert_close(eipnn_loss_sigma(5, even), 1.4826 * 2.0, 1e-15);
  assert_close(eipnn_loss_sigma(2, none), 0.0, 0.0);
  assert_close(eipnn_loss_sigma(0, none), 0.0, 0.0);
  assert_close(eipnn_loss_sigma(3, zero), 0.0, 0.0);
  assert_true(isnan(eipnn_loss_sigma(3, broken)));
}

/* Logits 0, log 2, log 5: probabilities 1/8, 2/8, 5/8. */
static void cross_entropy_values(void **state)
{
  (void)state;
  const double logits[] = {0.0, log(2.0), log(5.0)};
  double seed[3];
  assert_close(eipnn_loss_cross_entropy(3, logits, 1, 0.5, seed), 0.5 * log(4.0), 1e-15);
  const double expected[] = {0.5 / 8, 0.5 * (2.0 / 8 - 1), 0.5 * 5 / 8};
  for (int k = 0; k < 3; k++) assert_close(seed[k], expected[k], 1e-15);
  assert_close(eipnn_loss_cross_entropy(3, logits, -1, 0.5, seed), 0.0, 0.0);
  for (int k = 0; k < 3; k++) assert_close(seed[k], 0.0, 0.0);
}

static void cross_entropy_of_large_logits(void **state)
{
  (void)state;
  const double large[] = {-1000.0, 1000.0}, broken[] = {0.0, NAN};
  double seed[2];
  assert_close(eipnn_loss_cross_entropy(2, large, 0, 1.0, seed), 2000.0, 0.0);
  assert_close(seed[0], -1.0, 0.0);
  assert_close(seed[1], 1.0, 0.0);
  assert_close(eipnn_loss_cross_entropy(2, large, 1, 1.0, NULL), 0.0, 0.0);
  assert_true(isnan(eipnn_loss_cross_entropy(2, broken, 0, 1.0, seed)));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(missing_labels_do_not_count),
      cmocka_unit_test(seed_is_the_derivative),
      cmocka_unit_test(wrong_predictions_show),
      cmocka_unit_test(huber_values),
      cmocka_unit_test(huber_seed_is_the_derivative),
      cmocka_unit_test(biweight_values),
      cmocka_unit_test(biweight_seed_is_the_derivative),
      cmocka_unit_test(biweight_of_small_residuals),
      cmocka_unit_test(outliers_do_not_hide_broken_predictions),
      cmocka_unit_test(cross_entropy_values),
      cmocka_unit_test(cross_entropy_of_large_logits),
      cmocka_unit_test(sigma_is_of_the_lower_middle_residual),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
