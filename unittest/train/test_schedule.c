/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/test_support.h"

#include <eipnn/train.h>

static void linear_runs_from_the_rate_to_a_hundredth(void **state)
{
  (void)state;
  /* Epochs 0, 25, 50, 99 of 100 at 1e-3 to 1e-5. */
  static const double t[] = {0.0, 0.25, 0.5, 0.99};
  static const double expected[] = {1e-3, 7.525e-4, 5.05e-4, 1.99e-5};
  for (int k = 0; k < 4; k++)
    assert_close(eipnn_schedule_rate(EIPNN_SCHEDULE_LINEAR, 1e-3, 0.01, t[k]), expected[k], 1e-15);
}

static void slanted_triangle_peaks_at_a_fifth(void **state)
{
  (void)state;
  /* Epochs 0, 10, 20, 60, 99 of 100: p = 0, 0.5, 1, 0.5, 0.0125. */
  static const double t[] = {0.0, 0.1, 0.2, 0.6, 0.99};
  static const double expected[] = {3.125e-5, 5.15625e-4, 1e-3, 5.15625e-4, 4.3359375e-5};
  for (int k = 0; k < 5; k++)
    assert_close(eipnn_schedule_rate(EIPNN_SCHEDULE_SLANTED, 1e-3, 0.01, t[k]), expected[k], 1e-15);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(linear_runs_from_the_rate_to_a_hundredth),
      cmocka_unit_test(slanted_triangle_peaks_at_a_fifth),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
