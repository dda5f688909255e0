/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extended XYZ as ASE and QUIP write it. */
#include "base/memory.h"
#include "data/dataset_data.h"
#include "data/frame.h"
#include "data/lattice.h"
#include "data/text_file.h"
#include "data/xyz_comment.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a column of an atom line is. */
typedef enum column {
  COLUMN_IGNORED,
  COLUMN_SPECIES,
  COLUMN_NUMBER,
  COLUMN_POSITION, /* x; y and z follow */
  COLUMN_FORCE
} column;

enum { MOST_COLUMNS = 256 };

typedef struct xyz_reader {
  eipnn_text_reader text;
  eipnn_frame frame;
  char *tag;
  column columns[MOST_COLUMNS];
  int ncolumns;
  int has_lattice, has_stress;
  double stress[3][3];
} xyz_reader;

/* Numbers of a comment value; brackets and commas count as blanks. */
static eipnn_status read_numbers(const xyz_reader *r, const char *key, char *value, int least,
                                 int most, double *numbers, int *count)
{
  for (char *c = value; *c; c++)
    if (strchr("[]{},;", *c)) *c = ' ';
  *count = 0;
  for (char *word; (word = eipnn_text_word(&value));) {
    if (*count == most) return eipnn_text_error(&r->text, "%s has more than %d numbers", key, most);
    EIPNN_TRY(eipnn_text_double(&r->text, word, key, &numbers[(*count)++]));
  }
  if (*count != least && *count != most)
    return eipnn_text_error(&r->text, "%s has %d numbers, not %d", key, *count, most);
  return EIPNN_OK;
}

static eipnn_status read_lattice(xyz_reader *r, char *value)
{
  int count;
  r->has_lattice = 1;
  return read_numbers(r, "Lattice", value, 9, 9, &r->frame.configuration.cell[0][0], &count);
}

static eipnn_status read_pbc(xyz_reader *r, char *value)
{
  for (char *c = value; *c; c++)
    if (strchr("[]{},;", *c)) *c = ' ';
  for (int k = 0; k < 3; k++) {
    const char *word = eipnn_text_word(&value);
    if (!word || !strchr("TtFf10", *word))
      return eipnn_text_error(&r->text, "pbc needs three of T and F");
    r->frame.configuration.pbc[k] = strchr("Tt1", *word) != NULL;
  }
  return EIPNN_OK;
}

/* 3x3, or ASE's Voigt order xx yy zz yz xz xy. */
static eipnn_status read_tensor(xyz_reader *r, const char *key, char *value, double tensor[3][3])
{
  double v[9];
  int count;
  EIPNN_TRY(read_numbers(r, key, value, 6, 9, v, &count));
  if (count == 9)
    memcpy(tensor, v, sizeof v);
  else
    memcpy(tensor, (double[9]){v[0], v[5], v[4], v[5], v[1], v[3], v[4], v[3], v[2]}, sizeof v);
  return EIPNN_OK;
}

static void store_virial(xyz_reader *r, double tensor[3][3], double factor)
{
  static const int row[6] = {0, 1, 2, 0, 0, 1}, col[6] = {0, 1, 2, 1, 2, 2};
  for (int k = 0; k < 6; k++)
    r->frame.virial[k] = factor * 0.5 * (tensor[row[k]][col[k]] + tensor[col[k]][row[k]]);
  r->frame.has_virial = 1;
}

static eipnn_status add_columns(xyz_reader *r, const char *name, char type, long count)
{
  column kind = COLUMN_IGNORED;
  if (!strcmp(name, "species") && type == 'S' && count == 1) kind = COLUMN_SPECIES;
  if (!strcmp(name, "Z") && type == 'I' && count == 1) kind = COLUMN_NUMBER;
  if (!strcmp(name, "pos") && type == 'R' && count == 3) kind = COLUMN_POSITION;
  if ((!strcmp(name, "forces") || !strcmp(name, "force")) && type == 'R' && count == 3)
    kind = COLUMN_FORCE;
  if (count > MOST_COLUMNS - r->ncolumns)
    return eipnn_text_error(&r->text, "Properties has more than %d columns", MOST_COLUMNS);
  for (long k = 0; k < count; k++) r->columns[r->ncolumns++] = k ? COLUMN_IGNORED : kind;
  if (kind == COLUMN_FORCE) r->frame.has_forces = 1;
  return EIPNN_OK;
}

static int has_column(const xyz_reader *r, column kind)
{
  for (int k = 0; k < r->ncolumns; k++)
    if (r->columns[k] == kind) return 1;
  return 0;
}

/* name:type:count triplets, separated by colons. */
static eipnn_status read_properties(xyz_reader *r, char *value)
{
  r->ncolumns = 0;
  r->frame.has_forces = 0;
  while (*value) {
    char *part[3];
    for (int k = 0; k < 3; k++) {
      part[k] = value;
      value += strcspn(value, ":");
      if (k < 2 && !*value)
        return eipnn_text_error(&r->text, "Properties is not made of name:type:columns");
      if (*value) *value++ = '\0';
    }
    long count;
    EIPNN_TRY(eipnn_text_integer(&r->text, part[2], "a column count in Properties", 1, MOST_COLUMNS,
                                 &count));
    EIPNN_TRY(add_columns(r, part[0], part[1][0], count));
  }
  if (!has_column(r, COLUMN_POSITION))
    return eipnn_text_error(&r->text, "Properties has no pos:R:3");
  if (!has_column(r, COLUMN_SPECIES) && !has_column(r, COLUMN_NUMBER))
    return eipnn_text_error(&r->text, "Properties has neither species:S:1 nor Z:I:1");
  return EIPNN_OK;
}

static eipnn_status read_tag(xyz_reader *r, const char *value)
{
  free(r->tag);
  r->tag = eipnn_strdup(value);
  if (!r->tag) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a config_type");
  r->frame.configuration.tag = r->tag;
  return EIPNN_OK;
}

static eipnn_status read_pair(xyz_reader *r, const char *key, char *value)
{
  double tensor[3][3];
  if (!strcmp(key, "Lattice")) return read_lattice(r, value);
  if (!strcmp(key, "pbc")) return read_pbc(r, value);
  if (!strcmp(key, "Properties")) return read_properties(r, value);
  if (!strcmp(key, "config_type")) return read_tag(r, value);
  if (!strcmp(key, "energy")) return eipnn_text_double(&r->text, value, "energy", &r->frame.energy);
  if (!strcmp(key, "virial")) {
    EIPNN_TRY(read_tensor(r, key, value, tensor));
    store_virial(r, tensor, 1.0);
  }
  if (!strcmp(key, "stress")) {
    EIPNN_TRY(read_tensor(r, key, value, r->stress));
    r->has_stress = 1;
  }
  return EIPNN_OK;
}

static eipnn_status read_comment(xyz_reader *r)
{
  char *cursor = r->text.line, *key, *value;
  int has_pbc = 0;
  r->has_lattice = r->has_stress = 0;
  r->ncolumns = 0;
  while (eipnn_xyz_next_pair(&cursor, &key, &value)) {
    has_pbc |= !strcmp(key, "pbc");
    EIPNN_TRY(read_pair(r, key, value));
  }
  if (r->ncolumns == 0) {
    EIPNN_TRY(add_columns(r, "species", 'S', 1));
    EIPNN_TRY(add_columns(r, "pos", 'R', 3));
  }
  eipnn_configuration *c = &r->frame.configuration;
  for (int k = 0; k < 3 && !has_pbc; k++) c->pbc[k] = r->has_lattice;
  if (!r->has_lattice && (c->pbc[0] || c->pbc[1] || c->pbc[2]))
    return eipnn_text_error(&r->text, "pbc is T but there is no Lattice");
  /* Stress is tension per volume: W = -stress*V. A virial given as such wins; without a
     volume (a molecule, a slab without a third vector) it is missing, not zero. */
  const double volume = r->has_lattice ? eipnn_cell_volume((const double(*)[3])c->cell) : 0.0;
  if (r->has_stress && !r->frame.has_virial && volume > 0.0) store_virial(r, r->stress, -volume);
  return EIPNN_OK;
}

static eipnn_status read_vector(const xyz_reader *r, char **words, const char *what, double v[3])
{
  for (int k = 0; k < 3; k++) EIPNN_TRY(eipnn_text_double(&r->text, words[k], what, &v[k]));
  return EIPNN_OK;
}

static eipnn_status read_column(xyz_reader *r, int k, char **words)
{
  const int atom = r->frame.configuration.natoms;
  long number;
  switch (r->columns[k]) {
    case COLUMN_SPECIES:
      r->frame.number[atom] = eipnn_element_number(words[k]);
      if (r->frame.number[atom]) return EIPNN_OK;
      return eipnn_text_error(&r->text, "'%.20s' is not a chemical element", words[k]);
    case COLUMN_NUMBER:
      EIPNN_TRY(eipnn_text_integer(&r->text, words[k], "Z", 1, EIPNN_ELEMENTS, &number));
      r->frame.number[atom] = (int)number;
      return EIPNN_OK;
    case COLUMN_POSITION:
      EIPNN_TRY(read_vector(r, words + k, "a position", r->frame.position[atom]));
      return EIPNN_OK;
    case COLUMN_FORCE: return read_vector(r, words + k, "a force", r->frame.forces[atom]);
    case COLUMN_IGNORED: break;
  }
  return EIPNN_OK;
}

static eipnn_status read_atom(xyz_reader *r)
{
  char *words[MOST_COLUMNS], *cursor = r->text.line;
  EIPNN_TRY(eipnn_frame_reserve(&r->frame));
  for (int k = 0; k < r->ncolumns; k++) {
    words[k] = eipnn_text_word(&cursor);
    if (!words[k])
      return eipnn_text_error(&r->text, "an atom line of %d columns, Properties promises %d", k,
                              r->ncolumns);
  }
  for (int k = 0; k < r->ncolumns; k++) EIPNN_TRY(read_column(r, k, words));
  r->frame.configuration.natoms++;
  return EIPNN_OK;
}

static eipnn_status read_frame(xyz_reader *r, eipnn_dataset *dataset)
{
  long natoms;
  char *cursor = r->text.line, *word = eipnn_text_word(&cursor);
  const size_t start = r->text.number;
  EIPNN_TRY(eipnn_text_integer(&r->text, word, "the number of atoms", 1, INT_MAX, &natoms));
  if (!eipnn_text_is_blank(cursor))
    return eipnn_text_error(&r->text, "a frame begins with its number of atoms alone on a line");
  eipnn_frame_clear(&r->frame);
  EIPNN_TRY(eipnn_text_require(&r->text, "the comment line of a frame"));
  EIPNN_TRY(read_comment(r));
  for (long i = 0; i < natoms; i++) {
    EIPNN_TRY(eipnn_text_require(&r->text, "an atom"));
    EIPNN_TRY(read_atom(r));
  }
  eipnn_status status = eipnn_frame_append(&r->frame, dataset);
  if (status == EIPNN_OK) return EIPNN_OK;
  char cause[512];
  snprintf(cause, sizeof cause, "%s", eipnn_last_error());
  return eipnn_error(status == EIPNN_ERROR_ARGUMENT ? EIPNN_ERROR_FORMAT : status,
                     "%s frame at line %zu: %s", r->text.path, start, cause);
}

static eipnn_status read_frames(xyz_reader *r, eipnn_dataset *dataset)
{
  const size_t before = dataset->count;
  for (;;) {
    int end;
    EIPNN_TRY(eipnn_text_next(&r->text, &end));
    if (end) break;
    if (!eipnn_text_is_blank(r->text.line)) EIPNN_TRY(read_frame(r, dataset));
  }
  if (dataset->count == before)
    return eipnn_error(EIPNN_ERROR_FORMAT, "%s holds no configuration", r->text.path);
  return EIPNN_OK;
}

eipnn_status eipnn_dataset_read_xyz(eipnn_dataset *dataset, const char *path)
{
  xyz_reader *r = eipnn_calloc(1, sizeof *r);
  if (!r) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to read %s", path);
  const size_t before = dataset->count;
  eipnn_status status = eipnn_text_open(&r->text, path);
  if (status == EIPNN_OK) status = read_frames(r, dataset);
  if (status != EIPNN_OK) eipnn_dataset_truncate(dataset, before);
  eipnn_text_close(&r->text);
  eipnn_frame_free(&r->frame);
  free(r->tag);
  free(r);
  return status;
}
