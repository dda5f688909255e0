/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extended XYZ and LAMMPS dumps: what is read, what is refused, and that nothing
   is appended by a file that is refused. */
#include "base/random.h"

#include <eipnn/dataset.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

/* Working files, in the folder the test runs in. */
#define XYZ "text_files.xyz"

static void write_text(const char *path, const char *text, size_t length)
{
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, length, file), length);
  fclose(file);
}

static eipnn_status read_text(eipnn_dataset *dataset, const char *text)
{
  write_text(XYZ, text, strlen(text));
  return eipnn_dataset_read_xyz(dataset, XYZ);
}

static eipnn_dataset *empty(void)
{
  eipnn_dataset *dataset;
  assert_int_equal(eipnn_dataset_create(&dataset), EIPNN_OK);
  return dataset;
}

static const char *const two_frames =
    "2\n"
    "Lattice=\"4 0 0 0 5 0 1 0 6\" Properties=id:I:1:species:S:1:forces:R:3:pos:R:3:m:R:2 "
    "energy=-9.5 stress=\"0.1 0.2 0.3 0.2 0.4 0.5 0.3 0.5 0.6\" config_type=\"two words\" "
    "pbc=\"T T F\" done comment='a = b'\r\n"
    "1 Si 0.1 0.2 0.3 1 2 3 9 9\r\n"
    "2 Ge -0.1 -0.2 -0.3 -4 5.5 6e-1 9 9 extra\r\n"
    "1\n"
    "energy=1.5 virial={1 2 3 2 4 5 3 5 6} Lattice=[3 0 0, 0 3 0, 0 0 3]\n"
    "H 0 0 0\n"
    "\n";

static void reads_what_ase_writes(void **state)
{
  (void)state;
  eipnn_dataset *d = empty();
  eipnn_configuration c;
  if (read_text(d, two_frames) != EIPNN_OK) fail_msg("%s", eipnn_last_error());
  assert_int_equal(eipnn_dataset_count(d), 2);
  assert_int_equal(eipnn_dataset_get(d, 0, &c), EIPNN_OK);
  assert_int_equal(c.natoms, 2);
  assert_int_equal(c.number[1], 32);
  assert_float_equal(c.position[1][1], 5.5, 0);
  assert_float_equal(c.cell[2][0], 1.0, 0);
  assert_int_equal(c.pbc[0] + 10 * c.pbc[1] + 100 * c.pbc[2], 11);
  assert_string_equal(c.tag, "two words");
  const eipnn_labels *dft = eipnn_dataset_labels(d, "dft");
  assert_float_equal(dft->energy[0], -9.5, 0);
  assert_float_equal(dft->forces[1][2], -0.3, 0);
  /* W = -stress*V, V = 120, in the order xx yy zz xy xz yz */
  const double stress[6] = {0.1, 0.4, 0.6, 0.2, 0.3, 0.5}, virial[6] = {1, 4, 6, 2, 3, 5};
  for (int k = 0; k < 6; k++) {
    assert_float_equal(dft->virial[0][k], -120 * stress[k], 1e-12);
    assert_float_equal(dft->virial[1][k], virial[k], 0);
  }
  assert_true(isnan(dft->forces[2][0])); /* the second frame has none: missing, not zero */
  assert_int_equal(eipnn_dataset_get(d, 1, &c), EIPNN_OK);
  assert_int_equal(c.pbc[0] && c.pbc[1] && c.pbc[2], 1);
  eipnn_dataset_free(&d);
}

static void voigt_stress_is_in_ase_order(void **state)
{
  (void)state;
  eipnn_dataset *d = empty();
  assert_int_equal(
      read_text(d, "1\nLattice=\"2 0 0 0 2 0 0 0 2\" stress=\"1 2 3 4 5 6\"\nSi 0 0 0\n"),
      EIPNN_OK);
  const double expected[6] = {-8, -16, -24, -48, -40, -32}; /* xx yy zz yz xz xy came in */
  for (int k = 0; k < 6; k++)
    assert_float_equal(eipnn_dataset_labels(d, "dft")->virial[0][k], expected[k], 1e-12);
  eipnn_dataset_free(&d);
}

static void same_dataset(const eipnn_dataset *a, const eipnn_dataset *b)
{
  char x[17], y[17];
  eipnn_dataset_hash(a, x);
  eipnn_dataset_hash(b, y);
  assert_string_equal(x, y);
}

static void round_trip_is_exact(void **state)
{
  (void)state;
  const char *const paths[] = {"round trip.xyz", "round trip.xyz.gz"};
  eipnn_dataset *d = empty();
  assert_int_equal(read_text(d, two_frames), EIPNN_OK);
  for (int k = 0; k < 2; k++) {
    eipnn_dataset *again = empty();
    assert_int_equal(eipnn_dataset_write_xyz(d, paths[k]), EIPNN_OK);
    if (eipnn_dataset_read_xyz(again, paths[k]) != EIPNN_OK) fail_msg("%s", eipnn_last_error());
    same_dataset(d, again);
    eipnn_dataset_free(&again);
    remove(paths[k]);
  }
  eipnn_dataset_free(&d);
}

/* Written under keys of their own, where there is a label; not read back. */
static void eip_energies_are_written(void **state)
{
  (void)state;
  eipnn_dataset *d = empty(), *again = empty();
  eipnn_labels *labels;
  char text[4096];
  assert_int_equal(read_text(d, two_frames), EIPNN_OK);
  assert_int_equal(eipnn_dataset_add_labels(d, "eip/sw-1=a", 0, 0, &labels), EIPNN_OK);
  labels->energy[1] = -3.25;
  assert_int_equal(eipnn_dataset_write_xyz(d, XYZ), EIPNN_OK);
  FILE *file = fopen(XYZ, "r");
  assert_non_null(file);
  text[fread(text, 1, sizeof text - 1, file)] = '\0';
  fclose(file);
  const char *key = strstr(text, " eip_sw-1_a_energy=-3.25 ");
  assert_non_null(key);
  assert_null(strstr(key + 2, "eip_"));
  assert_int_equal(eipnn_dataset_read_xyz(again, XYZ), EIPNN_OK);
  same_dataset(d, again);
  assert_int_equal(eipnn_dataset_labels_count(again), 1);
  eipnn_dataset_free(&d);
  eipnn_dataset_free(&again);
}

static void bad_files_are_refused(void **state)
{
  (void)state;
  static const struct {
    const char *text, *message;
  } bad[] = {
      {"", "holds no configuration"},
      {"\n\n", "holds no configuration"},
      {"two\nx\n", "line 1: the number of atoms is 'two'"},
      {"0\n\n", "line 1"},
      {"-1\n\n", "line 1"},
      {"99999999999\n\n", "line 1"},
      {"1 2\n\nSi 0 0 0\n", "alone on a line"},
      {"2\nenergy=1\nSi 0 0 0\n", "ends behind line 3"},
      {"1\n", "ends behind line 1"},
      {"1\n\nSi 0 0\n", "line 3: an atom line of 3 columns"},
      {"1\n\nXx 0 0 0\n", "'Xx' is not a chemical element"},
      {"1\n\nSi 0 zero 0\n", "'zero', not a finite number"},
      {"1\n\nSi 0 nan 0\n", "frame at line 1"},
      {"1\n\nSi 0 inf 0\n", "not a finite number"},
      {"1\nenergy=inf\nSi 0 0 0\n", "not a finite number"},
      {"1\nenergy=\nSi 0 0 0\n", "energy"},
      {"1\nLattice=\"1 2 3\"\nSi 0 0 0\n", "Lattice has 3 numbers"},
      {"1\nLattice=\"1 0 0 0 1 0 0 0 1 4\"\nSi 0 0 0\n", "Lattice has more than 9"},
      {"1\nLattice=\"1 0 0 0 1 0 1 1 0\"\nSi 0 0 0\n", "frame at line 1"},
      {"1\npbc=\"T T T\"\nSi 0 0 0\n", "no Lattice"},
      {"1\npbc=\"T T\"\nSi 0 0 0\n", "pbc"},
      {"1\nProperties=species:S:1\nSi\n", "no pos:R:3"},
      {"1\nProperties=pos:R:3\n0 0 0\n", "neither species"},
      {"1\nProperties=species:S:1:pos:R\nSi 0 0 0\n", "name:type:columns"},
      {"1\nProperties=species:S:1:pos:R:3:x:R:9999\nSi 0 0 0\n", "column count"},
  };
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    eipnn_dataset *d = empty();
    assert_int_equal(read_text(d, "1\n\nSi 0 0 0\n"), EIPNN_OK);
    assert_int_equal(read_text(d, bad[k].text), EIPNN_ERROR_FORMAT);
    if (!strstr(eipnn_last_error(), bad[k].message) || !strstr(eipnn_last_error(), XYZ))
      fail_msg("case %zu: '%s' does not say '%s'", k, eipnn_last_error(), bad[k].message);
    assert_int_equal(eipnn_dataset_count(d), 1);
    eipnn_dataset_free(&d);
  }
}

static void broken_containers_are_refused(void **state)
{
  (void)state;
  eipnn_dataset *d = empty();
  write_text(XYZ, "1\n\nS\0i 0 0 0\n", 14);
  assert_int_equal(eipnn_dataset_read_xyz(d, XYZ), EIPNN_ERROR_FORMAT);
  assert_int_equal(eipnn_dataset_read_xyz(d, "no such file.xyz"), EIPNN_ERROR_IO);
  assert_int_equal(eipnn_dataset_read_xyz(d, "."), EIPNN_ERROR_IO);
  gzFile gz = gzopen("cut.xyz.gz", "wb");
  for (int k = 0; k < 200; k++) gzprintf(gz, "1\nenergy=%d.%d\nSi 0 %d 0\n", k, 7919 * k % 1000, k);
  gzclose(gz);
  FILE *file = fopen("cut.xyz.gz", "rb");
  char bytes[4096];
  const size_t length = fread(bytes, 1, sizeof bytes, file);
  fclose(file);
  write_text("cut.xyz.gz", bytes, length / 2);
  assert_int_equal(eipnn_dataset_read_xyz(d, "cut.xyz.gz"), EIPNN_ERROR_IO);
  assert_non_null(strstr(eipnn_last_error(), "truncated"));
  assert_int_equal(eipnn_dataset_count(d), 0);
  remove("cut.xyz.gz");
  eipnn_dataset_free(&d);
}

static void writing_fails_without_loss(void **state)
{
  (void)state;
  eipnn_dataset *d = empty();
  assert_int_equal(read_text(d, "1\n\nSi 0 0 0\n"), EIPNN_OK);
  assert_int_equal(eipnn_dataset_write_xyz(d, "no such folder/x.xyz"), EIPNN_ERROR_IO);
  assert_non_null(strstr(eipnn_last_error(), "no such folder/x.xyz"));
  eipnn_dataset_free(&d);
}

/* A slab has no stress, a molecule may have a cell: both come back as they were. */
static void cells_without_volume(void **state)
{
  (void)state;
  eipnn_dataset *d = empty(), *again = empty();
  assert_int_equal(
      read_text(d, "1\nLattice=\"3 0 0 0 3 0 0 0 0\" pbc=\"T T F\" stress=\"1 0 0 0 1 0 0 0 1\"\n"
                   "Si 0 0 0\n1\nLattice=\"9 0 0 0 9 0 0 0 9\" pbc=\"F F F\"\nSi 0 0 0\n"),
      EIPNN_OK);
  assert_null(eipnn_dataset_labels(d, "dft")->virial);
  assert_int_equal(eipnn_dataset_write_xyz(d, XYZ), EIPNN_OK);
  assert_int_equal(eipnn_dataset_read_xyz(again, XYZ), EIPNN_OK);
  same_dataset(d, again);
  eipnn_dataset_free(&d);
  eipnn_dataset_free(&again);
}

static const char *const dump = "ITEM: TIMESTEP\n100\nITEM: NUMBER OF ATOMS\n2\n"
                                "ITEM: BOX BOUNDS xy xz yz pp pp ff\n1 9 2\n0 7 1\n-1 5 0.5\n"
                                "ITEM: ATOMS id type xs ys zs fx fy fz\n"
                                "7 2 0.5 0.25 0.75 1 2 3\n"
                                "3 1 0 0 0 -1 -2 -3\n";

static void dump_is_read(void **state)
{
  (void)state;
  const char *const elements[] = {"Si", "Ge"};
  eipnn_dataset *d = empty();
  eipnn_configuration c;
  write_text("t.dump", dump, strlen(dump));
  if (eipnn_dataset_read_dump(d, "t.dump", 2, elements) != EIPNN_OK)
    fail_msg("%s", eipnn_last_error());
  assert_int_equal(eipnn_dataset_get(d, 0, &c), EIPNN_OK);
  assert_int_equal(c.number[0], 14); /* in the order of the ids */
  assert_int_equal(c.number[1], 32);
  /* xlo_bound 1 = xlo + min(0, xy, xz, xy+xz) = xlo; xhi_bound 9 = xhi + 3 */
  assert_float_equal(c.cell[0][0], 5.0, 1e-12);
  assert_float_equal(c.cell[1][1], 6.5, 1e-12);
  assert_float_equal(c.cell[2][2], 6.0, 1e-12);
  assert_float_equal(c.cell[1][0], 2.0, 0);
  assert_float_equal(c.cell[2][1], 0.5, 0);
  assert_float_equal(c.position[1][0], 0.5 * 5 + 0.25 * 2 + 0.75 * 1, 1e-12);
  assert_int_equal(c.pbc[2], 0);
  assert_float_equal(eipnn_dataset_labels(d, "dft")->forces[1][2], 3.0, 0);
  assert_true(isnan(eipnn_dataset_labels(d, "dft")->energy[0]));
  eipnn_dataset_free(&d);
}

static void bad_dumps_are_refused(void **state)
{
  (void)state;
#define BOX "ITEM: BOX BOUNDS pp pp pp\n0 5\n0 5\n0 5\n"
#define ONE "ITEM: NUMBER OF ATOMS\n1\n"
#define ATOM "ITEM: ATOMS type x y z\n1 0 0 0\n"
  static const struct {
    const char *text, *message;
  } bad[] = {
      {"", "holds no snapshot"},
      {"1\n\nSi 0 0 0\n", "line 1"},
      {"ITEM: TIMESTEP\n0\n" ONE ATOM, "without ITEM: BOX BOUNDS"},
      {"ITEM: TIMESTEP\n0\n" BOX ATOM, "without ITEM: NUMBER OF ATOMS"},
      {ONE BOX ATOM ATOM, "line 9: ITEM: ATOMS without"},
      {ONE BOX ATOM "ITEM: TIMESTEP\n1\n" ATOM, "line 11: ITEM: ATOMS without"},
      {ONE "ITEM: BOX BOUNDS pp pp pp\n0 5\n5 0\n0 5\n" ATOM, "no volume: from 5 to 0 along y"},
      {ONE "ITEM: BOX BOUNDS pp pp pp\n0 5\n0 nan\n0 5\n" ATOM, "no volume"},
      {ONE "ITEM: BOX BOUNDS xy xz yz pp pp pp\n0 5 0\n0 5 0\n0 5\n" ATOM, "a tilt is missing"},
      {ONE "ITEM: BOX BOUNDS pp pp zz\n0 5\n0 5\n0 5\n" ATOM, "'zz' is not a boundary"},
      {ONE BOX "ITEM: ATOMS type x y\n1 0 0\n", "no positions"},
      {ONE BOX "ITEM: ATOMS id x y z\n1 0 0 0\n", "no element column"},
      {ONE BOX "ITEM: ATOMS type x y z\n3 0 0 0\n", "an atom type is '3'"},
      {ONE BOX "ITEM: ATOMS element x y z\nXy 0 0 0\n", "'Xy' is not a chemical element"},
      {ONE BOX "ITEM: ATOMS type x y z\n1 0 nan 0\n", "not finite"},
      {ONE BOX "ITEM: ATOMS type x y z\n1 0 0\n", "3 columns instead of 4"},
      {"ITEM: UNITS\nreal\n" ONE BOX ATOM, "only metal"},
      {"ITEM: NUMBER OF ATOMS\n2\n" BOX ATOM, "ends behind line 8"},
  };
  const char *const elements[] = {"Si", "Ge"};
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    eipnn_dataset *d = empty();
    write_text("t.dump", bad[k].text, strlen(bad[k].text));
    assert_int_equal(eipnn_dataset_read_dump(d, "t.dump", 2, elements), EIPNN_ERROR_FORMAT);
    if (!strstr(eipnn_last_error(), bad[k].message) || !strstr(eipnn_last_error(), "t.dump"))
      fail_msg("case %zu: '%s' does not say '%s'", k, eipnn_last_error(), bad[k].message);
    assert_int_equal(eipnn_dataset_count(d), 0);
    eipnn_dataset_free(&d);
  }
}

/* Any prefix and any single changed character: an answer, never a crash, and on
   failure nothing appended. */
static void mutated_files_do_no_harm(void **state)
{
  (void)state;
  const char *const sources[] = {two_frames, dump};
  const char *const elements[] = {"Si", "Ge"};
  for (int kind = 0; kind < 2; kind++) {
    const size_t length = strlen(sources[kind]);
    char *text = malloc(length + 1);
    for (size_t k = 0; k < 4 * length; k++) {
      memcpy(text, sources[kind], length + 1);
      if (k < length)
        text[k] = '\0';
      else
        text[k % length] = "9 -\n:=\"e{T\t"[(k * 7 + k / length) % 11];
      eipnn_dataset *d = empty();
      write_text(XYZ, text, k < length ? k : length);
      const eipnn_status status =
          kind ? eipnn_dataset_read_dump(d, XYZ, 2, elements) : eipnn_dataset_read_xyz(d, XYZ);
      if (status != EIPNN_OK)
        assert_int_equal(eipnn_dataset_count(d), 0);
      else
        assert_true(eipnn_dataset_count(d) > 0);
      eipnn_dataset_free(&d);
    }
    free(text);
  }
}

/* Random cuts, copies and bytes, several at a time. */
static void garbled_files_do_no_harm(void **state)
{
  (void)state;
  const char *const sources[] = {two_frames, dump};
  const char *const elements[] = {"Si", "Ge"};
  char text[4096];
  eipnn_random random;
  eipnn_random_seed(&random, 11, 0);
  for (int trial = 0; trial < 3000; trial++) {
    const int kind = trial % 2;
    size_t length = strlen(sources[kind]);
    memcpy(text, sources[kind], length);
    for (int edit = 0; edit < 1 + trial % 4; edit++) {
      const size_t from = (size_t)(eipnn_random_next(&random) % length);
      const size_t to = (size_t)(eipnn_random_next(&random) % length);
      const size_t span = (size_t)(eipnn_random_next(&random) % 40);
      const size_t furthest = from > to ? from : to;
      if (furthest + span < length) memmove(text + to, text + from, span);
      text[to] = (char)(eipnn_random_next(&random) % (edit ? 256 : 128));
    }
    eipnn_dataset *d = empty();
    write_text(XYZ, text, length);
    const eipnn_status status =
        kind ? eipnn_dataset_read_dump(d, XYZ, 2, elements) : eipnn_dataset_read_xyz(d, XYZ);
    assert_int_equal(status == EIPNN_OK, eipnn_dataset_count(d) > 0);
    eipnn_dataset_free(&d);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_what_ase_writes),      cmocka_unit_test(voigt_stress_is_in_ase_order),
      cmocka_unit_test(round_trip_is_exact),        cmocka_unit_test(eip_energies_are_written),
      cmocka_unit_test(bad_files_are_refused),      cmocka_unit_test(broken_containers_are_refused),
      cmocka_unit_test(writing_fails_without_loss), cmocka_unit_test(dump_is_read),
      cmocka_unit_test(bad_dumps_are_refused),      cmocka_unit_test(cells_without_volume),
      cmocka_unit_test(mutated_files_do_no_harm),   cmocka_unit_test(garbled_files_do_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
