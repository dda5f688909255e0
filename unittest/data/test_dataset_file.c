/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dataset files: round trips, layout, and every way they can be wrong. */
#define _POSIX_C_SOURCE 200809L
#include "sample_dataset.h"
#include "temporary.h"

#include "base/h5.h"
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Everything a file can hold. */
static eipnn_dataset *full_dataset(size_t count)
{
  eipnn_dataset *dataset = sample_dataset(count, SAMPLE_FORCES | SAMPLE_VIRIAL);
  eipnn_labels *labels;
  uint8_t *role;
  sample_append(dataset, 5, SAMPLE_NO_ENERGY);
  if (eipnn_dataset_add_labels(dataset, "eip/sw", 1, 0, &labels) != EIPNN_OK) abort();
  strcpy(labels->provider, "kim");
  strcpy(labels->model, "SW_StillingerWeber_1985_Si");
  strcpy(labels->version, "2.1.3");
  strcpy(labels->timestamp, "2024-05-06T07:08:09Z");
  labels->failed = 3;
  labels->energy[1] = -3.25;
  labels->forces[1][1] = 0.5;
  if (eipnn_dataset_add_labels(dataset, "eip/edip", 0, 0, &labels) != EIPNN_OK) abort();
  if (eipnn_dataset_set_reference_energy(dataset, 14, -0.835) != EIPNN_OK) abort();
  if (eipnn_dataset_add_split(dataset, "paper", &role) != EIPNN_OK) abort();
  for (size_t i = 0; i <= count; i++) role[i] = (uint8_t)(i % 5);
  return dataset;
}

static void assert_doubles(const double *a, const double *b, size_t count)
{
  for (size_t i = 0; i < count; i++) assert_true(a[i] == b[i] || (isnan(a[i]) && isnan(b[i])));
}

static void assert_same_labels(const eipnn_dataset *dataset, const eipnn_labels *a,
                               const eipnn_labels *b)
{
  size_t n = eipnn_dataset_count(dataset), natom = eipnn_dataset_atom_count(dataset);
  assert_non_null(b);
  assert_doubles(a->energy, b->energy, n);
  assert_int_equal(!a->forces, !b->forces);
  assert_int_equal(!a->virial, !b->virial);
  if (a->forces) assert_doubles(a->forces[0], b->forces[0], 3 * natom);
  if (a->virial) assert_doubles(a->virial[0], b->virial[0], 6 * n);
  assert_string_equal(a->provider, b->provider);
  assert_string_equal(a->model, b->model);
  assert_string_equal(a->version, b->version);
  assert_string_equal(a->timestamp, b->timestamp);
  assert_int_equal(a->failed, b->failed);
}

static void assert_same(const eipnn_dataset *a, const eipnn_dataset *b)
{
  char x[17], y[17];
  eipnn_dataset_hash(a, x);
  eipnn_dataset_hash(b, y);
  assert_string_equal(x, y);
  for (size_t i = 0; i < eipnn_dataset_count(a); i++) {
    eipnn_configuration p, q;
    assert_int_equal(eipnn_dataset_get(a, i, &p), EIPNN_OK);
    assert_int_equal(eipnn_dataset_get(b, i, &q), EIPNN_OK);
    assert_string_equal(p.tag, q.tag);
  }
  assert_int_equal(eipnn_dataset_labels_count(a), eipnn_dataset_labels_count(b));
  for (size_t i = 0; i < eipnn_dataset_labels_count(a); i++) {
    const eipnn_labels *labels = eipnn_dataset_labels_at(a, i);
    assert_same_labels(a, labels, eipnn_dataset_labels(b, labels->name));
  }
  assert_int_equal(eipnn_dataset_split_count(a), eipnn_dataset_split_count(b));
  for (size_t i = 0; i < eipnn_dataset_split_count(a); i++) {
    const char *name = eipnn_dataset_split_name(a, i);
    assert_memory_equal(eipnn_dataset_split(a, name), eipnn_dataset_split(b, name),
                        eipnn_dataset_count(a));
  }
  for (int z = 1; z <= 118; z++) {
    int known_a, known_b;
    double x_z = eipnn_dataset_reference_energy(a, z, &known_a);
    assert_float_equal(x_z, eipnn_dataset_reference_energy(b, z, &known_b), 0.0);
    assert_int_equal(known_a, known_b);
  }
}

static void test_round_trip(void **state)
{
  const char *path = temporary_path(*state, "round.h5");
  for (size_t count = 1; count < 30; count += 7) {
    eipnn_dataset *dataset = full_dataset(count), *read;
    assert_int_equal(eipnn_dataset_write(dataset, path), EIPNN_OK);
    assert_int_equal(eipnn_dataset_read(path, &read), EIPNN_OK);
    assert_same(dataset, read);
    sample_append(read, 3, SAMPLE_FORCES); /* what was read can grow */
    eipnn_dataset_free(&dataset);
    eipnn_dataset_free(&read);
  }
}

static void test_empty_round_trip(void **state)
{
  const char *path = temporary_path(*state, "nothing.h5");
  eipnn_dataset *dataset = sample_dataset(0, 0), *read;
  assert_int_equal(eipnn_dataset_write(dataset, path), EIPNN_OK);
  assert_int_equal(eipnn_dataset_read(path, &read), EIPNN_OK);
  assert_int_equal(eipnn_dataset_count(read), 0);
  eipnn_dataset_free(&dataset);
  eipnn_dataset_free(&read);
}

/* Replaces dataset or attribute `name` of a good file; change is called with its parent. */
typedef void change(hid_t parent);

static hid_t open_writable(const char *path)
{
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  assert_true(file >= 0);
  return file;
}

static void expect_rejected(const char *path, eipnn_status expected, const char *text)
{
  eipnn_dataset *read = (eipnn_dataset *)&read;
  eipnn_status status = eipnn_dataset_read(path, &read);
  if (status != expected || !strstr(eipnn_last_error(), text))
    fail_msg("status %d, message '%s', expected '%s'", status, eipnn_last_error(), text);
  assert_null(read);
  assert_non_null(strstr(eipnn_last_error(), path));
}

static void changed(const char *path, const char *group, change *edit, const char *text)
{
  eipnn_dataset *dataset = full_dataset(6);
  assert_int_equal(eipnn_dataset_write(dataset, path), EIPNN_OK);
  hid_t file = open_writable(path), parent = H5Gopen2(file, group, H5P_DEFAULT);
  assert_true(parent >= 0);
  edit(parent);
  H5Gclose(parent);
  H5Fclose(file);
  expect_rejected(path, EIPNN_ERROR_FORMAT, text);
  eipnn_dataset_free(&dataset);
}

static void overwrite(hid_t parent, const char *name, hid_t type, const void *values)
{
  hid_t id = H5Dopen2(parent, name, H5P_DEFAULT);
  assert_true(H5Dwrite(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
  H5Dclose(id);
}

static void replace(hid_t parent, const char *name, size_t rows, size_t columns, hid_t type)
{
  const size_t shape[2] = {rows, columns};
  static const double zeros[512];
  H5Ldelete(parent, name, H5P_DEFAULT);
  assert_int_equal(eipnn_h5_write_array(parent, name, columns ? 2 : 1, shape, type, type, zeros),
                   EIPNN_OK);
}

static void edit_version(hid_t parent)
{
  const int64_t version = 2;
  H5Adelete(parent, "version");
  assert_int_equal(eipnn_h5_write_integer(parent, "version", version), EIPNN_OK);
}

static void edit_format(hid_t parent)
{
  H5Adelete(parent, "format");
  assert_int_equal(eipnn_h5_write_text(parent, "format", "eipnn-model"), EIPNN_OK);
}

static void edit_no_format(hid_t parent)
{
  H5Adelete(parent, "format");
}

static void edit_units(hid_t parent)
{
  H5Adelete(parent, "units");
  assert_int_equal(eipnn_h5_write_text(parent, "units", "real"), EIPNN_OK);
}

static void edit_first(hid_t parent)
{
  const int64_t first[8] = {0, 1, 3, 2, 10, 11, 13, 15};
  overwrite(parent, "first", H5T_NATIVE_INT64, first);
}

static void edit_first_start(hid_t parent)
{
  const int64_t first[8] = {-1, 1, 3, 6, 10, 11, 13, 15};
  overwrite(parent, "first", H5T_NATIVE_INT64, first);
}

static void edit_first_total(hid_t parent)
{
  const int64_t first[8] = {0, 1, 3, 6, 10, 11, 13, INT64_C(2000000000)};
  overwrite(parent, "first", H5T_NATIVE_INT64, first);
}

static void edit_first_real(hid_t parent)
{
  replace(parent, "first", 8, 0, H5T_NATIVE_DOUBLE);
}

static void edit_huge(hid_t parent)
{
  hsize_t size = UINT64_C(1) << 50, chunk = 1 << 10;
  hid_t space = H5Screate_simple(1, &size, NULL), list = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(list, 1, &chunk);
  H5Ldelete(parent, "first", H5P_DEFAULT);
  H5Dclose(H5Dcreate2(parent, "first", H5T_STD_I64LE, space, H5P_DEFAULT, list, H5P_DEFAULT));
  H5Pclose(list);
  H5Sclose(space);
}

static void edit_no_cell(hid_t parent)
{
  H5Ldelete(parent, "cell", H5P_DEFAULT);
}

static void edit_cell_shape(hid_t parent)
{
  replace(parent, "cell", 7, 9, H5T_NATIVE_DOUBLE);
}

static void edit_flat_cell(hid_t parent)
{
  const double zeros[7 * 9] = {0.0};
  overwrite(parent, "cell", H5T_NATIVE_DOUBLE, zeros);
}

static void edit_pbc(hid_t parent)
{
  const uint8_t pbc[21] = {1, 1, 7};
  overwrite(parent, "pbc", H5T_NATIVE_UINT8, pbc);
}

static void edit_tag_kind(hid_t parent)
{
  replace(parent, "tag", 7, 0, H5T_NATIVE_INT);
}

static void edit_number(hid_t parent)
{
  replace(parent, "number", 15, 0, H5T_NATIVE_INT);
}

static void edit_number_count(hid_t parent)
{
  replace(parent, "number", 14, 0, H5T_NATIVE_INT);
}

static void edit_position(hid_t parent)
{
  double position[45];
  for (int i = 0; i < 45; i++) position[i] = i == 20 ? NAN : 0.3 * i;
  overwrite(parent, "position", H5T_NATIVE_DOUBLE, position);
}

static void edit_energy(hid_t parent)
{
  const double energy[7] = {1.0, INFINITY};
  overwrite(parent, "energy", H5T_NATIVE_DOUBLE, energy);
}

static void edit_forces(hid_t parent)
{
  replace(parent, "forces", 15, 2, H5T_NATIVE_DOUBLE);
}

static void edit_reference(hid_t parent)
{
  const double energy[2] = {1.0, 2.0};
  H5Adelete(parent, "reference_energy");
  assert_int_equal(eipnn_h5_write_reals(parent, "reference_energy", 2, energy), EIPNN_OK);
}

static void edit_failed(hid_t parent)
{
  const int64_t failed = -1;
  H5Adelete(parent, "failed");
  assert_int_equal(eipnn_h5_write_integer(parent, "failed", failed), EIPNN_OK);
}

static void edit_provider(hid_t parent)
{
  H5Adelete(parent, "provider");
  assert_int_equal(eipnn_h5_write_text(parent, "provider", "a provider with a long name"),
                   EIPNN_OK);
}

static void edit_role(hid_t parent)
{
  const uint8_t role[7] = {0, 1, 2, 3, 4, 5, 0};
  overwrite(parent, "role", H5T_NATIVE_UINT8, role);
}

static void test_wrong_content(void **state)
{
  const char *path = temporary_path(*state, "wrong.h5");
  changed(path, "/", edit_version, "version 2; this build reads version 1");
  changed(path, "/", edit_format, "format is 'eipnn-model'");
  changed(path, "/", edit_no_format, "not an eipnn dataset");
  changed(path, "/", edit_units, "units 'real'");
  changed(path, "/configs", edit_first, "'first' does not increase");
  changed(path, "/configs", edit_first_start, "'first' does not start with 0");
  changed(path, "/configs", edit_first_total, "15 atoms, 'first' says 2000000000");
  changed(path, "/configs", edit_first_real, "wrong kind of numbers");
  changed(path, "/configs", edit_huge, "claims");
  changed(path, "/configs", edit_no_cell, "'cell' is missing");
  changed(path, "/configs", edit_cell_shape, "'cell' has the wrong shape");
  changed(path, "/configs", edit_flat_cell, "configuration 0: the periodic cell is singular");
  changed(path, "/configs", edit_pbc, "pbc is 7");
  changed(path, "/configs", edit_tag_kind, "'tag' does not hold text");
  changed(path, "/atoms", edit_number, "atomic number 0");
  changed(path, "/atoms", edit_number_count, "14 atoms, 'first' says 15");
  changed(path, "/atoms", edit_position, "the position of atom 1 is not finite");
  changed(path, "/labels/dft", edit_energy, "'energy' has an infinite value");
  changed(path, "/labels/dft", edit_forces, "'forces' has the wrong shape");
  changed(path, "/labels/dft", edit_reference, "2 reference energies for 1 species");
  changed(path, "/labels/eip/sw", edit_failed, "eip/sw: attribute 'failed' is negative");
  changed(path, "/labels/eip/sw", edit_provider, "'provider' is longer than 15");
  changed(path, "/splits/paper", edit_role, "splits/paper: role 5");
}

static void write_bytes(const char *path, const void *bytes, size_t count)
{
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(bytes, 1, count, file), count);
  fclose(file);
}

static void test_wrong_files(void **state)
{
  const char *path = temporary_path(*state, "file.h5");
  eipnn_dataset *dataset = full_dataset(3);
  expect_rejected(path, EIPNN_ERROR_IO, "No such file");
  write_bytes(path, "", 0);
  expect_rejected(path, EIPNN_ERROR_FORMAT, "is empty");
  write_bytes(path, "3\nLattice\n", 10);
  expect_rejected(path, EIPNN_ERROR_FORMAT, "not an HDF5 file");
  expect_rejected(*state, EIPNN_ERROR_IO, "is a folder");
  assert_int_equal(eipnn_dataset_write(dataset, *state), EIPNN_ERROR_IO);
  assert_int_equal(eipnn_dataset_write(dataset, temporary_path(*state, "no/such/folder.h5")),
                   EIPNN_ERROR_IO);
  path = temporary_path(*state, "file.h5");
  if (geteuid() != 0) { /* root may read everything */
    chmod(path, 0);
    expect_rejected(path, EIPNN_ERROR_IO, "Permission denied");
    chmod(path, 0600);
  }
  eipnn_dataset_free(&dataset);
}

/* A write that fails leaves the old file and no temporary one. */
static void test_atomic(void **state)
{
  const char *path = temporary_path(*state, "kept.h5");
  eipnn_dataset *dataset = full_dataset(3), *read;
  assert_int_equal(eipnn_dataset_write(dataset, path), EIPNN_OK);
  char blocker[4300];
  snprintf(blocker, sizeof blocker, "%s.tmp%ld", path, (long)getpid());
  assert_int_equal(mkdir(blocker, 0700), 0);
  sample_append(dataset, 1, 0);
  assert_int_equal(eipnn_dataset_write(dataset, path), EIPNN_ERROR_IO);
  rmdir(blocker);
  assert_int_equal(eipnn_dataset_read(path, &read), EIPNN_OK);
  assert_int_equal(eipnn_dataset_count(read), 4);
  eipnn_dataset_free(&read);
  eipnn_dataset_free(&dataset);
}

static size_t read_bytes(const char *path, unsigned char **bytes)
{
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  fseek(file, 0, SEEK_END);
  size_t count = (size_t)ftell(file);
  rewind(file);
  *bytes = malloc(count);
  assert_int_equal(fread(*bytes, 1, count, file), count);
  fclose(file);
  return count;
}

/* Truncated anywhere: refused. One bit flipped anywhere: refused, or harmless. */
static void test_damage(void **state)
{
  const char *path = temporary_path(*state, "damage.h5");
  eipnn_dataset *dataset = full_dataset(3), *read;
  unsigned char *bytes;
  eipnn_random random;
  assert_int_equal(eipnn_dataset_write(dataset, path), EIPNN_OK);
  size_t count = read_bytes(path, &bytes);
  for (size_t length = 0; length < count; length += 1 + count / 60) {
    write_bytes(path, bytes, length);
    assert_int_not_equal(eipnn_dataset_read(path, &read), EIPNN_OK);
    assert_null(read);
  }
  eipnn_random_seed(&random, 7, 0);
  size_t trials = 400;
  for (size_t t = 0; t < trials; t++) {
    size_t where = (size_t)(eipnn_random_next(&random) % count);
    unsigned char flip = (unsigned char)(1u << eipnn_random_next(&random) % 8);
    bytes[where] ^= flip;
    write_bytes(path, bytes, count);
    if (eipnn_dataset_read(path, &read) == EIPNN_OK) {
      char x[17], y[17];
      eipnn_dataset_hash(dataset, x);
      eipnn_dataset_hash(read, y);
      assert_string_equal(x, y);
    }
    eipnn_dataset_free(&read);
    bytes[where] ^= flip;
  }
  free(bytes);
  eipnn_dataset_free(&dataset);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_round_trip),    cmocka_unit_test(test_empty_round_trip),
      cmocka_unit_test(test_wrong_content), cmocka_unit_test(test_wrong_files),
      cmocka_unit_test(test_atomic),        cmocka_unit_test(test_damage)};
  return cmocka_run_group_tests(tests, temporary_setup, temporary_teardown);
}
