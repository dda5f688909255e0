/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Training on labels that augmentation chose, beside those of DFT. */

#include "train/targets.h"
#include "train/toy.h"

static const char *const heads[] = {"dft"};

static eipnn_model *fitted_model(const eipnn_dataset *dataset, const eipnn_train_options *options)
{
  eipnn_model *model = toy_model(1, 1, heads, 7);
  assert_ok(eipnn_train_fit_output(model, dataset, options));
  return model;
}

/* DFT first, then the pool's chosen labels; what is NaN or outside the window has no slot. */
static void slots_of_chosen_labels(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(50, 1, 1);
  eipnn_augmentation chosen = toy_augmentation(dataset, "eip/a");
  eipnn_model *model = toy_model(1, 1, heads, 1);
  eipnn_train_options options = toy_options();
  options.augmentation = &chosen;
  options.energy_maximum = 100;
  options.force_weight = 1;
  chosen.energy[2] = NAN;  /* no label */
  chosen.energy[7] = 1e4;  /* outside the window */
  chosen.energy[4] = -3.0; /* of role test: never looked at */
  chosen.energy[0] = -3.0; /* of role train: DFT is there */
  eipnn_targets targets;
  assert_ok(eipnn_targets_build(&targets, model, dataset, &options, EIPNN_PURPOSE_TRAIN));
  assert_int_equal(targets.first_chosen, 20);
  assert_int_equal(targets.count, 28);
  for (size_t k = 0; k < 8; k++) {
    const size_t slot = 20 + k, index = 12 + 5 * k,
                 first = eipnn_dataset_first_atom(dataset, index);
    assert_int_equal(targets.index[slot], index);
    assert_close(targets.energy[slot], chosen.energy[index], 0);
    assert_close(targets.weight[slot], chosen.weight[index], 0);
    assert_close(targets.forces[0][targets.first[slot]][1], chosen.forces[first][1], 0);
  }
  for (size_t k = 0; k < 20; k++) assert_close(targets.weight[k], 1, 0);
  eipnn_targets_free(&targets);
  assert_ok(eipnn_targets_build(&targets, model, dataset, &options, EIPNN_PURPOSE_VALIDATION));
  assert_int_equal(targets.count, 10);
  assert_int_equal(targets.first_chosen, 10);
  eipnn_targets_free(&targets);
  toy_augmentation_free(&chosen);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

static void chosen_labels_that_do_not_fit_are_errors(void **state)
{
  (void)state;
  static const char *const other[] = {"a"};
  eipnn_dataset *dataset = toy_dataset(10, 1, 1);
  eipnn_augmentation chosen = toy_augmentation(dataset, "eip/a");
  eipnn_model *model = toy_model(1, 1, heads, 1), *of_eip = toy_model(1, 1, other, 1);
  eipnn_train_options options = toy_options();
  options.augmentation = &chosen;
  eipnn_targets t;
  assert_fails(eipnn_targets_build(&t, of_eip, dataset, &options, EIPNN_PURPOSE_TRAIN),
               EIPNN_ERROR_ARGUMENT, "no head 'dft'");
  chosen.weight[2] = -1;
  assert_fails(eipnn_targets_build(&t, model, dataset, &options, EIPNN_PURPOSE_TRAIN),
               EIPNN_ERROR_ARGUMENT, "configuration 2 has weight -1");
  chosen.count = 9;
  assert_fails(eipnn_targets_build(&t, model, dataset, &options, EIPNN_PURPOSE_TRAIN),
               EIPNN_ERROR_ARGUMENT, "9 configurations, this one has 10");
  options.alpha = -1;
  assert_fails(eipnn_train(model, dataset, &options, NULL, NULL), EIPNN_ERROR_ARGUMENT, "alpha");
  options.alpha = 1;
  options.augmentation_loss = (eipnn_augmentation_loss)7;
  assert_fails(eipnn_train(model, dataset, &options, NULL, NULL), EIPNN_ERROR_ARGUMENT,
               "augmentation_loss");
  toy_augmentation_free(&chosen);
  eipnn_model_free(&model);
  eipnn_model_free(&of_eip);
  eipnn_dataset_free(&dataset);
}

static int keep_progress(void *context, const eipnn_train_progress *progress)
{
  *(eipnn_train_progress *)context = *progress;
  return 0;
}

/* Validation error (eV) after training on the pool with every fourth of its labels 20 eV wrong.
   last: the final report of progress. */
static double error_with_wrong_labels(eipnn_augmentation_loss loss, int augmented,
                                      eipnn_train_progress *last)
{
  eipnn_dataset *dataset = toy_dataset(80, 1, 12);
  eipnn_augmentation chosen = toy_augmentation(dataset, "dft");
  eipnn_train_options options = toy_options();
  if (augmented) options.augmentation = &chosen;
  for (size_t n = 2; n < 80; n += 20) chosen.energy[n] += 20;
  options.augmentation_loss = loss;
  options.rate = 1e-2;
  options.steps = 300;
  options.progress = keep_progress;
  options.context = last;
  eipnn_model *model = fitted_model(dataset, &options);
  eipnn_train_summary summary;
  assert_ok(eipnn_train(model, dataset, &options, NULL, &summary));
  assert_int_equal(summary.nchosen, augmented ? 16 : 0);
  toy_augmentation_free(&chosen);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
  return summary.best_mae;
}

static void wrong_labels_hurt_the_squared_loss_alone(void **state)
{
  (void)state;
  eipnn_train_progress last;
  const double none = error_with_wrong_labels(EIPNN_LOSS_SQUARED, 0, &last);
  const double squared = error_with_wrong_labels(EIPNN_LOSS_SQUARED, 1, &last);
  assert_true(isnan(last.sigma) && isnan(last.labels_used)); /* not worked out */
  const double scaled = error_with_wrong_labels(EIPNN_LOSS_TUKEY_SCALED, 1, &last);
  const double tukey = error_with_wrong_labels(EIPNN_LOSS_TUKEY, 1, &last);
  assert_true(squared > 2 * tukey);
  assert_true(squared > 2 * scaled);
  assert_true(tukey < 1.2 * none);
  assert_true(last.sigma > 0 && last.sigma < 1); /* eV; the wrong labels are out by 20 */
  assert_true(last.labels_used > 0.5 && last.labels_used <= 0.75);
}

/* Residuals that are all zero have no scale: the biweight is then zero, not a division. */
static void perfect_predictions(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(20, 1, 3);
  eipnn_train_options options = toy_options();
  options.steps = 2; /* Adam turns gradients of rounding errors into whole steps */
  eipnn_model *model = fitted_model(dataset, &options), *copy;
  eipnn_calculator_options calculator;
  eipnn_calculator_options_default(&calculator);
  calculator.precision = EIPNN_PRECISION_DOUBLE;
  calculator.backend = "ref";
  calculator.table = 0;
  eipnn_metrics metrics;
  eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  double *energy = malloc(20 * sizeof *energy);
  assert_ok(eipnn_evaluate(model, dataset, NULL, EIPNN_ROLE_UNUSED, NAN, NAN, &calculator, &metrics,
                           energy));
  memcpy(dft->energy, energy, 20 * sizeof *energy);
  eipnn_augmentation chosen = toy_augmentation(dataset, "dft");
  options.augmentation = &chosen;
  for (int loss = EIPNN_LOSS_TUKEY; loss <= EIPNN_LOSS_TUKEY_SCALED; loss++) {
    options.augmentation_loss = (eipnn_augmentation_loss)loss;
    assert_ok(eipnn_model_copy(model, &copy));
    eipnn_train_summary summary;
    assert_ok(eipnn_train(copy, dataset, &options, NULL, &summary));
    assert_true(summary.best_mae < 1e-10);
    eipnn_model_free(&copy);
  }
  free(energy);
  toy_augmentation_free(&chosen);
  eipnn_model_free(&model);
  eipnn_dataset_free(&dataset);
}

/* No label chosen at all: as if augmentation had not been asked for. */
static void nothing_was_chosen(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(40, 1, 4);
  eipnn_augmentation chosen = toy_augmentation(dataset, "eip/a");
  for (size_t n = 0; n < 40; n++) chosen.energy[n] = NAN;
  eipnn_train_options options = toy_options();
  eipnn_model *without = fitted_model(dataset, &options), *with = fitted_model(dataset, &options);
  assert_ok(eipnn_train(without, dataset, &options, NULL, NULL));
  options.augmentation = &chosen;
  options.alpha_by_count = 1;
  assert_ok(eipnn_train(with, dataset, &options, NULL, NULL));
  assert_true(toy_same_weights(with, without));
  toy_augmentation_free(&chosen);
  eipnn_model_free(&with);
  eipnn_model_free(&without);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(slots_of_chosen_labels),
      cmocka_unit_test(chosen_labels_that_do_not_fit_are_errors),
      cmocka_unit_test(wrong_labels_hurt_the_squared_loss_alone),
      cmocka_unit_test(perfect_predictions),
      cmocka_unit_test(nothing_was_chosen),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
