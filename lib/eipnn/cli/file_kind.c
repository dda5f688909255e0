/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/file_kind.h"

#include "base/h5.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

/* Reads it, so that its checksums are compared. */
static eipnn_status check_array(hid_t group, const char *name)
{
  size_t rows;
  EIPNN_TRY(eipnn_h5_rows(group, name, &rows));
  double *values = eipnn_calloc(rows, sizeof *values);
  if (!values) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for '%s'", name);
  eipnn_status status = eipnn_h5_read_array(group, name, 1, &rows, H5T_NATIVE_DOUBLE, values);
  free(values);
  return status;
}

static eipnn_status read_training(hid_t file, cli_file_kind *kind)
{
  hid_t group;
  if (!eipnn_h5_exists(file, "training")) return EIPNN_OK;
  kind->checkpoint = 1;
  EIPNN_TRY(eipnn_h5_open_group(file, "training", &group));
  EIPNN_TRY(eipnn_h5_read_integer(group, "step", &kind->step));
  EIPNN_TRY(eipnn_h5_read_integer(group, "best_step", &kind->best_step));
  EIPNN_TRY(check_array(group, "weights"));
  EIPNN_TRY(check_array(group, "first_moment"));
  EIPNN_TRY(check_array(group, "second_moment"));
  return eipnn_h5_read_real(group, "best_mae", &kind->best_mae);
}

static eipnn_status read_kind(hid_t file, cli_file_kind *kind)
{
  if (!eipnn_h5_has_attribute(file, "format"))
    return eipnn_error(EIPNN_ERROR_FORMAT,
                       "it has no attribute \"format\": eipnn did not write this file");
  EIPNN_TRY(eipnn_h5_read_text(file, "format", kind->format, sizeof kind->format));
  return read_training(file, kind);
}

static eipnn_status open_and_read(const char *path, cli_file_kind *kind)
{
  hid_t file;
  EIPNN_TRY(eipnn_h5_open(path, &file));
  eipnn_status status = read_kind(file, kind);
  H5Fclose(file);
  return status == EIPNN_OK ? status : eipnn_error(status, "%s: %s", path, eipnn_last_error());
}

eipnn_status cli_read_file_kind(const char *path, cli_file_kind *kind)
{
  eipnn_h5_silence silence;
  *kind = (cli_file_kind){.best_mae = NAN};
  eipnn_h5_silence_begin(&silence);
  eipnn_status status = open_and_read(path, kind);
  eipnn_h5_silence_end(&silence);
  return status;
}
