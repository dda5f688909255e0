/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "base/h5.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More groups than this in one place are taken for damage. */
enum { LINK_LIMIT = 100000 };

void eipnn_h5_silence_begin(eipnn_h5_silence *silence)
{
  /* Nothing is left open here, so HDF5 need not close anything at exit, where it
     would complain about objects it found damaged. No effect on a host that has
     used HDF5 before. */
  H5dont_atexit();
  H5Eget_auto2(H5E_DEFAULT, &silence->function, &silence->data);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

void eipnn_h5_silence_end(const eipnn_h5_silence *silence)
{
  H5Eset_auto2(H5E_DEFAULT, silence->function, silence->data);
}

/* What the operating system can say about a file before HDF5 looks at it. */
static eipnn_status check_readable(const char *path)
{
  struct stat information;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0 || fstat(file, &information)) {
    int cause = errno;
    if (file >= 0) close(file);
    return eipnn_error(EIPNN_ERROR_IO, "cannot open %s: %s", path, strerror(cause));
  }
  close(file);
  if (S_ISDIR(information.st_mode))
    return eipnn_error(EIPNN_ERROR_IO, "%s is a folder, not a file", path);
  if (!S_ISREG(information.st_mode))
    return eipnn_error(EIPNN_ERROR_IO, "%s is not a regular file", path);
  if (information.st_size == 0) return eipnn_error(EIPNN_ERROR_FORMAT, "%s is empty", path);
  return EIPNN_OK;
}

static hid_t access_list(void)
{
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_fclose_degree(access, H5F_CLOSE_STRONG);
  H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_LATEST);
  return access;
}

static int named_h5(const char *path)
{
  size_t length = strlen(path);
  return length >= 3 && !strcmp(path + length - 3, ".h5");
}

static eipnn_status open_file(const char *path, unsigned int flags, hid_t *file)
{
  *file = H5I_INVALID_HID;
  EIPNN_TRY(check_readable(path));
  if (H5Fis_hdf5(path) <= 0)
    return eipnn_error(EIPNN_ERROR_FORMAT, "%s is not an HDF5 file, or its beginning is damaged%s",
                       path, named_h5(path) ? "" : "; `eipnn convert` makes datasets of XYZ files");
  hid_t access = access_list();
  *file = H5Fopen(path, flags, access);
  H5Pclose(access);
  if (*file < 0)
    return eipnn_error(EIPNN_ERROR_FORMAT, "%s is damaged: HDF5 cannot open it (truncated?)", path);
  return EIPNN_OK;
}

eipnn_status eipnn_h5_open(const char *path, hid_t *file)
{
  return open_file(path, H5F_ACC_RDONLY, file);
}

eipnn_status eipnn_h5_append(const char *path, hid_t *file)
{
  return open_file(path, H5F_ACC_RDWR, file);
}

eipnn_status eipnn_h5_create(const char *path, hid_t *file)
{
  hid_t access = access_list();
  *file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  H5Pclose(access);
  if (*file >= 0) return EIPNN_OK;
  int probe = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  int cause = errno;
  if (probe >= 0) close(probe);
  return eipnn_error(EIPNN_ERROR_IO, "cannot write %s: %s", path,
                     probe >= 0 ? "HDF5 cannot create a file there (disk full?)" : strerror(cause));
}

int eipnn_h5_exists(hid_t location, const char *name)
{
  return H5Lexists(location, name, H5P_DEFAULT) > 0;
}

eipnn_status eipnn_h5_open_group(hid_t location, const char *name, hid_t *group)
{
  *group = eipnn_h5_exists(location, name) ? H5Gopen2(location, name, H5P_DEFAULT) : -1;
  if (*group >= 0) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_FORMAT, "group '%s' is missing or damaged", name);
}

eipnn_status eipnn_h5_create_group(hid_t location, const char *name, hid_t *group)
{
  *group = H5Gcreate2(location, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (*group >= 0) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_IO, "HDF5 cannot create group '%s'", name);
}

eipnn_status eipnn_h5_link_count(hid_t group, size_t *count)
{
  H5G_info_t information;
  *count = 0;
  if (H5Gget_info(group, &information) < 0 || information.nlinks > LINK_LIMIT)
    return eipnn_error(EIPNN_ERROR_FORMAT, "a group is damaged");
  *count = (size_t)information.nlinks;
  return EIPNN_OK;
}

eipnn_status eipnn_h5_link_name(hid_t group, size_t index, char *name, size_t size)
{
  ssize_t length = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, (hsize_t)index, name,
                                      size, H5P_DEFAULT);
  if (length > 0 && (size_t)length < size) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_FORMAT,
                     "a name in a group is damaged or longer than %zu characters", size - 1);
}

/* 1 if the four bytes of `signature` follow each other anywhere in the file. */
static int holds_signature(FILE *file, const char *signature)
{
  int matched = 0;
  for (int c; matched < 4 && (c = getc(file)) != EOF;)
    matched = c == signature[matched] ? matched + 1 : c == signature[0];
  return matched == 4;
}

eipnn_status eipnn_h5_require_heap(hid_t object)
{
  char path[4096];
  const ssize_t length = H5Fget_name(object, path, sizeof path);
  FILE *file = length > 0 && length < (ssize_t)sizeof path ? fopen(path, "rb") : NULL;
  const int found = file && holds_signature(file, "GCOL");
  if (file) fclose(file);
  if (found) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_FORMAT,
                     "text of variable length in a file without a heap for it: damaged");
}
