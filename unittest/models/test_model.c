/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crystal.h"
#include "train/test_support.h"

static const int silicon = 14;
static const char *const dft = "dft";

static void defaults_are_the_papers(void **state)
{
  (void)state;
  eipnn_network_options options;
  eipnn_network_options_default(&options);
  eipnn_model *model;
  assert_ok(eipnn_model_create(&options, 1, &silicon, 1, &dft, 1, &model));
  size_t count;
  eipnn_model_weights(model, &count);
  /* The paper's network has 444,801 with its embedding of 120 rows; this has one row. */
  assert_int_equal(count, 444801 - 119 * 128);
  eipnn_model_free(&model);
  assert_null(model);
  eipnn_model_free(&model);
}

static void parameters_tile_the_weights(void **state)
{
  (void)state;
  eipnn_network_options options;
  small_options(&options);
  eipnn_model *model;
  assert_ok(small_model(&options, 2, &model));
  size_t count, next = 0;
  eipnn_model_weights(model, &count);
  for (int k = 0; k < eipnn_model_parameter_count(model); k++) {
    const eipnn_parameter_info *info = eipnn_model_parameter(model, k);
    assert_int_equal(info->offset, next);
    next += (size_t)info->rows * (size_t)info->cols;
  }
  assert_int_equal(next, count);
  assert_string_equal(eipnn_model_parameter(model, 0)->path, "embedding");
  assert_string_equal(eipnn_model_parameter(model, 1)->path, "layer0/filter1/weight");
  assert_int_equal(eipnn_model_parameter(model, 1)->rows, 16);
  assert_int_equal(eipnn_model_parameter(model, 1)->cols, 12);
  assert_null(eipnn_model_parameter(model, eipnn_model_parameter_count(model)));
  eipnn_model_free(&model);
}

static void weights_follow_the_seed(void **state)
{
  (void)state;
  eipnn_network_options options;
  small_options(&options);
  eipnn_model *a, *b, *c;
  assert_ok(eipnn_model_create(&options, 1, &silicon, 1, &dft, 5, &a));
  assert_ok(eipnn_model_create(&options, 1, &silicon, 1, &dft, 5, &b));
  assert_ok(eipnn_model_create(&options, 1, &silicon, 1, &dft, 6, &c));
  size_t count;
  const double *wa = eipnn_model_weights(a, &count);
  assert_memory_equal(wa, eipnn_model_weights(b, NULL), count * sizeof *wa);
  assert_memory_not_equal(wa, eipnn_model_weights(c, NULL), count * sizeof *wa);
  const eipnn_parameter_info *info = eipnn_model_parameter(a, 1);
  double largest = 0.0;
  for (int k = 0; k < info->rows * info->cols; k++)
    largest = fmax(largest, fabs(wa[info->offset + (size_t)k]));
  assert_true(largest <= 0.25 && largest > 0.2); /* 1/sqrt(16) */
  eipnn_model_free(&a);
  eipnn_model_free(&b);
  eipnn_model_free(&c);
}

/* Energy of the first atom of a chain in which each atom sees the next ones alone. */
static double first_energy(eipnn_calculator *calculator, int n, int moved, double by)
{
  double position[16][3] = {{0}}, energy[16] = {0};
  int species[16] = {0}, center[16], count[16], list[16][2], *neighbor[16];
  for (int i = 0; i < n; i++) {
    position[i][0] = 2.5 * i + (i == moved ? by : 0.0);
    center[i] = i;
    neighbor[i] = list[i];
    count[i] = 0;
    if (i > 0) list[i][count[i]++] = i - 1;
    if (i + 1 < n) list[i][count[i]++] = i + 1;
  }
  eipnn_atoms atoms = {.nlocal = n,
                       .position = (const double(*)[3])position,
                       .species = species,
                       .nlist = n,
                       .center = center,
                       .count = count,
                       .neighbor = neighbor,
                       .neighbor_mask = -1};
  eipnn_result result = {.atom_energy = energy};
  assert_ok(eipnn_calculator_compute(calculator, &atoms, 0, &result));
  return energy[0];
}

static void energies_reach_as_many_hops_as_the_model_says(void **state)
{
  (void)state;
  eipnn_network_options options;
  small_options(&options);
  options.cutoff = 3.0;
  eipnn_model *model;
  eipnn_calculator *calculator;
  eipnn_calculator_options how;
  eipnn_calculator_options_default(&how);
  how.precision = EIPNN_PRECISION_DOUBLE;
  assert_ok(eipnn_model_create(&options, 1, &silicon, 1, &dft, 5, &model));
  assert_ok(eipnn_calculator_create(model, &how, &calculator));
  const int hops = eipnn_model_hops(model), n = hops + 3;
  assert_in_range(n, 4, 16);
  const double energy = first_energy(calculator, n, 0, 0.0);
  assert_true(first_energy(calculator, n, hops, 0.1) != energy);
  assert_close(first_energy(calculator, n, hops + 1, 0.1), energy, 0.0);
  eipnn_calculator_free(&calculator);
  eipnn_model_free(&model);
}

static void copies_are_deep(void **state)
{
  (void)state;
  eipnn_network_options options;
  small_options(&options);
  eipnn_model *model, *copy;
  assert_ok(small_model(&options, 2, &model));
  assert_ok(eipnn_model_set_history(model, "method", "mp"));
  assert_ok(eipnn_model_copy(model, &copy));
  size_t count;
  double *weights = eipnn_model_weights(model, &count);
  assert_memory_equal(weights, eipnn_model_weights(copy, NULL), count * sizeof *weights);
  weights[0] += 1.0;
  assert_true(weights[0] != eipnn_model_weights(copy, NULL)[0]);
  eipnn_model_free(&model);
  assert_string_equal(eipnn_model_head_name(copy, 1), "edip");
  assert_null(eipnn_model_head_name(copy, 2));
  assert_close(eipnn_model_scale(copy, 1), 2.7, 0.0);
  assert_close(eipnn_model_shift(copy, 1)[1], -2.5, 0.0);
  assert_string_equal(eipnn_model_history(copy, "method"), "mp");
  assert_int_equal(eipnn_model_species_index(copy, 32), 1);
  assert_int_equal(eipnn_model_species_index(copy, 6), -1);
  eipnn_model_free(&copy);
}

static void representation_is_taken_over(void **state)
{
  (void)state;
  eipnn_network_options options;
  small_options(&options);
  eipnn_model *from, *to, *other;
  assert_ok(
      eipnn_model_create(&options, 1, &silicon, 3, (const char *const[]){"a", "b", "c"}, 1, &from));
  assert_ok(eipnn_model_create(&options, 1, &silicon, 1, &dft, 2, &to));
  size_t count, source_count;
  const double *after = eipnn_model_weights(to, &count);
  const double *source = eipnn_model_weights(from, &source_count);
  double *before = malloc(count * sizeof *before);
  memcpy(before, after, count * sizeof *before);
  assert_ok(eipnn_model_copy_representation(to, from));
  const size_t head = 12 * 12 + 12 + 12 + 1; /* weights of the head of `to` */
  assert_memory_equal(after, source, (count - head) * sizeof *after);
  assert_memory_equal(after + count - head, before + count - head, head * sizeof *after);
  options.residual = 0;
  assert_ok(eipnn_model_create(&options, 1, &silicon, 1, &dft, 2, &other));
  assert_fails(eipnn_model_copy_representation(other, from), EIPNN_ERROR_ARGUMENT, "residual");
  free(before);
  eipnn_model_free(&from);
  eipnn_model_free(&to);
  eipnn_model_free(&other);
}

static void history_replaces_and_lists(void **state)
{
  (void)state;
  eipnn_network_options options;
  small_options(&options);
  eipnn_model *model;
  assert_ok(eipnn_model_create(&options, 1, &silicon, 1, &dft, 1, &model));
  assert_null(eipnn_model_history(model, "seed"));
  assert_ok(eipnn_model_set_history(model, "seed", "1"));
  assert_ok(eipnn_model_set_history(model, "seed", "42"));
  assert_int_equal(eipnn_model_history_count(model), 1);
  assert_string_equal(eipnn_model_history(model, "seed"), "42");
  assert_string_equal(eipnn_model_history_key(model, 0), "seed");
  assert_null(eipnn_model_history_key(model, 1));
  assert_fails(eipnn_model_set_history(model, "", "x"), EIPNN_ERROR_ARGUMENT, "key");
  eipnn_model_free(&model);
}

static void bad_arguments_are_named(void **state)
{
  (void)state;
  eipnn_network_options options;
  eipnn_model *model;
  small_options(&options);
  const int unsorted[] = {32, 14}, unknown = 119;
  const char *const twins[] = {"a", "a"};
  assert_fails(eipnn_model_create(&options, 2, unsorted, 1, &dft, 1, &model), EIPNN_ERROR_ARGUMENT,
               "ascending");
  assert_null(model);
  assert_fails(eipnn_model_create(&options, 1, &unknown, 1, &dft, 1, &model), EIPNN_ERROR_ARGUMENT,
               "119");
  assert_fails(eipnn_model_create(&options, 0, NULL, 1, &dft, 1, &model), EIPNN_ERROR_ARGUMENT,
               "species");
  assert_fails(eipnn_model_create(&options, 1, &silicon, 2, twins, 1, &model), EIPNN_ERROR_ARGUMENT,
               "'a'");
  strcpy(options.network, "shnet");
  assert_fails(eipnn_model_create(&options, 1, &silicon, 1, &dft, 1, &model), EIPNN_ERROR_ARGUMENT,
               "known networks: schnet");
  small_options(&options);
  options.cutoff = NAN;
  assert_fails(eipnn_model_create(&options, 1, &silicon, 1, &dft, 1, &model), EIPNN_ERROR_ARGUMENT,
               "cutoff");
  small_options(&options);
  options.layers = 0;
  assert_fails(eipnn_model_create(&options, 1, &silicon, 1, &dft, 1, &model), EIPNN_ERROR_ARGUMENT,
               "layers");
  small_options(&options);
  options.hidden = 8192;
  options.layers = 100;
  assert_fails(eipnn_model_create(&options, 1, &silicon, 1, &dft, 1, &model), EIPNN_ERROR_ARGUMENT,
               "weights");
}

static void outputs_must_be_finite(void **state)
{
  (void)state;
  eipnn_network_options options;
  small_options(&options);
  eipnn_model *model;
  assert_ok(eipnn_model_create(&options, 1, &silicon, 1, &dft, 1, &model));
  const double good = -4.0, bad = NAN;
  assert_fails(eipnn_model_set_output(model, 0, 1.0, &bad), EIPNN_ERROR_NUMERIC, "shift");
  assert_fails(eipnn_model_set_output(model, 0, INFINITY, &good), EIPNN_ERROR_NUMERIC, "scale");
  assert_fails(eipnn_model_set_output(model, 1, 1.0, &good), EIPNN_ERROR_ARGUMENT, "head");
  assert_ok(eipnn_model_set_output(model, 0, 2.0, &good));
  assert_close(eipnn_model_shift(model, 0)[0], -4.0, 0.0);
  eipnn_model_free(&model);
}

static void precisions_have_names(void **state)
{
  (void)state;
  eipnn_precision precision;
  for (int k = EIPNN_PRECISION_SINGLE; k <= EIPNN_PRECISION_DOUBLE; k++) {
    assert_ok(eipnn_precision_from_name(eipnn_precision_name((eipnn_precision)k), &precision));
    assert_int_equal(precision, k);
  }
  assert_fails(eipnn_precision_from_name("half", &precision), EIPNN_ERROR_ARGUMENT,
               "single, mixed, double");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(defaults_are_the_papers),
      cmocka_unit_test(parameters_tile_the_weights),
      cmocka_unit_test(weights_follow_the_seed),
      cmocka_unit_test(copies_are_deep),
      cmocka_unit_test(representation_is_taken_over),
      cmocka_unit_test(history_replaces_and_lists),
      cmocka_unit_test(bad_arguments_are_named),
      cmocka_unit_test(outputs_must_be_finite),
      cmocka_unit_test(precisions_have_names),
      cmocka_unit_test(energies_reach_as_many_hops_as_the_model_says),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
