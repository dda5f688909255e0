/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/h5.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FILE_NAME "test_h5.h5"

static void expect_format_error(eipnn_status status, const char *text)
{
  assert_int_equal(status, EIPNN_ERROR_FORMAT);
  if (!strstr(eipnn_last_error(), text))
    fail_msg("the message '%s' does not say '%s'", eipnn_last_error(), text);
}

static hid_t create(void)
{
  hid_t file;
  assert_int_equal(eipnn_h5_create(FILE_NAME, &file), EIPNN_OK);
  return file;
}

static hid_t reopen(hid_t file)
{
  H5Fclose(file);
  assert_int_equal(eipnn_h5_open(FILE_NAME, &file), EIPNN_OK);
  return file;
}

/* Number of dimensions of an attribute. */
static int attribute_rank(hid_t file, const char *name)
{
  hid_t attribute = H5Aopen(file, name, H5P_DEFAULT), space = H5Aget_space(attribute);
  const int rank = H5Sget_simple_extent_ndims(space);
  H5Sclose(space);
  H5Aclose(attribute);
  return rank;
}

static void numbers_keep_value_and_shape(void **state)
{
  (void)state;
  const int64_t one[1] = {-7};
  const double reals[3] = {0.1, -2e300, 5e-324};
  hid_t file = create();
  assert_int_equal(eipnn_h5_write_integer(file, "scalar", INT64_MAX), EIPNN_OK);
  assert_int_equal(eipnn_h5_write_integers(file, "one", 1, one), EIPNN_OK);
  assert_int_equal(eipnn_h5_write_reals(file, "reals", 3, reals), EIPNN_OK);
  file = reopen(file);
  int64_t integer;
  double read[3], real;
  size_t count;
  assert_int_equal(eipnn_h5_read_integer(file, "scalar", &integer), EIPNN_OK);
  assert_true(integer == INT64_MAX);
  assert_int_equal(attribute_rank(file, "scalar"), 0);
  assert_int_equal(attribute_rank(file, "one"), 1);
  assert_int_equal(eipnn_h5_read_integer(file, "one", &integer), EIPNN_OK);
  assert_int_equal(integer, -7);
  assert_int_equal(eipnn_h5_read_reals(file, "reals", 3, read, &count), EIPNN_OK);
  assert_int_equal(count, 3);
  assert_memory_equal(read, reals, sizeof reals);
  expect_format_error(eipnn_h5_read_reals(file, "reals", 2, read, &count), "'reals'");
  expect_format_error(eipnn_h5_read_real(file, "scalar", &real), "'scalar'");
  expect_format_error(eipnn_h5_read_real(file, "absent", &real), "'absent' is missing");
  H5Fclose(file);
}

static void texts_fit_or_fail(void **state)
{
  (void)state;
  static const char *const names[3] = {"edip", "", "stillinger-weber"};
  char texts[3][17];
  size_t count;
  hid_t file = create();
  assert_int_equal(eipnn_h5_write_text_list(file, "names", 3, names), EIPNN_OK);
  assert_int_equal(eipnn_h5_write_text(file, "units", "metal"), EIPNN_OK);
  file = reopen(file);
  assert_int_equal(eipnn_h5_read_text_list(file, "names", 3, 17, texts[0], &count), EIPNN_OK);
  assert_int_equal(count, 3);
  for (int k = 0; k < 3; k++) assert_string_equal(texts[k], names[k]);
  expect_format_error(eipnn_h5_read_text_list(file, "names", 3, 16, texts[0], &count), "longer");
  expect_format_error(eipnn_h5_read_text_list(file, "names", 2, 17, texts[0], &count), "'names'");
  expect_format_error(eipnn_h5_read_text(file, "names", texts[0], 17), "'names'");
  expect_format_error(eipnn_h5_read_text(file, "units", texts[0], 5), "longer");
  assert_int_equal(eipnn_h5_read_text(file, "units", texts[0], 6), EIPNN_OK);
  assert_string_equal(texts[0], "metal");
  H5Fclose(file);
}

/* As h5py writes texts. */
static void texts_of_variable_length_are_read(void **state)
{
  (void)state;
  const char *const names[2] = {"dft", "tersoff"};
  char texts[2][8];
  size_t count;
  hid_t file = create(), type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  hid_t space = H5Screate_simple(1, &(hsize_t){2}, NULL);
  hid_t attribute = H5Acreate2(file, "names", type, space, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(H5Awrite(attribute, type, names) >= 0);
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
  file = reopen(file);
  assert_int_equal(eipnn_h5_read_text_list(file, "names", 2, 8, texts[0], &count), EIPNN_OK);
  assert_int_equal(count, 2);
  assert_string_equal(texts[0], "dft");
  assert_string_equal(texts[1], "tersoff");
  expect_format_error(eipnn_h5_read_text_list(file, "names", 2, 7, texts[0], &count), "longer");
  H5Fclose(file);
}

static void arrays_are_read_in_their_shape_only(void **state)
{
  (void)state;
  const double values[2][3] = {{1, 2, 3}, {4, 5, 6}};
  const size_t shape[2] = {2, 3}, other[2] = {3, 2}, flat[1] = {6};
  double read[2][3];
  int64_t integers[6];
  hid_t file = create();
  assert_int_equal(eipnn_h5_write_array(file, "weights/layer0/in", 2, shape, H5T_IEEE_F64LE,
                                        H5T_NATIVE_DOUBLE, values),
                   EIPNN_OK);
  file = reopen(file);
  const char *name = "weights/layer0/in";
  assert_int_equal(eipnn_h5_rank(file, name), 2);
  assert_int_equal(eipnn_h5_rank(file, "weights/layer1/in"), 0);
  assert_false(eipnn_h5_exists(file, "weights/layer1/in"));
  assert_int_equal(eipnn_h5_read_array(file, name, 2, shape, H5T_NATIVE_DOUBLE, NULL), EIPNN_OK);
  assert_int_equal(eipnn_h5_read_array(file, name, 2, shape, H5T_NATIVE_DOUBLE, read), EIPNN_OK);
  assert_memory_equal(read, values, sizeof values);
  expect_format_error(eipnn_h5_read_array(file, name, 2, other, H5T_NATIVE_DOUBLE, read), "shape");
  expect_format_error(eipnn_h5_read_array(file, name, 1, flat, H5T_NATIVE_DOUBLE, read), "shape");
  expect_format_error(eipnn_h5_read_array(file, name, 2, shape, H5T_NATIVE_INT64, integers),
                      "kind of numbers");
  expect_format_error(eipnn_h5_read_array(file, "no", 2, shape, H5T_NATIVE_DOUBLE, read),
                      "'no' is missing");
  H5Fclose(file);
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
      cmocka_unit_test(numbers_keep_value_and_shape),
      cmocka_unit_test(texts_fit_or_fail),
      cmocka_unit_test(texts_of_variable_length_are_read),
      cmocka_unit_test(arrays_are_read_in_their_shape_only),
  };
  return cmocka_run_group_tests(tests, NULL, remove_file);
}
