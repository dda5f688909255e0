/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/targets.h"
#include "train/toy.h"

static const char *const heads[] = {"dft", "a", "b"};

static void roles_decide_what_enters(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(50, 2, 1);
  eipnn_model *model = toy_model(2, 3, heads, 1);
  eipnn_train_options options = toy_options();
  eipnn_targets targets;
  assert_ok(eipnn_targets_build(&targets, model, dataset, &options, EIPNN_PURPOSE_TRAIN));
  assert_int_equal(targets.count, 20);
  for (size_t k = 0; k < 20; k++) assert_int_equal(targets.index[k], k / 2 * 5 + k % 2);
  eipnn_targets_free(&targets);
  assert_ok(eipnn_targets_build(&targets, model, dataset, &options, EIPNN_PURPOSE_VALIDATION));
  assert_int_equal(targets.count, 10);
  for (size_t k = 0; k < 10; k++) assert_int_equal(targets.index[k], 5 * k + 3);
  eipnn_targets_free(&targets);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

static void the_pool_hides_its_dft_labels(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(50, 1, 1);
  eipnn_model *model = toy_model(1, 3, heads, 1);
  eipnn_train_options options = toy_options();
  options.use_pool = 1;
  options.force_weight = 1;
  eipnn_targets targets;
  assert_ok(eipnn_targets_build(&targets, model, dataset, &options, EIPNN_PURPOSE_TRAIN));
  assert_int_equal(targets.count, 30);
  const uint8_t *role = eipnn_dataset_split(dataset, "s");
  for (size_t k = 0; k < targets.count; k++) {
    const size_t index = targets.index[k];
    const int pool = role[index] == EIPNN_ROLE_POOL;
    assert_int_equal(isnan(targets.energy[3 * k]) != 0, pool);
    assert_int_equal(isnan(targets.forces[0][targets.first[k]][1]) != 0, pool);
    assert_close(targets.energy[3 * k + 1], eipnn_dataset_labels(dataset, "eip/a")->energy[index],
                 0);
    assert_close(targets.energy[3 * k + 2], eipnn_dataset_labels(dataset, "eip/b")->energy[index],
                 0);
    assert_int_equal(targets.labelled[EIPNN_KIND_ENERGY][k], pool ? 2 : 3);
  }
  assert_null(targets.forces[2]);
  assert_null(targets.virial[0]);
  eipnn_targets_free(&targets);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* Missing energies and those outside the window drop out, with their forces. */
static void window_and_missing_labels(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(25, 1, 1);
  eipnn_model *model = toy_model(1, 1, heads, 1);
  eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  dft->energy[1] = NAN;
  for (int k = 0; k < 6; k++) dft->virial[1][k] = NAN;
  for (size_t i = eipnn_dataset_first_atom(dataset, 1); i < eipnn_dataset_first_atom(dataset, 2);
       i++)
    dft->forces[i][0] = dft->forces[i][1] = dft->forces[i][2] = NAN;
  dft->energy[5] = 1e4;
  dft->energy[6] = -1e4;
  dft->energy[10] = NAN; /* keeps its forces */
  eipnn_train_options options = toy_options();
  options.energy_minimum = -100;
  options.energy_maximum = 100;
  options.force_weight = 1;
  eipnn_targets targets;
  assert_ok(eipnn_targets_build(&targets, model, dataset, &options, EIPNN_PURPOSE_TRAIN));
  static const size_t kept[] = {0, 10, 11, 15, 16, 20, 21};
  assert_int_equal(targets.count, 7);
  for (size_t k = 0; k < 7; k++) {
    assert_int_equal(targets.index[k], kept[k]);
    const size_t atom = eipnn_dataset_first_atom(dataset, kept[k]);
    const size_t natoms = eipnn_dataset_first_atom(dataset, kept[k] + 1) - atom;
    assert_int_equal(targets.first[k + 1] - targets.first[k], natoms);
    assert_memory_equal(targets.forces[0][targets.first[k]], dft->forces[atom],
                        natoms * sizeof *dft->forces);
    if (k != 1) assert_close(targets.energy[k], dft->energy[kept[k]], 0);
  }
  assert_true(isnan(targets.energy[1]));
  assert_int_equal(targets.labelled[EIPNN_KIND_ENERGY][1], 0);
  eipnn_targets_free(&targets);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* eip/b has energies only: a weight on forces or virials is an error, not ignored. */
static void weights_need_their_labels(void **state)
{
  (void)state;
  static const char *const energies_only[] = {"b"};
  eipnn_dataset *dataset = toy_dataset(10, 1, 1);
  eipnn_model *model = toy_model(1, 1, energies_only, 1);
  eipnn_train_options options = toy_options();
  eipnn_targets targets;
  assert_ok(eipnn_targets_build(&targets, model, dataset, &options, EIPNN_PURPOSE_TRAIN));
  eipnn_targets_free(&targets);
  options.force_weight = 1;
  assert_int_equal(eipnn_targets_build(&targets, model, dataset, &options, EIPNN_PURPOSE_TRAIN),
                   EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "has forces"));
  options.force_weight = 0;
  options.virial_weight = 1;
  assert_int_equal(eipnn_targets_build(&targets, model, dataset, &options, EIPNN_PURPOSE_TRAIN),
                   EIPNN_ERROR_ARGUMENT);
  assert_non_null(strstr(eipnn_last_error(), "has virials"));
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

static void scaling_counts_from_the_shifts(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(10, 2, 1);
  eipnn_model *model = toy_model(2, 1, heads, 1);
  const double shift[] = {-3.0, -1.0}; /* carbon, silicon */
  assert_ok(eipnn_model_set_output(model, 0, 0.5, shift));
  eipnn_train_options options = toy_options();
  options.force_weight = options.virial_weight = 1;
  eipnn_targets targets;
  assert_ok(eipnn_targets_build(&targets, model, dataset, &options, EIPNN_PURPOSE_TRAIN));
  assert_ok(eipnn_targets_scale(&targets, model, dataset));
  const eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  eipnn_configuration c;
  assert_ok(eipnn_dataset_get(dataset, 0, &c));
  double energy = dft->energy[0];
  for (int i = 0; i < c.natoms; i++) energy -= c.number[i] == 6 ? -3.0 : -1.0;
  assert_close(targets.energy[0], energy / 0.5, 1e-12);
  assert_close(targets.forces[0][1][2], dft->forces[1][2] / 0.5, 1e-12);
  assert_close(targets.virial[0][0][4], dft->virial[0][4] / 0.5, 1e-12);
  eipnn_targets_free(&targets);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

static void only_what_is_used_enters_the_hash(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(10, 1, 1);
  eipnn_model *model = toy_model(1, 1, heads, 1);
  eipnn_train_options options = toy_options();
  eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  uint64_t hash[3];
  const size_t changed[] = {4, 1}; /* test, train */
  for (int k = 0; k < 3; k++) {
    eipnn_targets targets;
    assert_ok(eipnn_targets_build(&targets, model, dataset, &options, EIPNN_PURPOSE_TRAIN));
    hash[k] = eipnn_targets_hash(&targets, dataset, 1);
    eipnn_targets_free(&targets);
    if (k < 2) dft->energy[changed[k]] += 1e-9;
  }
  assert_true(hash[0] == hash[1]);
  assert_true(hash[1] != hash[2]);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

static void what_cannot_be_learnt_is_an_error(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(10, 1, 1);
  static const char *const unknown[] = {"nosuch"};
  eipnn_model *model = toy_model(1, 3, heads, 1), *other = toy_model(1, 1, unknown, 1);
  eipnn_train_options options = toy_options();
  eipnn_targets t;
  assert_fails(eipnn_targets_build(&t, other, dataset, &options, EIPNN_PURPOSE_TRAIN),
               EIPNN_ERROR_ARGUMENT, "eip/nosuch");
  options.split = "absent";
  assert_fails(eipnn_targets_build(&t, model, dataset, &options, EIPNN_PURPOSE_TRAIN),
               EIPNN_ERROR_ARGUMENT, "'absent'");
  options.split = "s";
  options.energy_maximum = -1e3;
  assert_fails(eipnn_targets_build(&t, model, dataset, &options, EIPNN_PURPOSE_VALIDATION),
               EIPNN_ERROR_ARGUMENT, "no validation configuration");
  options.energy_maximum = NAN;
  for (size_t n = 0; n < 10; n++) eipnn_dataset_labels(dataset, "eip/b")->energy[n] = NAN;
  assert_fails(eipnn_targets_build(&t, model, dataset, &options, EIPNN_PURPOSE_TRAIN),
               EIPNN_ERROR_ARGUMENT, "head 'b' has no label");
  memset(eipnn_dataset_split(dataset, "s"), EIPNN_ROLE_TEST, 10);
  assert_fails(eipnn_targets_build(&t, model, dataset, &options, EIPNN_PURPOSE_TRAIN),
               EIPNN_ERROR_ARGUMENT, "no training configuration");
  eipnn_model_free(&model);
  eipnn_model_free(&other);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(roles_decide_what_enters),
      cmocka_unit_test(the_pool_hides_its_dft_labels),
      cmocka_unit_test(window_and_missing_labels),
      cmocka_unit_test(weights_need_their_labels),
      cmocka_unit_test(scaling_counts_from_the_shifts),
      cmocka_unit_test(only_what_is_used_enters_the_hash),
      cmocka_unit_test(what_cannot_be_learnt_is_an_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
