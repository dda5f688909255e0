/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "crystal.h"
#include "train/test_support.h"

#include <hdf5.h>

#include <stdio.h>
#include <unistd.h>

#define FILE_NAME "test_model_file.h5"

static void write_model(eipnn_model **model, int nheads)
{
  eipnn_network_options options;
  small_options(&options);
  options.cutoff_function = EIPNN_CUTOFF_POLYNOMIAL;
  options.radial_gamma = 3.3;
  options.filter_ssp = 1;
  assert_ok(small_model(&options, nheads, model));
  assert_ok(eipnn_model_set_history(*model, "method", "mp+la"));
  assert_ok(eipnn_model_set_history(*model, "note", "quote \" and newline\n"));
  assert_ok(eipnn_model_write(*model, FILE_NAME));
}

static void expect_equal(const eipnn_model *a, const eipnn_model *b)
{
  size_t na, nb;
  const double *wa = eipnn_model_weights(a, &na), *wb = eipnn_model_weights(b, &nb);
  assert_int_equal(na, nb);
  assert_memory_equal(wa, wb, na * sizeof *wa);
  const eipnn_network_options *p = eipnn_model_options(a), *q = eipnn_model_options(b);
  assert_string_equal(p->network, q->network);
  assert_true(p->cutoff == q->cutoff && p->radial_gamma == q->radial_gamma);
  assert_true(p->hidden == q->hidden && p->layers == q->layers && p->nradial == q->nradial);
  assert_int_equal(p->cutoff_function, q->cutoff_function);
  assert_true(p->residual == q->residual && p->filter_ssp == q->filter_ssp);
  assert_int_equal(p->padded, q->padded);
  for (int h = 0; h < eipnn_model_head_count(a); h++) {
    assert_string_equal(eipnn_model_head_name(a, h), eipnn_model_head_name(b, h));
    assert_true(eipnn_model_scale(a, h) == eipnn_model_scale(b, h));
    assert_memory_equal(eipnn_model_shift(a, h), eipnn_model_shift(b, h), 2 * sizeof(double));
  }
  for (size_t k = 0; k < eipnn_model_history_count(a); k++) {
    const char *key = eipnn_model_history_key(a, k);
    assert_string_equal(eipnn_model_history(a, key), eipnn_model_history(b, key));
  }
}

static void round_trip(int nheads)
{
  eipnn_model *model, *read;
  write_model(&model, nheads);
  assert_ok(eipnn_model_read(FILE_NAME, &read));
  assert_int_equal(eipnn_model_head_count(read), nheads);
  expect_equal(model, read);
  eipnn_model_free(&model);
  eipnn_model_free(&read);
}

static void round_trip_is_exact(void **state)
{
  (void)state;
  round_trip(1);
  round_trip(3);
}

static void layout_is_the_contract(void **state)
{
  (void)state;
  eipnn_model *model;
  write_model(&model, 1);
  hid_t file = H5Fopen(FILE_NAME, H5F_ACC_RDONLY, H5P_DEFAULT);
  assert_true(file >= 0);
  static const char *const attributes[] = {"format", "version", "network", "cutoff",    "hidden",
                                           "layers", "species", "units",   "precision", "history"};
  for (size_t k = 0; k < sizeof attributes / sizeof *attributes; k++)
    if (H5Aexists(file, attributes[k]) <= 0) fail_msg("attribute %s is missing", attributes[k]);
  hid_t set = H5Dopen2(file, "/shift", H5P_DEFAULT), space = H5Dget_space(set);
  assert_int_equal(H5Sget_simple_extent_ndims(space), 1);
  assert_int_equal(H5Sget_simple_extent_npoints(space), 2);
  H5Sclose(space);
  H5Dclose(set);
  assert_true(H5Lexists(file, "/weights/layer1/project/bias", H5P_DEFAULT) > 0);
  assert_true(H5Lexists(file, "/scale", H5P_DEFAULT) > 0);
  H5Fclose(file);
  eipnn_model_free(&model);
}

static void expect_refused(const char *text)
{
  eipnn_model *model = (eipnn_model *)1;
  eipnn_status status = eipnn_model_read(FILE_NAME, &model);
  assert_null(model);
  assert_int_equal(status, EIPNN_ERROR_FORMAT);
  assert_non_null(strstr(eipnn_last_error(), FILE_NAME));
  if (!strstr(eipnn_last_error(), text))
    fail_msg("the message '%s' does not say '%s'", eipnn_last_error(), text);
}

static hid_t open_fresh(void)
{
  eipnn_model *model;
  write_model(&model, 1);
  eipnn_model_free(&model);
  hid_t file = H5Fopen(FILE_NAME, H5F_ACC_RDWR, H5P_DEFAULT);
  assert_true(file >= 0);
  return file;
}

static void put_double(hid_t file, const char *path, double value)
{
  hid_t set = H5Dopen2(file, path, H5P_DEFAULT);
  hid_t space = H5Dget_space(set);
  size_t count = (size_t)H5Sget_simple_extent_npoints(space);
  double *values = calloc(count, sizeof *values);
  values[count - 1] = value;
  assert_true(H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
  free(values);
  H5Sclose(space);
  H5Dclose(set);
}

static void put_integer(hid_t file, const char *name, int value)
{
  hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
  assert_true(H5Awrite(attribute, H5T_NATIVE_INT, &value) >= 0);
  H5Aclose(attribute);
}

static void put_text(hid_t file, const char *name, const char *value)
{
  H5Adelete(file, name);
  hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR);
  H5Tset_size(type, strlen(value) + 1);
  hid_t attribute = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(H5Awrite(attribute, type, value) >= 0);
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
}

static void changed_content_is_refused(void **state)
{
  (void)state;
  hid_t file = open_fresh();
  H5Ldelete(file, "weights/layer1/out/weight", H5P_DEFAULT);
  H5Fclose(file);
  expect_refused("layer1/out/weight' is missing");
  file = open_fresh();
  put_double(file, "weights/embedding", NAN);
  H5Fclose(file);
  expect_refused("embedding holds a number that is not finite");
  file = open_fresh();
  put_double(file, "weights/embedding", 0.5);
  H5Fclose(file);
  expect_refused("checksum");
  file = open_fresh();
  put_double(file, "shift", INFINITY);
  H5Fclose(file);
  expect_refused("shift");
  file = open_fresh();
  H5Ldelete(file, "scale", H5P_DEFAULT);
  H5Fclose(file);
  expect_refused("scale' is missing");
}

static void changed_attributes_are_refused(void **state)
{
  (void)state;
  static const struct {
    const char *name;
    int value;
    const char *text;
  } integers[] = {{"version", 2, "version 2"},   {"hidden", 13, "embedding' has the wrong shape"},
                  {"hidden", -1, "hidden"},      {"layers", 3, "layer2/filter1/weight' is missing"},
                  {"layers", 1000000, "layers"}, {"nradial", 15, "filter1"},
                  {"residual", 7, "residual"}};
  for (size_t k = 0; k < sizeof integers / sizeof *integers; k++) {
    hid_t file = open_fresh();
    put_integer(file, integers[k].name, integers[k].value);
    H5Fclose(file);
    expect_refused(integers[k].text);
  }
  static const char *const texts[][3] = {{"format", "eipnn-dataset", "eipnn-dataset"},
                                         {"network", "painn", "known networks: schnet"},
                                         {"units", "real", "units"},
                                         {"cutoff_function", "step", "none, cosine, polynomial"},
                                         {"history", "{not json", "history"},
                                         {"version", "one", "version"}};
  for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
    hid_t file = open_fresh();
    put_text(file, texts[k][0], texts[k][1]);
    H5Fclose(file);
    expect_refused(texts[k][2]);
  }
  static const char *const needed[] = {"format",  "version", "cutoff",
                                       "species", "heads",   "history"};
  for (size_t k = 0; k < sizeof needed / sizeof *needed; k++) {
    hid_t file = open_fresh();
    H5Adelete(file, needed[k]);
    H5Fclose(file);
    expect_refused(k ? needed[k] : "not an eipnn model");
  }
}

/* Fixed-length strings and no checksum: what other programs write. */
static void foreign_files_are_read(void **state)
{
  (void)state;
  hid_t file = open_fresh();
  H5Adelete(file, "checksum");
  put_text(file, "network", "schnet");
  put_text(file, "units", "metal");
  H5Fclose(file);
  eipnn_model *model;
  assert_ok(eipnn_model_read(FILE_NAME, &model));
  eipnn_model_free(&model);
}

static unsigned char *load(size_t *size)
{
  FILE *file = fopen(FILE_NAME, "rb");
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  unsigned char *bytes = malloc(*size);
  assert_int_equal(fread(bytes, 1, *size, file), *size);
  fclose(file);
  return bytes;
}

static void store(const unsigned char *bytes, size_t size)
{
  FILE *file = fopen(FILE_NAME, "wb");
  assert_int_equal(fwrite(bytes, 1, size, file), size);
  fclose(file);
}

static void truncated_files_are_refused(void **state)
{
  (void)state;
  eipnn_model *model;
  write_model(&model, 1);
  eipnn_model_free(&model);
  size_t size;
  unsigned char *bytes = load(&size);
  for (int k = 0; k < 20; k++) {
    store(bytes, size * (size_t)k / 20);
    expect_refused(k ? "truncated" : "is empty");
  }
  store((const unsigned char *)"ITEM: TIMESTEP\n", 15);
  expect_refused("not an HDF5 file");
  free(bytes);
}

/* A flipped bit is either noticed, or was in a byte that carries nothing. */
static void flipped_bits_change_nothing_unnoticed(void **state)
{
  (void)state;
  eipnn_model *model;
  write_model(&model, 2);
  size_t size, refused = 0, tried = 0;
  unsigned char *bytes = load(&size);
  for (size_t at = 0; at < size; at += 61, tried++) {
    const unsigned char mask = (unsigned char)(1u << (at % 8));
    bytes[at] ^= mask;
    store(bytes, size);
    bytes[at] ^= mask;
    eipnn_model *read;
    if (eipnn_model_read(FILE_NAME, &read) != EIPNN_OK) {
      refused++;
      continue;
    }
    size_t count;
    const double *weights = eipnn_model_weights(model, &count);
    assert_memory_equal(weights, eipnn_model_weights(read, NULL), count * sizeof *weights);
    eipnn_model_free(&read);
  }
  assert_true(refused > tried / 2);
  free(bytes);
  eipnn_model_free(&model);
}

static void failed_writes_lose_nothing(void **state)
{
  (void)state;
  eipnn_model *model, *read;
  write_model(&model, 1);
  size_t count;
  double *weights = eipnn_model_weights(model, &count);
  const double kept = weights[count - 1];
  weights[count - 1] = NAN;
  assert_fails(eipnn_model_write(model, FILE_NAME), EIPNN_ERROR_NUMERIC, "head/out/bias");
  weights[count - 1] = kept;
  assert_ok(eipnn_model_read(FILE_NAME, &read));
  expect_equal(model, read);
  assert_int_equal(eipnn_model_write(model, "no/such/folder/model.h5"), EIPNN_ERROR_IO);
  assert_int_equal(eipnn_model_read("no/such/model.h5", &(eipnn_model *){NULL}), EIPNN_ERROR_IO);
  eipnn_model_free(&model);
  eipnn_model_free(&read);
}

static void baselines_are_kept(void **state)
{
  (void)state;
  eipnn_model *model, *read, *copy;
  const char *const names[2] = {"eip/edip", "eip/sw"};
  const double coefficients[2] = {0.25, -0.1};
  write_model(&model, 1);
  assert_int_equal(eipnn_model_baseline_count(model), 0);
  assert_ok(eipnn_model_set_baseline(model, 2, names, coefficients));
  assert_ok(eipnn_model_set_baseline_source(model, 1, "lammps pair_style sw; pair_coeff * * f Si"));
  assert_ok(eipnn_model_write(model, FILE_NAME));
  assert_ok(eipnn_model_read(FILE_NAME, &read));
  assert_ok(eipnn_model_copy(read, &copy));
  for (int k = 0; k < 2; k++) {
    assert_int_equal(eipnn_model_baseline_count(copy), 2);
    assert_string_equal(eipnn_model_baseline_name(copy, k), names[k]);
    assert_true(eipnn_model_baseline_coefficient(copy, k) == coefficients[k]);
  }
  assert_string_equal(eipnn_model_baseline_source(copy, 0), "");
  assert_string_equal(eipnn_model_baseline_source(copy, 1),
                      "lammps pair_style sw; pair_coeff * * f Si");
  assert_ok(eipnn_model_set_baseline(copy, 0, NULL, NULL));
  assert_int_equal(eipnn_model_baseline_count(copy), 0);
  assert_null(eipnn_model_baseline_name(copy, 0));
  eipnn_model_free(&model);
  eipnn_model_free(&read);
  eipnn_model_free(&copy);
}

/* Replaces a real attribute of the file. */
static void overwrite_reals(const char *name, size_t count, const double *values)
{
  hid_t file = H5Fopen(FILE_NAME, H5F_ACC_RDWR, H5P_DEFAULT);
  hsize_t size = count;
  hid_t space = H5Screate_simple(1, &size, NULL);
  H5Adelete(file, name);
  hid_t attribute = H5Acreate2(file, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(H5Awrite(attribute, H5T_NATIVE_DOUBLE, values) >= 0);
  H5Aclose(attribute);
  H5Sclose(space);
  H5Fclose(file);
}

static void bad_baselines_are_refused(void **state)
{
  (void)state;
  eipnn_model *model;
  const char *const names[2] = {"eip/edip", "eip/sw"}, *const twice[2] = {"eip/sw", "eip/sw"};
  const double coefficients[2] = {0.25, -0.1}, nan[2] = {1, NAN}, other[2] = {0.25, -0.2};
  write_model(&model, 1);
  assert_fails(eipnn_model_set_baseline(model, 2, twice, coefficients), EIPNN_ERROR_ARGUMENT,
               "twice");
  assert_fails(eipnn_model_set_baseline(model, 2, names, nan), EIPNN_ERROR_NUMERIC, "eip/sw");
  assert_fails(eipnn_model_set_baseline(model, 1, &(const char *){"dft"}, coefficients),
               EIPNN_ERROR_ARGUMENT, "eip/NAME");
  assert_fails(eipnn_model_set_baseline_source(model, 0, "kim x"), EIPNN_ERROR_ARGUMENT, "term 0");
  assert_ok(eipnn_model_set_baseline(model, 2, names, coefficients));
  assert_ok(eipnn_model_write(model, FILE_NAME));
  overwrite_reals("baseline_coefficient", 2, other);
  expect_refused("checksum");
  overwrite_reals("baseline_coefficient", 1, other);
  expect_refused("2 names, 2 sources and 1 coefficients");
  overwrite_reals("baseline_coefficient", 2, nan);
  expect_refused("eip/sw is nan");
  eipnn_model_free(&model);
}

static int remove_file(void **state)
{
  (void)state;
  unlink(FILE_NAME);
  return 0;
}

int main(void)
{
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(round_trip_is_exact),
      cmocka_unit_test(layout_is_the_contract),
      cmocka_unit_test(changed_content_is_refused),
      cmocka_unit_test(changed_attributes_are_refused),
      cmocka_unit_test(foreign_files_are_read),
      cmocka_unit_test(truncated_files_are_refused),
      cmocka_unit_test(flipped_bits_change_nothing_unnoticed),
      cmocka_unit_test(failed_writes_lose_nothing),
      cmocka_unit_test(baselines_are_kept),
      cmocka_unit_test(bad_baselines_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, remove_file);
}
