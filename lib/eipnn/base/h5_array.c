/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/h5.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
  RANK_LIMIT = 4,
  CHUNK_BYTES = 1 << 20,
  TEXT_LIMIT = 1 << 20,
  /* Compression cannot do better than this (deflate: 1032). A dataset that claims to hold more
     than its bytes in the file can is refused before memory is taken for it. */
  COMPRESSION_LIMIT = 1100
};

/* An open dataset with what is needed to believe it. */
typedef struct array {
  hid_t id, type, space;
  H5T_class_t class;
  int rank;
  hsize_t shape[RANK_LIMIT];
} array;

static void close_array(const array *a)
{
  if (a->type >= 0) H5Tclose(a->type);
  if (a->space >= 0) H5Sclose(a->space);
  if (a->id >= 0) H5Dclose(a->id);
}

static eipnn_status open_array(hid_t location, const char *name, array *a)
{
  *a = (array){-1, -1, -1, H5T_NO_CLASS, -1, {0}};
  if (!eipnn_h5_exists(location, name))
    return eipnn_error(EIPNN_ERROR_FORMAT, "dataset '%s' is missing", name);
  a->id = H5Dopen2(location, name, H5P_DEFAULT);
  if (a->id >= 0) a->type = H5Dget_type(a->id);
  if (a->id >= 0) a->space = H5Dget_space(a->id);
  if (a->type >= 0) a->class = H5Tget_class(a->type);
  if (a->space >= 0 && H5Sis_simple(a->space) > 0) a->rank = H5Sget_simple_extent_ndims(a->space);
  if (a->rank >= 1 && a->rank <= RANK_LIMIT &&
      H5Sget_simple_extent_dims(a->space, a->shape, NULL) == a->rank)
    return EIPNN_OK;
  close_array(a);
  return eipnn_error(EIPNN_ERROR_FORMAT, "dataset '%s' is damaged, or not an array", name);
}

/* Elements of the array; an error where the file cannot hold that many. */
static eipnn_status check_size(const array *a, const char *name, size_t *count)
{
  size_t size = H5Tget_size(a->type);
  size_t stored = (size_t)H5Dget_storage_size(a->id), total = size;
  for (int k = 0; k < a->rank; k++) {
    if (a->shape[k] && total > SIZE_MAX / a->shape[k])
      return eipnn_error(EIPNN_ERROR_FORMAT, "dataset '%s' has an impossible size", name);
    total *= a->shape[k];
  }
  if (size == 0 || total / COMPRESSION_LIMIT > stored || (total && !stored))
    return eipnn_error(EIPNN_ERROR_FORMAT, "dataset '%s' claims %zu bytes, the file holds %zu",
                       name, total, stored);
  *count = total / size;
  return EIPNN_OK;
}

int eipnn_h5_rank(hid_t location, const char *name)
{
  array a;
  if (open_array(location, name, &a) != EIPNN_OK) return 0;
  close_array(&a);
  return a.rank;
}

eipnn_status eipnn_h5_rows(hid_t location, const char *name, size_t *rows)
{
  array a;
  size_t count;
  *rows = 0;
  EIPNN_TRY(open_array(location, name, &a));
  eipnn_status status = check_size(&a, name, &count);
  if (status == EIPNN_OK) *rows = (size_t)a.shape[0];
  close_array(&a);
  return status;
}

static eipnn_status check_shape(const array *a, const char *name, int rank, const size_t *shape)
{
  int same = a->rank == rank;
  for (int k = 0; same && k < rank; k++) same = a->shape[k] == shape[k];
  if (same) return EIPNN_OK;
  return eipnn_error(
      EIPNN_ERROR_FORMAT,
      "dataset '%s' has the wrong shape: %d dimensions, %zu rows; expected %d and %zu", name,
      a->rank, (size_t)a->shape[0], rank, shape[0]);
}

eipnn_status eipnn_h5_read_array(hid_t location, const char *name, int rank, const size_t *shape,
                                 hid_t memory_type, void *values)
{
  array a;
  size_t count;
  EIPNN_TRY(open_array(location, name, &a));
  eipnn_status status = check_shape(&a, name, rank, shape);
  if (status == EIPNN_OK && a.class != H5Tget_class(memory_type))
    status = eipnn_error(EIPNN_ERROR_FORMAT, "dataset '%s' holds the wrong kind of numbers", name);
  if (status == EIPNN_OK) status = check_size(&a, name, &count);
  if (status == EIPNN_OK && values && count > 0 &&
      H5Dread(a.id, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
    status = eipnn_error(EIPNN_ERROR_FORMAT, "dataset '%s' is damaged", name);
  close_array(&a);
  return status;
}

/* Chunks of about 1 MiB with checksums; arrays without elements stay contiguous. */
static hid_t creation_list(int rank, const hsize_t *shape, size_t element)
{
  hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  hsize_t chunk[RANK_LIMIT] = {0}, row = element;
  for (int k = 0; k < rank; k++) {
    if (shape[k] == 0) return list;
    chunk[k] = shape[k];
    if (k > 0) row *= shape[k];
  }
  hsize_t rows = CHUNK_BYTES / row > 0 ? CHUNK_BYTES / row : 1;
  if (rows < chunk[0]) chunk[0] = rows;
  H5Pset_chunk(list, rank, chunk);
  H5Pset_fletcher32(list);
  return list;
}

eipnn_status eipnn_h5_write_array(hid_t location, const char *name, int rank, const size_t *shape,
                                  hid_t file_type, hid_t memory_type, const void *values)
{
  hsize_t extent[RANK_LIMIT] = {0}, count = 1;
  for (int k = 0; k < rank; k++) count *= extent[k] = shape[k];
  hid_t space = H5Screate_simple(rank, extent, NULL);
  hid_t list = creation_list(rank, extent, H5Tget_size(file_type));
  hid_t links = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(links, 1);
  hid_t id = H5Dcreate2(location, name, file_type, space, links, list, H5P_DEFAULT);
  int failed = id < 0;
  if (!failed && count > 0)
    failed = H5Dwrite(id, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0;
  if (id >= 0) failed |= H5Dclose(id) < 0;
  H5Pclose(links);
  H5Pclose(list);
  H5Sclose(space);
  if (failed) return eipnn_error(EIPNN_ERROR_IO, "HDF5 cannot write '%s' (disk full?)", name);
  return EIPNN_OK;
}

static eipnn_status read_variable_texts(const array *a, const char *name, size_t count,
                                        void *context,
                                        eipnn_status (*store)(void *, size_t, const char *))
{
  EIPNN_TRY(eipnn_h5_require_heap(a->id));
  char **texts = eipnn_calloc(count, sizeof *texts);
  if (!texts) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for '%s'", name);
  eipnn_status status = EIPNN_OK;
  hid_t memory = H5Tcopy(H5T_C_S1);
  H5Tset_size(memory, H5T_VARIABLE);
  H5Tset_cset(memory, H5Tget_cset(a->type));
  if (H5Dread(a->id, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) < 0)
    status = eipnn_error(EIPNN_ERROR_FORMAT, "dataset '%s' is damaged", name);
  for (size_t i = 0; status == EIPNN_OK && i < count; i++)
    status = store(context, i, texts[i] ? texts[i] : "");
  H5Dvlen_reclaim(memory, a->space, H5P_DEFAULT, texts);
  H5Tclose(memory);
  free(texts);
  return status;
}

static eipnn_status read_fixed_texts(const array *a, const char *name, size_t count, void *context,
                                     eipnn_status (*store)(void *, size_t, const char *))
{
  size_t length = H5Tget_size(a->type);
  if (length == 0 || length > TEXT_LIMIT)
    return eipnn_error(EIPNN_ERROR_FORMAT, "dataset '%s' holds texts of %zu bytes", name, length);
  char *texts = eipnn_calloc(count, length), *text = eipnn_calloc(length + 1, 1);
  eipnn_status status = EIPNN_OK;
  if (!texts || !text)
    status = eipnn_error(EIPNN_ERROR_MEMORY, "no memory for '%s'", name);
  else if (H5Dread(a->id, a->type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) < 0)
    status = eipnn_error(EIPNN_ERROR_FORMAT, "dataset '%s' is damaged", name);
  for (size_t i = 0; status == EIPNN_OK && i < count; i++) {
    memcpy(text, texts + i * length, length);
    status = store(context, i, text);
  }
  free(texts);
  free(text);
  return status;
}

eipnn_status eipnn_h5_read_texts(hid_t location, const char *name, size_t count, void *context,
                                 eipnn_status (*store)(void *context, size_t index,
                                                       const char *text))
{
  array a;
  size_t total;
  EIPNN_TRY(open_array(location, name, &a));
  eipnn_status status = check_shape(&a, name, 1, &count);
  if (status == EIPNN_OK && a.class != H5T_STRING)
    status = eipnn_error(EIPNN_ERROR_FORMAT, "dataset '%s' does not hold text", name);
  if (status == EIPNN_OK) status = check_size(&a, name, &total);
  if (status == EIPNN_OK && count > 0)
    status = H5Tis_variable_str(a.type) > 0 ? read_variable_texts(&a, name, count, context, store)
                                            : read_fixed_texts(&a, name, count, context, store);
  close_array(&a);
  return status;
}

eipnn_status eipnn_h5_write_texts(hid_t location, const char *name, size_t count,
                                  const char *const *texts)
{
  size_t longest = 1;
  for (size_t i = 0; i < count; i++)
    if (strlen(texts[i]) > longest) longest = strlen(texts[i]);
  char *block = count <= SIZE_MAX / longest ? eipnn_calloc(count, longest) : NULL;
  if (!block) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for '%s'", name);
  for (size_t i = 0; i < count; i++) memcpy(block + i * longest, texts[i], strlen(texts[i]));
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, longest);
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  H5Tset_cset(type, H5T_CSET_UTF8);
  eipnn_status status = eipnn_h5_write_array(location, name, 1, &count, type, type, block);
  H5Tclose(type);
  free(block);
  return status;
}
