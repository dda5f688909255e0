/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Training on backend "kokkos" follows that on "cpu", to the rounding of the precision. */

#include "train/toy.h"

#include <eipnn/classifier.h>

enum { VALIDATIONS = 6, FIGURES = 3 * VALIDATIONS };
static const char *const heads[] = {"dft", "a", "b"};

/* Loss, error per configuration and error per atom of each validation. */
typedef struct course {
  double figure[FIGURES];
  int count;
} course;

static int note(void *context, const eipnn_train_progress *progress)
{
  course *c = context;
  if (!progress->validated || c->count + 3 > FIGURES) return 0;
  c->figure[c->count++] = isnan(progress->loss) ? 0.0 : progress->loss;
  c->figure[c->count++] = progress->validation_mae;
  c->figure[c->count++] = progress->validation_atom_mae;
  return 0;
}

/* Ten steps from the same start. */
static course train(eipnn_model *model, const eipnn_dataset *dataset,
                    const eipnn_train_options *given, const char *backend,
                    eipnn_precision precision)
{
  course c = {{0}, 0};
  eipnn_train_options options = *given;
  options.backend = backend;
  options.precision = precision;
  options.steps = 10;
  options.validate_every = 2;
  options.context = &c;
  options.progress = note;
  assert_ok(eipnn_train(model, dataset, &options, NULL, NULL));
  eipnn_model_free(&model);
  assert_int_equal(c.count, FIGURES);
  return c;
}

typedef eipnn_model *make_model(const eipnn_dataset *dataset, const eipnn_train_options *options);

static void compare(make_model *make, const eipnn_dataset *dataset,
                    const eipnn_train_options *options)
{
  static const char *const backends[] = {"kokkos", "kokkos-host"};
  static const struct {
    eipnn_precision precision;
    double tolerance;
  } row[] = {{EIPNN_PRECISION_DOUBLE, 1e-10},
             {EIPNN_PRECISION_SINGLE, 1e-5},
             {EIPNN_PRECISION_MIXED, 1e-5}};
  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    const course cpu = train(make(dataset, options), dataset, options, "cpu", row[k].precision);
    for (int b = 0; b < 2; b++) {
      const course other =
          train(make(dataset, options), dataset, options, backends[b], row[k].precision);
      for (int n = 0; n < FIGURES; n++)
        assert_close(other.figure[n], cpu.figure[n],
                     row[k].tolerance * (1.0 + fabs(cpu.figure[n])));
    }
  }
}

static eipnn_model *fitted(eipnn_model *model, const eipnn_dataset *dataset,
                           const eipnn_train_options *options)
{
  assert_ok(eipnn_train_fit_output(model, dataset, options));
  return model;
}

static eipnn_model *one_head(const eipnn_dataset *dataset, const eipnn_train_options *options)
{
  return fitted(toy_model(2, 1, heads, 7), dataset, options);
}

static eipnn_model *three_heads(const eipnn_dataset *dataset, const eipnn_train_options *options)
{
  return fitted(toy_model(2, 3, heads, 7), dataset, options);
}

static void energies(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(40, 2, 3);
  eipnn_train_options options = toy_options();
  for (options.table = 0; options.table < 2; options.table++) compare(one_head, dataset, &options);
  eipnn_dataset_free(&dataset);
}

static void forces_and_virials(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(40, 2, 3);
  eipnn_train_options options = toy_options();
  options.force_weight = 0.3;
  options.virial_weight = 0.1;
  for (options.table = 0; options.table < 2; options.table++) compare(one_head, dataset, &options);
  eipnn_dataset_free(&dataset);
}

/* Heads of which the third has no forces, with the pool, as pretraining does. */
static void several_heads(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(40, 2, 3);
  eipnn_train_options options = toy_options();
  options.use_pool = 1;
  options.table = 1;
  options.force_weight = 0.3;
  compare(three_heads, dataset, &options);
  eipnn_dataset_free(&dataset);
}

static void chosen_labels(void **state)
{
  (void)state;
  eipnn_dataset *dataset = toy_dataset(40, 2, 3);
  eipnn_augmentation chosen = toy_augmentation(dataset, "eip/a");
  eipnn_train_options options = toy_options();
  options.augmentation = &chosen;
  options.average = 0.9;
  options.huber = 0.5;
  options.table = 1;
  compare(one_head, dataset, &options);
  toy_augmentation_free(&chosen);
  eipnn_dataset_free(&dataset);
}

static eipnn_model *classifier(const eipnn_dataset *dataset, const eipnn_train_options *options)
{
  (void)dataset;
  (void)options;
  static const char *const classes[] = {"small", "middle", "large"};
  static const int species[] = {6, 14};
  eipnn_model *model;
  eipnn_network_options network;
  eipnn_network_options_default(&network);
  network.cutoff = TOY_CUTOFF;
  network.hidden = 6;
  network.layers = 2;
  network.nradial = 6;
  assert_ok(
      eipnn_classifier_create(&network, 2, species, 3, classes, EIPNN_POOLING_MEAN, 5, &model));
  return model;
}

static void classes_of_configurations(void **state)
{
  (void)state;
  int category[40];
  eipnn_dataset *dataset = toy_dataset(40, 2, 3);
  for (size_t n = 0; n < 40; n++)
    category[n] =
        (int)(eipnn_dataset_first_atom(dataset, n + 1) - eipnn_dataset_first_atom(dataset, n)) - 2;
  eipnn_train_options options = toy_options();
  options.category = category;
  compare(classifier, dataset, &options);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(energies),
      cmocka_unit_test(forces_and_virials),
      cmocka_unit_test(several_heads),
      cmocka_unit_test(chosen_labels),
      cmocka_unit_test(classes_of_configurations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
