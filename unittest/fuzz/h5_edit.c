/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz/h5_edit.h"

#include "fuzz/h5_value.h"

#include <hdf5.h>

#include <stdio.h>
#include <string.h>

enum { MOST_NAMES = 128, NAME_SIZE = 96, MOST_EDITS = 6 };

/* Names of all objects, or of the attributes of one. */
typedef struct name_list {
  char name[MOST_NAMES][NAME_SIZE];
  size_t count;
} name_list;

uint8_t edit_byte(edit_bytes *bytes)
{
  return bytes->next < bytes->end ? *bytes->next++ : 0;
}

static void add_name(name_list *list, const char *name)
{
  if (list->count < MOST_NAMES) snprintf(list->name[list->count++], NAME_SIZE, "%s", name);
}

static herr_t add_link(hid_t group, const char *name, const H5L_info_t *information, void *context)
{
  (void)group;
  (void)information;
  add_name(context, name);
  return 0;
}

static herr_t add_attribute(hid_t object, const char *name, const H5A_info_t *information,
                            void *context)
{
  (void)object;
  (void)information;
  add_name(context, name);
  return 0;
}

static const char *choose(const name_list *list, edit_bytes *bytes)
{
  const uint8_t choice = edit_byte(bytes);
  return list->count ? list->name[choice % list->count] : "none";
}

static void replace_array(hid_t file, const char *path, edit_bytes *bytes)
{
  hid_t type = h5_choose_type(bytes), space = h5_choose_space(bytes),
        list = h5_choose_layout(space);
  H5Ldelete(file, path, H5P_DEFAULT);
  hid_t id = H5Dcreate2(file, path, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
  void *values = h5_make_values(type, space, bytes);
  if (id >= 0 && values) H5Dwrite(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  free(values);
  if (id >= 0) H5Dclose(id);
  H5Pclose(list);
  H5Sclose(space);
  H5Tclose(type);
}

/* Attributes are stored whole, so that a large one would fill the disk. */
static int fits_attribute(hid_t type, hid_t space)
{
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  return count >= 0 && count < (1 << 20) && (size_t)count * H5Tget_size(type) < (1 << 20);
}

static void replace_attribute(hid_t object, const char *name, edit_bytes *bytes)
{
  hid_t type = h5_choose_type(bytes), space = h5_choose_space(bytes);
  H5Adelete(object, name);
  hid_t id = -1;
  if (fits_attribute(type, space))
    id = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  void *values = id >= 0 ? h5_make_values(type, space, bytes) : NULL;
  if (values) H5Awrite(id, type, values);
  free(values);
  if (id >= 0) H5Aclose(id);
  H5Sclose(space);
  H5Tclose(type);
}

/* Some elements of an array, its type and shape kept. */
static void overwrite_values(hid_t file, const char *path, edit_bytes *bytes)
{
  hid_t id = H5Dopen2(file, path, H5P_DEFAULT);
  if (id < 0) return;
  hid_t type = H5Dget_type(id), space = H5Dget_space(id);
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  const size_t size = H5Tget_size(type);
  uint8_t *values = count > 0 && count < 4096 ? calloc((size_t)count, size) : NULL;
  if (values && H5Dread(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0) {
    for (int k = 1 + edit_byte(bytes) % 3; k > 0; k--)
      h5_make_value(type, bytes, values + edit_byte(bytes) % (size_t)count * size);
    H5Dwrite(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  }
  free(values);
  H5Sclose(space);
  H5Tclose(type);
  H5Dclose(id);
}

static void edit_attribute(hid_t file, const char *path, edit_bytes *bytes)
{
  static name_list attributes;
  hid_t object = H5Oopen(file, path, H5P_DEFAULT);
  if (object < 0) return;
  attributes.count = 0;
  H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, NULL, add_attribute, &attributes);
  const char *name = choose(&attributes, bytes);
  switch (edit_byte(bytes) % 4) {
    case 0: H5Adelete(object, name); break;
    case 1: H5Arename(object, name, "other"); break;
    default: replace_attribute(object, name, bytes);
  }
  H5Oclose(object);
}

static void relink(hid_t file, const char *path, const char *other, edit_bytes *bytes)
{
  char name[NAME_SIZE];
  const unsigned int way = edit_byte(bytes) % 5;
  h5_make_name(name, sizeof name, path, bytes);
  if (way < 3) H5Ldelete(file, path, H5P_DEFAULT);
  switch (way) {
    case 0: H5Lcreate_soft(other, file, path, H5P_DEFAULT, H5P_DEFAULT); break;
    case 1: H5Lcreate_hard(file, other, file, path, H5P_DEFAULT, H5P_DEFAULT); break;
    case 2: H5Lcreate_external("/dev/null", "x", file, path, H5P_DEFAULT, H5P_DEFAULT); break;
    case 3: H5Lmove(file, path, file, name, H5P_DEFAULT, H5P_DEFAULT); break;
    default: H5Lcreate_hard(file, path, file, name, H5P_DEFAULT, H5P_DEFAULT);
  }
}

static void edit_once(hid_t file, const name_list *objects, edit_bytes *bytes)
{
  const unsigned int way = edit_byte(bytes) % 6;
  const char *path = choose(objects, bytes);
  switch (way) {
    case 0: H5Ldelete(file, path, H5P_DEFAULT); break;
    case 1: replace_array(file, path, bytes); break;
    case 2: relink(file, path, choose(objects, bytes), bytes); break;
    case 3: overwrite_values(file, path, bytes); break;
    default: edit_attribute(file, path, bytes);
  }
}

/* A file in memory that begins as these bytes. */
static hid_t open_image(const uint8_t *data, size_t size)
{
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_LATEST);
  H5Pset_fapl_core(access, 1 << 16, 0);
  H5Pset_file_image(access, (void *)data, size);
  hid_t file = H5Fopen("image", H5F_ACC_RDWR, access);
  H5Pclose(access);
  return file;
}

uint8_t *h5_edit(const uint8_t *good, size_t *size, edit_bytes *bytes)
{
  static name_list objects; /* of the good file, which is always the same */
  hid_t file = open_image(good, *size);
  if (file < 0) return NULL;
  if (!objects.count) {
    add_name(&objects, ".");
    H5Lvisit(file, H5_INDEX_NAME, H5_ITER_INC, add_link, &objects);
  }
  for (int k = edit_byte(bytes) % MOST_EDITS; k >= 0; k--) edit_once(file, &objects, bytes);
  H5Fflush(file, H5F_SCOPE_GLOBAL);
  const ssize_t length = H5Fget_file_image(file, NULL, 0);
  uint8_t *data = length > 0 ? malloc((size_t)length) : NULL;
  if (data && H5Fget_file_image(file, data, (size_t)length) == length) *size = (size_t)length;
  H5Fclose(file);
  return data;
}
