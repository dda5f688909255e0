/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/h5.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_LIMIT = 1 << 20 };

/* An open attribute with what is needed to believe it. */
typedef struct attribute {
  hid_t id, type, space;
  H5T_class_t class;
  hssize_t count;
} attribute;

static void close_attribute(const attribute *a)
{
  if (a->type >= 0) H5Tclose(a->type);
  if (a->space >= 0) H5Sclose(a->space);
  if (a->id >= 0) H5Aclose(a->id);
}

static eipnn_status open_attribute(hid_t object, const char *name, attribute *a)
{
  *a = (attribute){-1, -1, -1, H5T_NO_CLASS, -1};
  if (H5Aexists(object, name) <= 0)
    return eipnn_error(EIPNN_ERROR_FORMAT, "attribute '%s' is missing", name);
  a->id = H5Aopen(object, name, H5P_DEFAULT);
  if (a->id >= 0) a->type = H5Aget_type(a->id);
  if (a->id >= 0) a->space = H5Aget_space(a->id);
  if (a->type >= 0) a->class = H5Tget_class(a->type);
  if (a->space >= 0) a->count = H5Sget_simple_extent_npoints(a->space);
  if (a->type >= 0 && a->count >= 0) return EIPNN_OK;
  close_attribute(a);
  return eipnn_error(EIPNN_ERROR_FORMAT, "attribute '%s' is damaged", name);
}

int eipnn_h5_has_attribute(hid_t object, const char *name)
{
  return H5Aexists(object, name) > 0;
}

static eipnn_status too_long(const char *name, size_t size)
{
  return eipnn_error(EIPNN_ERROR_FORMAT, "attribute '%s' is longer than %zu characters", name,
                     size - 1);
}

static eipnn_status read_variable_texts(const attribute *a, const char *name, size_t size,
                                        char *texts)
{
  EIPNN_TRY(eipnn_h5_require_heap(a->id));
  const size_t count = (size_t)a->count;
  char **read = eipnn_calloc(count, sizeof *read);
  if (!read) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for attribute '%s'", name);
  hid_t memory = H5Tcopy(H5T_C_S1);
  H5Tset_size(memory, H5T_VARIABLE);
  H5Tset_cset(memory, H5Tget_cset(a->type));
  eipnn_status status = EIPNN_OK;
  if (H5Aread(a->id, memory, read) < 0)
    status = eipnn_error(EIPNN_ERROR_FORMAT, "attribute '%s' is damaged", name);
  for (size_t k = 0; status == EIPNN_OK && k < count; k++)
    if (read[k] && strlen(read[k]) >= size)
      status = too_long(name, size);
    else
      strcpy(texts + k * size, read[k] ? read[k] : "");
  H5Dvlen_reclaim(memory, a->space, H5P_DEFAULT, read);
  H5Tclose(memory);
  free(read);
  return status;
}

static eipnn_status read_fixed_texts(const attribute *a, const char *name, size_t size, char *texts)
{
  const size_t length = H5Tget_size(a->type), count = (size_t)a->count;
  if (length == 0 || length > TEXT_LIMIT)
    return eipnn_error(EIPNN_ERROR_FORMAT, "attribute '%s' has %zu bytes", name, length);
  char *read = eipnn_calloc(count * length + 1, 1);
  if (!read) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for attribute '%s'", name);
  eipnn_status status = EIPNN_OK;
  if (H5Aread(a->id, a->type, read) < 0)
    status = eipnn_error(EIPNN_ERROR_FORMAT, "attribute '%s' is damaged", name);
  for (size_t k = 0; status == EIPNN_OK && k < count; k++) {
    const char *text = read + k * length;
    const char *end = memchr(text, 0, length);
    const size_t used = end ? (size_t)(end - text) : length;
    if (used >= size)
      status = too_long(name, size);
    else
      snprintf(texts + k * size, size, "%.*s", (int)used, text);
  }
  free(read);
  return status;
}

eipnn_status eipnn_h5_read_text_list(hid_t object, const char *name, size_t capacity, size_t size,
                                     char *texts, size_t *count)
{
  attribute a;
  *count = 0;
  EIPNN_TRY(open_attribute(object, name, &a));
  eipnn_status status;
  if (a.class != H5T_STRING || a.count < 1 || (size_t)a.count > capacity)
    status =
        eipnn_error(EIPNN_ERROR_FORMAT, "attribute '%s' is not 1 to %zu texts", name, capacity);
  else if (H5Tis_variable_str(a.type) > 0)
    status = read_variable_texts(&a, name, size, texts);
  else
    status = read_fixed_texts(&a, name, size, texts);
  if (status == EIPNN_OK) *count = (size_t)a.count;
  close_attribute(&a);
  return status;
}

eipnn_status eipnn_h5_read_text(hid_t object, const char *name, char *text, size_t size)
{
  size_t count;
  text[0] = '\0';
  return eipnn_h5_read_text_list(object, name, 1, size, text, &count);
}

static eipnn_status read_numbers(hid_t object, const char *name, H5T_class_t class,
                                 hid_t memory_type, size_t capacity, void *values, size_t *count)
{
  attribute a;
  *count = 0;
  EIPNN_TRY(open_attribute(object, name, &a));
  eipnn_status status = EIPNN_OK;
  if (a.class != class || (size_t)a.count > capacity || a.count < 1)
    status = eipnn_error(EIPNN_ERROR_FORMAT, "attribute '%s' is not 1 to %zu %s", name, capacity,
                         class == H5T_INTEGER ? "integers" : "real numbers");
  else if (H5Aread(a.id, memory_type, values) < 0)
    status = eipnn_error(EIPNN_ERROR_FORMAT, "attribute '%s' is damaged", name);
  else
    *count = (size_t)a.count;
  close_attribute(&a);
  return status;
}

eipnn_status eipnn_h5_read_integers(hid_t object, const char *name, size_t capacity,
                                    int64_t *values, size_t *count)
{
  return read_numbers(object, name, H5T_INTEGER, H5T_NATIVE_INT64, capacity, values, count);
}

eipnn_status eipnn_h5_read_reals(hid_t object, const char *name, size_t capacity, double *values,
                                 size_t *count)
{
  return read_numbers(object, name, H5T_FLOAT, H5T_NATIVE_DOUBLE, capacity, values, count);
}

eipnn_status eipnn_h5_read_integer(hid_t object, const char *name, int64_t *value)
{
  size_t count;
  return eipnn_h5_read_integers(object, name, 1, value, &count);
}

eipnn_status eipnn_h5_read_real(hid_t object, const char *name, double *value)
{
  size_t count;
  return eipnn_h5_read_reals(object, name, 1, value, &count);
}

/* count 0: a scalar. */
static eipnn_status write_attribute(hid_t object, const char *name, hid_t file_type,
                                    hid_t memory_type, size_t count, const void *values)
{
  hsize_t size = count;
  hid_t space = count ? H5Screate_simple(1, &size, NULL) : H5Screate(H5S_SCALAR);
  hid_t id = H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT);
  int failed = id < 0 || H5Awrite(id, memory_type, values) < 0;
  if (id >= 0) H5Aclose(id);
  H5Sclose(space);
  if (failed) return eipnn_error(EIPNN_ERROR_IO, "HDF5 cannot write attribute '%s'", name);
  return EIPNN_OK;
}

/* count 0: a scalar. Of fixed length: text of variable length lies in HDF5's global
   heap, which has no checksum, and HDF5 1.10 hangs or overruns memory where that is
   damaged. */
static eipnn_status write_texts(hid_t object, const char *name, size_t count,
                                const char *const *texts)
{
  const size_t rows = count ? count : 1;
  size_t width = 1;
  for (size_t k = 0; k < rows; k++)
    if (strlen(texts[k]) >= width) width = strlen(texts[k]) + 1;
  char *block = eipnn_calloc(rows, width);
  if (!block) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for attribute '%s'", name);
  for (size_t k = 0; k < rows; k++) strcpy(block + k * width, texts[k]);
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, width);
  H5Tset_cset(type, H5T_CSET_UTF8);
  eipnn_status status = write_attribute(object, name, type, type, count, block);
  H5Tclose(type);
  free(block);
  return status;
}

eipnn_status eipnn_h5_write_text(hid_t object, const char *name, const char *text)
{
  return write_texts(object, name, 0, &text);
}

eipnn_status eipnn_h5_write_integer(hid_t object, const char *name, int64_t value)
{
  return write_attribute(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, 0, &value);
}

eipnn_status eipnn_h5_write_real(hid_t object, const char *name, double value)
{
  return write_attribute(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 0, &value);
}

eipnn_status eipnn_h5_write_text_list(hid_t object, const char *name, size_t count,
                                      const char *const *texts)
{
  return write_texts(object, name, count, texts);
}

eipnn_status eipnn_h5_write_integers(hid_t object, const char *name, size_t count,
                                     const int64_t *values)
{
  return write_attribute(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, count, values);
}

eipnn_status eipnn_h5_write_reals(hid_t object, const char *name, size_t count,
                                  const double *values)
{
  return write_attribute(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, count, values);
}
