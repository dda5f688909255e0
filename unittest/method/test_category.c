/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "labelled_dataset.h"

#include <eipnn/augmentation.h>

#include <string.h>

/* Two atoms at DFT -10 eV, limit 0.125 eV/atom: 0.25 eV in all. */
static void classes_end_at_the_limit(void **state)
{
  (void)state;
  static const struct {
    double dft, energy[2];
    int category;
  } cases[] = {
      {-10, {-10.25, -9}, 0},
      {-10, {-10.2500001, -9}, 2},
      {-10, {-9.75, -10.125}, 1},
      {-10, {NAN, -10.125}, 1},
      {-10, {NAN, NAN}, -1},
      {NAN, {-10, -10}, -1},
      {-10, {-10.125, -9.875}, 0} /* a tie goes to the first */,
  };
  enum { CASES = sizeof cases / sizeof cases[0] };
  eipnn_dataset *dataset = empty_dataset();
  double energy[CASES][2];
  int category[CASES];
  for (int n = 0; n < CASES; n++) {
    append_chain(dataset, 2, SILICON, 0, 0, cases[n].dft);
    memcpy(energy[n], cases[n].energy, sizeof energy[n]);
  }
  MUST(eipnn_augmentation_classes(dataset, 2, energy[0], 0.125, category));
  for (int n = 0; n < CASES; n++) assert_int_equal(category[n], cases[n].category);
  assert_int_equal(eipnn_augmentation_classes(dataset, 2, energy[0], 0, category),
                   EIPNN_ERROR_ARGUMENT);
  assert_int_equal(eipnn_augmentation_classes(dataset, 0, energy[0], 0.1, category),
                   EIPNN_ERROR_ARGUMENT);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(classes_end_at_the_limit)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
