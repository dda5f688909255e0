/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Atoms in device memory, in a build without Kokkos. */
#include "crystal.h"
#include "train/test_support.h"

#include <eipnn/device.h>

static void the_build_option_is_named(void **state)
{
  (void)state;
  eipnn_network_options network;
  small_options(&network);
  eipnn_model *model;
  assert_ok(small_model(&network, 1, &model));
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  eipnn_calculator *calculator;
  assert_ok(eipnn_calculator_create(model, &options, &calculator));
  const eipnn_device_atoms atoms = {0};
  const eipnn_device_result result = {0};
  size_t bytes;
  assert_fails(eipnn_device_bind(calculator, &atoms), EIPNN_ERROR_UNSUPPORTED, "EIPNN_KOKKOS=ON");
  int64_t npair;
  assert_fails(eipnn_device_count_pairs(calculator, &atoms, &npair), EIPNN_ERROR_UNSUPPORTED,
               "EIPNN_KOKKOS=ON");
  assert_fails(eipnn_device_measure(calculator, 1, 1, 1, &bytes), EIPNN_ERROR_UNSUPPORTED,
               "EIPNN_KOKKOS=ON");
  assert_fails(eipnn_device_compute(calculator, &atoms, &result), EIPNN_ERROR_UNSUPPORTED,
               "EIPNN_KOKKOS=ON");
  assert_int_equal(eipnn_device_free_memory(calculator), 0);
  eipnn_calculator_free(&calculator);
  eipnn_model_free(&model);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(the_build_option_is_named)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
