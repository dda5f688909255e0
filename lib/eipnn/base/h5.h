/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BASE_H5_H
#define EIPNN_BASE_H5_H

/* HDF5 files, read as if their author meant harm and written so that damage
   shows: metadata in the checksummed formats of HDF5 1.10, data with Fletcher-32
   checksums. Messages name the object, not the file: callers add that. */

#include "base/error.h"

#include <hdf5.h>
#include <stddef.h>
#include <stdint.h>

/* HDF5's own error printing, switched off between begin and end. */
typedef struct eipnn_h5_silence {
  H5E_auto2_t function;
  void *data;
} eipnn_h5_silence;
void eipnn_h5_silence_begin(eipnn_h5_silence *silence);
void eipnn_h5_silence_end(const eipnn_h5_silence *silence);

/* Opens for reading; the error says whether the file is absent, a folder, empty,
   not HDF5 or damaged. Close with H5Fclose, which closes every object left open. */
eipnn_status eipnn_h5_open(const char *path, hid_t *file);
/* The same for reading and writing. */
eipnn_status eipnn_h5_append(const char *path, hid_t *file);
/* Creates or truncates. */
eipnn_status eipnn_h5_create(const char *path, hid_t *file);

/* 1 if location has a link of that name, which may be a path. */
int eipnn_h5_exists(hid_t location, const char *name);
eipnn_status eipnn_h5_open_group(hid_t location, const char *name, hid_t *group);
eipnn_status eipnn_h5_create_group(hid_t location, const char *name, hid_t *group);
/* Text of variable length lies in global heaps, and HDF5 (seen in 1.10.8) searches
   for ever where a damaged type points to a heap the file does not have. A format
   error unless the file of `object` has one. */
eipnn_status eipnn_h5_require_heap(hid_t object);

/* Number of links in a group, and the name of one (in order of name). */
eipnn_status eipnn_h5_link_count(hid_t group, size_t *count);
eipnn_status eipnn_h5_link_name(hid_t group, size_t index, char *name, size_t size);

/* Attributes of one value. Text longer than size-1 is an error. */
int eipnn_h5_has_attribute(hid_t object, const char *name);
eipnn_status eipnn_h5_read_text(hid_t object, const char *name, char *text, size_t size);
eipnn_status eipnn_h5_read_integer(hid_t object, const char *name, int64_t *value);
eipnn_status eipnn_h5_read_real(hid_t object, const char *name, double *value);
eipnn_status eipnn_h5_write_text(hid_t object, const char *name, const char *text);
eipnn_status eipnn_h5_write_integer(hid_t object, const char *name, int64_t value);
eipnn_status eipnn_h5_write_real(hid_t object, const char *name, double value);

/* Attributes that are arrays, of one value too: at most `capacity` values are read,
   *count says how many there are. Texts lie in `texts` [capacity][size]. */
eipnn_status eipnn_h5_read_text_list(hid_t object, const char *name, size_t capacity, size_t size,
                                     char *texts, size_t *count);
eipnn_status eipnn_h5_read_integers(hid_t object, const char *name, size_t capacity,
                                    int64_t *values, size_t *count);
eipnn_status eipnn_h5_read_reals(hid_t object, const char *name, size_t capacity, double *values,
                                 size_t *count);
eipnn_status eipnn_h5_write_text_list(hid_t object, const char *name, size_t count,
                                      const char *const *texts);
eipnn_status eipnn_h5_write_integers(hid_t object, const char *name, size_t count,
                                     const int64_t *values);
eipnn_status eipnn_h5_write_reals(hid_t object, const char *name, size_t count,
                                  const double *values);

/* Number of dimensions of a dataset, 0 if there is no such array. */
int eipnn_h5_rank(hid_t location, const char *name);
/* First dimension of a dataset of any shape; an error where the file cannot hold
   as many elements as it claims. */
eipnn_status eipnn_h5_rows(hid_t location, const char *name, size_t *rows);
/* Reads a numeric dataset of exactly that shape into values of memory_type (a native
   type); NULL: only checks. An error where shape or kind of number differ, or where
   the file cannot hold that much. */
eipnn_status eipnn_h5_read_array(hid_t location, const char *name, int rank, const size_t *shape,
                                 hid_t memory_type, void *values);
/* name may be a path: groups on the way are created. */
eipnn_status eipnn_h5_write_array(hid_t location, const char *name, int rank, const size_t *shape,
                                  hid_t file_type, hid_t memory_type, const void *values);

/* Arrays of text. Reading calls store for each (variable or fixed length in the
   file); writing uses the fixed length of the longest. */
eipnn_status eipnn_h5_read_texts(hid_t location, const char *name, size_t count, void *context,
                                 eipnn_status (*store)(void *context, size_t index,
                                                       const char *text));
eipnn_status eipnn_h5_write_texts(hid_t location, const char *name, size_t count,
                                  const char *const *texts);

#endif
