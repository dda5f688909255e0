/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz/h5_value.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_VALUES = 4096 };

static hid_t text_type(size_t size)
{
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, size);
  return type;
}

static hid_t compound_type(void)
{
  hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(double));
  H5Tinsert(type, "value", 0, H5T_NATIVE_DOUBLE);
  return type;
}

hid_t h5_choose_type(edit_bytes *bytes)
{
  const hid_t numbers[] = {H5T_STD_I8LE,   H5T_STD_U8LE,   H5T_STD_I32LE,
                           H5T_STD_I64LE,  H5T_STD_U64LE,  H5T_STD_I64BE,
                           H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_IEEE_F64BE};
  const unsigned int choice = edit_byte(bytes) % 14;
  switch (choice) {
    case 9: return text_type(1 + edit_byte(bytes) % 100);
    case 10: return text_type(1u << edit_byte(bytes) % 22);
    case 11: return text_type(H5T_VARIABLE);
    case 12: return compound_type();
    case 13: return H5Tcreate(H5T_OPAQUE, 1 + edit_byte(bytes) % 16);
    default: return H5Tcopy(numbers[choice]);
  }
}

hid_t h5_choose_space(edit_bytes *bytes)
{
  static const hsize_t large[] = {300, 70000, 1 << 20, (hsize_t)1 << 31, (hsize_t)1 << 61};
  hsize_t shape[6];
  const int rank = edit_byte(bytes) % 7;
  if (rank == 6) return H5Screate(edit_byte(bytes) % 2 ? H5S_NULL : H5S_SCALAR);
  for (int k = 0; k < rank; k++) {
    const uint8_t choice = edit_byte(bytes);
    shape[k] = choice < 250 ? choice % 10 : large[choice % 5];
  }
  hid_t space = H5Screate_simple(rank, shape, NULL);
  return space >= 0 ? space : H5Screate(H5S_SCALAR);
}

hid_t h5_choose_layout(hid_t space)
{
  hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  const hsize_t chunk[6] = {1, 1, 1, 1, 1, 1};
  if (H5Sget_simple_extent_npoints(space) <= MOST_VALUES) return list;
  H5Pset_chunk(list, H5Sget_simple_extent_ndims(space), chunk);
  return list;
}

static double make_number(edit_bytes *bytes)
{
  static const double special[] = {
      0,      1,    2,       14,     -1,           118, 119, 0.5, INT32_MAX, -2147483648.0,
      9.3e18, 1e19, DBL_MAX, 1e-310, 4294967296.0, -0.0};
  const uint8_t choice = edit_byte(bytes);
  if (choice == 255) return NAN;
  if (choice == 254) return INFINITY;
  if (choice == 253) return -INFINITY;
  return choice < 128 ? special[choice % 16] : choice - 190;
}

void h5_make_value(hid_t type, edit_bytes *bytes, void *value)
{
  static char text[] = "eipnn-dataset";
  const H5T_class_t class = H5Tget_class(type);
  const size_t size = H5Tget_size(type);
  if (class == H5T_STRING && H5Tis_variable_str(type) > 0) {
    char *pointer = edit_byte(bytes) % 4 ? text : NULL;
    memcpy(value, &pointer, sizeof pointer);
  } else if (class == H5T_INTEGER || class == H5T_FLOAT) {
    uint8_t buffer[16] = {0};
    const double number = make_number(bytes);
    memcpy(buffer, &number, sizeof number);
    H5Tconvert(H5T_NATIVE_DOUBLE, type, 1, buffer, NULL, H5P_DEFAULT);
    memcpy(value, buffer, size);
  } else {
    for (size_t k = 0; k < size; k++) ((uint8_t *)value)[k] = edit_byte(bytes);
  }
}

void *h5_make_values(hid_t type, hid_t space, edit_bytes *bytes)
{
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  const size_t size = H5Tget_size(type);
  if (count < 1 || count > MOST_VALUES || size > MOST_VALUES) return NULL;
  uint8_t *values = malloc((size_t)count * size);
  for (hssize_t k = 0; values && k < count; k++)
    h5_make_value(type, bytes, values + (size_t)k * size);
  return values;
}

void h5_make_name(char *name, size_t size, const char *path, edit_bytes *bytes)
{
  const char *slash = strrchr(path, '/');
  const int parent = slash ? (int)(slash - path) + 1 : 0;
  const uint8_t choice = edit_byte(bytes);
  if (choice % 4 == 0)
    snprintf(name, size, "%.*s%080d", parent, path, choice);
  else
    snprintf(name, size, "%.*s%c%d", parent, path, choice ? choice : 'x', choice);
}
