/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/file.h"
#include "base/memory.h"
#include "data/dataset_data.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Every digit a double has. */
#define NUMBER "%.17g"

/* Text out, compressed or not; the first failure sticks. */
typedef struct xyz_writer {
  gzFile file;
  int failed;
} xyz_writer;

static void put(xyz_writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(xyz_writer *w, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  if (!w->failed && gzvprintf(w->file, format, arguments) <= 0) w->failed = 1;
  va_end(arguments);
}

static void put_virial(xyz_writer *w, const double v[6])
{
  static const int order[9] = {0, 3, 4, 3, 1, 5, 4, 5, 2};
  put(w, " virial=\"");
  for (int k = 0; k < 9; k++) put(w, k ? " " NUMBER : NUMBER, v[order[k]]);
  put(w, "\"");
}

/* config_type in quotes; a quote or an end of line inside would end it early. */
static void put_tag(xyz_writer *w, const char *tag)
{
  if (!tag[0]) return;
  put(w, " config_type=\"");
  for (; *tag; tag++) put(w, "%c", *tag == '"' ? '\'' : (unsigned char)*tag < ' ' ? ' ' : *tag);
  put(w, "\"");
}

static int all_finite(const double *values, size_t count)
{
  for (size_t k = 0; k < count; k++)
    if (!isfinite(values[k])) return 0;
  return 1;
}

/* eip_<name>_energy of every EIP that has one; characters that a key cannot hold become '_'. */
static void put_eip_energies(xyz_writer *w, const eipnn_dataset *dataset, size_t index)
{
  for (size_t k = 0; k < dataset->nlabels; k++) {
    const eipnn_labels *labels = dataset->labels[k];
    if (!eipnn_labels_is_eip(labels->name) || !isfinite(labels->energy[index])) continue;
    put(w, " eip_");
    for (const char *c = labels->name + 4; *c; c++)
      put(w, "%c", isalnum((unsigned char)*c) || strchr("-+.", *c) ? *c : '_');
    put(w, "_energy=" NUMBER, labels->energy[index]);
  }
}

static void put_comment(xyz_writer *w, const eipnn_dataset *dataset, const eipnn_configuration *c,
                        const eipnn_labels *dft, size_t index, int forces)
{
  const double *cell = &c->cell[0][0];
  int has_cell = 0;
  for (int k = 0; k < 9; k++) has_cell |= cell[k] != 0.0;
  if (has_cell) {
    put(w, "Lattice=\"");
    for (int k = 0; k < 9; k++) put(w, k ? " " NUMBER : NUMBER, cell[k]);
    put(w, "\" ");
  }
  put(w, "Properties=species:S:1:pos:R:3%s", forces ? ":forces:R:3" : "");
  if (isfinite(dft->energy[index])) put(w, " energy=" NUMBER, dft->energy[index]);
  if (dft->virial && all_finite(dft->virial[index], 6)) put_virial(w, dft->virial[index]);
  put_eip_energies(w, dataset, index);
  put_tag(w, c->tag);
  put(w, " pbc=\"%c %c %c\"\n", c->pbc[0] ? 'T' : 'F', c->pbc[1] ? 'T' : 'F',
      c->pbc[2] ? 'T' : 'F');
}

static void put_frame(xyz_writer *w, const eipnn_dataset *dataset, const eipnn_labels *dft,
                      size_t index)
{
  eipnn_configuration c;
  eipnn_dataset_get(dataset, index, &c);
  const double(*force)[3] =
      dft->forces ? (const double(*)[3])dft->forces + dataset->first[index] : NULL;
  if (force && !all_finite(force[0], 3 * (size_t)c.natoms)) force = NULL;
  put(w, "%d\n", c.natoms);
  put_comment(w, dataset, &c, dft, index, force != NULL);
  for (int i = 0; i < c.natoms; i++) {
    const double *x = c.position[i];
    put(w, "%s " NUMBER " " NUMBER " " NUMBER, eipnn_element_symbol(c.number[i]), x[0], x[1], x[2]);
    if (force) put(w, " " NUMBER " " NUMBER " " NUMBER, force[i][0], force[i][1], force[i][2]);
    put(w, "\n");
  }
}

static eipnn_status write_frames(const eipnn_dataset *dataset, const char *path,
                                 const char *temporary, int compressed)
{
  const eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  xyz_writer w = {.file = gzopen(temporary, compressed ? "wb" : "wbT")};
  if (!w.file) return eipnn_error(EIPNN_ERROR_IO, "cannot write %s: %s", path, strerror(errno));
  for (size_t index = 0; index < dataset->count && !w.failed; index++)
    put_frame(&w, dataset, dft, index);
  if (gzclose(w.file) != Z_OK) w.failed = 1;
  if (w.failed)
    return eipnn_error(EIPNN_ERROR_IO, "cannot write %s: %s", path,
                       errno ? strerror(errno) : "disk full?");
  return EIPNN_OK;
}

eipnn_status eipnn_dataset_write_xyz(const eipnn_dataset *dataset, const char *path)
{
  const size_t length = strlen(path);
  const int compressed = length > 3 && !strcmp(path + length - 3, ".gz");
  eipnn_replacement replacement;
  EIPNN_TRY(eipnn_replacement_begin(&replacement, path));
  errno = 0;
  eipnn_status status = write_frames(dataset, path, replacement.temporary, compressed);
  if (status == EIPNN_OK) return eipnn_replacement_commit(&replacement);
  eipnn_replacement_discard(&replacement);
  return status;
}
