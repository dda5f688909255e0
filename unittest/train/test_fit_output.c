/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/toy.h"

static const char *const heads[] = {"dft", "a"};

/* Energies that are exactly sums of atomic ones. */
static void set_atomic_energies(eipnn_dataset *dataset, double carbon, double silicon)
{
  eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  for (size_t n = 0; n < eipnn_dataset_count(dataset); n++) {
    eipnn_configuration c;
    assert_ok(eipnn_dataset_get(dataset, n, &c));
    dft->energy[n] = 0;
    for (int i = 0; i < c.natoms; i++) dft->energy[n] += c.number[i] == 6 ? carbon : silicon;
  }
}

static void atomic_energies_are_found(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(40, 2, 3);
  eipnn_model *model = toy_model(2, 2, heads, 1);
  const eipnn_train_options options = toy_options();
  set_atomic_energies(dataset, -7.25, 2.5);
  eipnn_dataset_labels(dataset, "dft")->energy[4] = 1e6; /* a test configuration */
  assert_ok(eipnn_train_fit_output(model, dataset, &options));
  assert_close(eipnn_model_shift(model, 0)[0], -7.25, 1e-10);
  assert_close(eipnn_model_shift(model, 0)[1], 2.5, 1e-10);
  assert_close(eipnn_model_scale(model, 0), 1.0, 0.0); /* no residual to scale by */
  assert_true(eipnn_model_scale(model, 1) != 1.0);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* One species: shift = sum E n / sum n^2, scale = deviation of E/n - shift. */
static void one_species_by_hand(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(40, 1, 3);
  eipnn_model *model = toy_model(1, 1, heads, 1);
  eipnn_train_options options = toy_options();
  assert_ok(eipnn_train_fit_output(model, dataset, &options));
  const uint8_t *role = eipnn_dataset_split(dataset, "s");
  const double *energy = eipnn_dataset_labels(dataset, "dft")->energy;
  double en = 0, nn = 0, sum = 0, square = 0, count = 0;
  for (size_t n = 0; n < 40; n++) {
    if (role[n] != EIPNN_ROLE_TRAIN) continue;
    const double natoms =
        (double)(eipnn_dataset_first_atom(dataset, n + 1) - eipnn_dataset_first_atom(dataset, n));
    en += energy[n] * natoms;
    nn += natoms * natoms;
    sum += energy[n] / natoms;
    square += energy[n] * energy[n] / (natoms * natoms);
    count++;
  }
  assert_close(eipnn_model_shift(model, 0)[0], en / nn, 1e-10);
  assert_close(eipnn_model_scale(model, 0), sqrt(square / count - sum * sum / (count * count)),
               1e-9);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* Every cell holds as many carbon as silicon atoms: only the sum of the two shifts is
   determined; the shortest solution shares it. */
static void collinear_counts_share_the_shift(void **state)
{
  (void)state;
  eipnn_dataset *dataset;
  uint8_t *role;
  assert_ok(eipnn_dataset_create(&dataset));
  for (int n = 0; n < 6; n++) {
    const int number[] = {6, 14};
    const double position[2][3] = {{0, 0, 0}, {1.8 + 0.01 * n, 0, 0}};
    const eipnn_configuration c = {.natoms = 2,
                                   .cell = {{6, 0, 0}, {0, 6, 0}, {0, 0, 6}},
                                   .pbc = {1, 1, 1},
                                   .number = number,
                                   .position = position,
                                   .tag = ""};
    assert_ok(eipnn_dataset_append(dataset, &c, -8.0, NULL, NULL));
  }
  assert_ok(eipnn_dataset_add_split(dataset, "s", &role));
  memset(role, EIPNN_ROLE_TRAIN, 6);
  eipnn_model *model = toy_model(2, 1, heads, 1);
  const eipnn_train_options options = toy_options();
  assert_ok(eipnn_train_fit_output(model, dataset, &options));
  assert_close(eipnn_model_shift(model, 0)[0], -4.0, 1e-10);
  assert_close(eipnn_model_shift(model, 0)[1], -4.0, 1e-10);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(atomic_energies_are_found),
      cmocka_unit_test(one_species_by_hand),
      cmocka_unit_test(collinear_counts_share_the_shift),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
