/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LAMMPS text dumps: dump styles atom and custom. */
#include "base/memory.h"
#include "data/dataset_data.h"
#include "data/frame.h"
#include "data/text_file.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 256, ABSENT = -1 };

typedef enum coordinates { UNSCALED, SCALED } coordinates;

typedef struct dump_reader {
  eipnn_text_reader text;
  eipnn_frame frame;
  int nelements;
  const char *const *elements;
  long natoms;
  int has_box;
  double origin[3];
  int id, type, element, x, fx; /* columns, or ABSENT */
  int ncolumns;
  coordinates coordinates;
  long *order; /* [natoms] atom ids, to sort by */
  size_t order_capacity;
} dump_reader;

static int begins(const char *line, const char *start)
{
  return strncmp(line, start, strlen(start)) == 0;
}

/* "ITEM: BOX BOUNDS [xy xz yz] pp pp pp": which directions are periodic, and whether
   the lines that follow carry tilts. Dumps without boundary words are periodic. */
static eipnn_status read_boundaries(dump_reader *r, int *triclinic)
{
  int *pbc = r->frame.configuration.pbc, direction = 0;
  char *cursor = r->text.line + strlen("ITEM: BOX BOUNDS"), *word;
  *triclinic = 0;
  while ((word = eipnn_text_word(&cursor))) {
    if (!strcmp(word, "abc") || !strcmp(word, "origin"))
      return eipnn_text_error(
          &r->text, "general triclinic boxes are not read; dump with triclinic/general no");
    if (!strcmp(word, "xy") || !strcmp(word, "xz") || !strcmp(word, "yz"))
      *triclinic = 1;
    else if (strlen(word) == 2 && strspn(word, "pfsm") == 2 && direction < 3)
      pbc[direction++] = !strcmp(word, "pp");
    else
      return eipnn_text_error(&r->text,
                              "'%.20s' is not a boundary; known: xy xz yz and three of "
                              "pp, ff, fs, sf, ss, fm, mf, mm, sm, ms",
                              word);
  }
  for (; direction < 3; direction++) pbc[direction] = 1;
  return EIPNN_OK;
}

/* The cell from bounds that enclose the tilted box (LAMMPS, Howto triclinic). */
static eipnn_status store_box(dump_reader *r, double low[3], double high[3], const double tilt[3])
{
  const double xy = tilt[0], xz = tilt[1], yz = tilt[2];
  low[0] -= fmin(fmin(0.0, xy), fmin(xz, xy + xz));
  high[0] -= fmax(fmax(0.0, xy), fmax(xz, xy + xz));
  low[1] -= fmin(0.0, yz);
  high[1] -= fmax(0.0, yz);
  for (int k = 0; k < 3; k++)
    if (!(high[k] > low[k]))
      return eipnn_text_error(&r->text, "the box has no volume: from %g to %g along %c", low[k],
                              high[k], "xyz"[k]);
  const double cell[3][3] = {
      {high[0] - low[0], 0, 0}, {xy, high[1] - low[1], 0}, {xz, yz, high[2] - low[2]}};
  memcpy(r->frame.configuration.cell, cell, sizeof cell);
  memcpy(r->origin, low, sizeof r->origin);
  r->has_box = 1;
  return EIPNN_OK;
}

/* Three lines of lo hi [tilt]. */
static eipnn_status read_box(dump_reader *r)
{
  double low[3], high[3], tilt[3] = {0, 0, 0};
  int triclinic;
  EIPNN_TRY(read_boundaries(r, &triclinic));
  for (int k = 0; k < 3; k++) {
    EIPNN_TRY(eipnn_text_require(&r->text, "the bounds of the box"));
    char *cursor = r->text.line;
    EIPNN_TRY(eipnn_text_double(&r->text, eipnn_text_word(&cursor), "a lower bound", &low[k]));
    EIPNN_TRY(eipnn_text_double(&r->text, eipnn_text_word(&cursor), "an upper bound", &high[k]));
    if (triclinic)
      EIPNN_TRY(eipnn_text_double(&r->text, eipnn_text_word(&cursor), "a tilt", &tilt[k]));
  }
  return store_box(r, low, high, tilt);
}

/* Column of the first name of a triple, its second and third beside it. */
static int find_triple(char *const *names, int n, const char *x, const char *y, const char *z)
{
  for (int k = 0; k + 2 < n; k++)
    if (!strcmp(names[k], x) && !strcmp(names[k + 1], y) && !strcmp(names[k + 2], z)) return k;
  return ABSENT;
}

static int find_one(char *const *names, int n, const char *name)
{
  for (int k = 0; k < n; k++)
    if (!strcmp(names[k], name)) return k;
  return ABSENT;
}

static void find_positions(dump_reader *r, char *const *names)
{
  static const char *const triple[4][3] = {
      {"xu", "yu", "zu"}, {"x", "y", "z"}, {"xsu", "ysu", "zsu"}, {"xs", "ys", "zs"}};
  r->x = ABSENT;
  for (int k = 0; k < 4 && r->x == ABSENT; k++) {
    r->x = find_triple(names, r->ncolumns, triple[k][0], triple[k][1], triple[k][2]);
    r->coordinates = k < 2 ? UNSCALED : SCALED;
  }
}

static eipnn_status read_columns(dump_reader *r)
{
  char *names[MOST_COLUMNS], *cursor = r->text.line + strlen("ITEM: ATOMS"), *word;
  r->ncolumns = 0;
  while ((word = eipnn_text_word(&cursor))) {
    if (r->ncolumns == MOST_COLUMNS)
      return eipnn_text_error(&r->text, "more than %d columns", MOST_COLUMNS);
    names[r->ncolumns++] = word;
  }
  r->id = find_one(names, r->ncolumns, "id");
  r->type = find_one(names, r->ncolumns, "type");
  r->element = find_one(names, r->ncolumns, "element");
  r->fx = find_triple(names, r->ncolumns, "fx", "fy", "fz");
  find_positions(r, names);
  if (r->x == ABSENT)
    return eipnn_text_error(&r->text,
                            "no positions: dump x y z, xu yu zu, xs ys zs or xsu ysu zsu");
  if (r->element == ABSENT && (r->type == ABSENT || !r->elements))
    return eipnn_text_error(&r->text, "no element column, and no element given for each atom type");
  r->frame.has_forces = r->fx != ABSENT;
  return EIPNN_OK;
}

static eipnn_status read_element(const dump_reader *r, char *const *words, int *number)
{
  const char *symbol;
  if (r->element != ABSENT) {
    symbol = words[r->element];
  } else {
    long type;
    EIPNN_TRY(eipnn_text_integer(&r->text, words[r->type], "an atom type", 1, r->nelements, &type));
    symbol = r->elements[type - 1];
  }
  *number = eipnn_element_number(symbol);
  if (*number) return EIPNN_OK;
  return eipnn_text_error(&r->text, "'%.20s' is not a chemical element", symbol);
}

/* Scaled positions become Cartesian; the corner of the box is the origin. */
static void place(const dump_reader *r, double x[3])
{
  const double(*cell)[3] = r->frame.configuration.cell;
  if (r->coordinates == UNSCALED) {
    for (int k = 0; k < 3; k++) x[k] -= r->origin[k];
    return;
  }
  const double s[3] = {x[0], x[1], x[2]};
  for (int k = 0; k < 3; k++) x[k] = s[0] * cell[0][k] + s[1] * cell[1][k] + s[2] * cell[2][k];
}

static eipnn_status read_atom(dump_reader *r)
{
  char *words[MOST_COLUMNS], *cursor = r->text.line;
  const int atom = r->frame.configuration.natoms;
  EIPNN_TRY(eipnn_frame_reserve(&r->frame));
  EIPNN_TRY(eipnn_grow((void **)&r->order, &r->order_capacity, (size_t)atom + 1, sizeof *r->order));
  for (int k = 0; k < r->ncolumns; k++) {
    words[k] = eipnn_text_word(&cursor);
    if (!words[k])
      return eipnn_text_error(&r->text, "an atom line of %d columns instead of %d", k, r->ncolumns);
  }
  EIPNN_TRY(read_element(r, words, &r->frame.number[atom]));
  for (int k = 0; k < 3; k++) {
    EIPNN_TRY(
        eipnn_text_double(&r->text, words[r->x + k], "a position", &r->frame.position[atom][k]));
    if (r->fx != ABSENT)
      EIPNN_TRY(
          eipnn_text_double(&r->text, words[r->fx + k], "a force", &r->frame.forces[atom][k]));
  }
  place(r, r->frame.position[atom]);
  r->order[atom] = atom;
  if (r->id != ABSENT)
    EIPNN_TRY(
        eipnn_text_integer(&r->text, words[r->id], "an atom id", 1, LONG_MAX, &r->order[atom]));
  r->frame.configuration.natoms++;
  return EIPNN_OK;
}

typedef struct sorted_atom {
  long id;
  int number;
  double position[3], forces[3];
} sorted_atom;

static int by_id(const void *a, const void *b)
{
  const long x = ((const sorted_atom *)a)->id, y = ((const sorted_atom *)b)->id;
  return (x > y) - (x < y);
}

/* LAMMPS writes atoms in the order its ranks hold them: back to that of the ids. */
static eipnn_status sort_atoms(dump_reader *r)
{
  const size_t n = (size_t)r->frame.configuration.natoms;
  sorted_atom *atoms = eipnn_calloc(n, sizeof *atoms);
  if (!atoms) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to sort %zu atoms", n);
  for (size_t i = 0; i < n; i++) {
    atoms[i].id = r->order[i];
    atoms[i].number = r->frame.number[i];
    memcpy(atoms[i].position, r->frame.position[i], sizeof atoms[i].position);
    if (r->frame.has_forces) memcpy(atoms[i].forces, r->frame.forces[i], sizeof atoms[i].forces);
  }
  qsort(atoms, n, sizeof *atoms, by_id);
  for (size_t i = 0; i < n; i++) {
    r->frame.number[i] = atoms[i].number;
    memcpy(r->frame.position[i], atoms[i].position, sizeof atoms[i].position);
    if (r->frame.has_forces) memcpy(r->frame.forces[i], atoms[i].forces, sizeof atoms[i].forces);
  }
  free(atoms);
  return EIPNN_OK;
}

static eipnn_status read_atoms(dump_reader *r, eipnn_dataset *dataset)
{
  EIPNN_TRY(read_columns(r));
  if (r->natoms < 1 || !r->has_box)
    return eipnn_text_error(&r->text, "ITEM: ATOMS without ITEM: %s before it in the snapshot",
                            r->has_box ? "NUMBER OF ATOMS" : "BOX BOUNDS");
  for (long i = 0; i < r->natoms; i++) {
    EIPNN_TRY(eipnn_text_require(&r->text, "an atom"));
    EIPNN_TRY(read_atom(r));
  }
  EIPNN_TRY(sort_atoms(r));
  eipnn_status status = eipnn_frame_append(&r->frame, dataset);
  r->natoms = r->has_box = 0;
  if (status == EIPNN_OK) return EIPNN_OK;
  char cause[512];
  snprintf(cause, sizeof cause, "%s", eipnn_last_error());
  return eipnn_error(status == EIPNN_ERROR_ARGUMENT ? EIPNN_ERROR_FORMAT : status,
                     "%s snapshot that ends at line %zu: %s", r->text.path, r->text.number, cause);
}

static eipnn_status read_count(dump_reader *r)
{
  EIPNN_TRY(eipnn_text_require(&r->text, "the number of atoms"));
  char *cursor = r->text.line;
  return eipnn_text_integer(&r->text, eipnn_text_word(&cursor), "the number of atoms", 1, INT_MAX,
                            &r->natoms);
}

static eipnn_status read_item(dump_reader *r, eipnn_dataset *dataset)
{
  const char *line = r->text.line;
  if (begins(line, "ITEM: TIMESTEP")) {
    eipnn_frame_clear(&r->frame);
    r->natoms = 0;
    r->has_box = 0;
    return eipnn_text_require(&r->text, "the time step");
  }
  if (begins(line, "ITEM: TIME")) return eipnn_text_require(&r->text, "the time");
  if (begins(line, "ITEM: UNITS")) {
    EIPNN_TRY(eipnn_text_require(&r->text, "the units"));
    if (begins(r->text.line, "metal")) return EIPNN_OK;
    return eipnn_text_error(&r->text, "units are %.20s; only metal is read", r->text.line);
  }
  if (begins(line, "ITEM: NUMBER OF ATOMS")) return read_count(r);
  if (begins(line, "ITEM: BOX BOUNDS")) return read_box(r);
  if (begins(line, "ITEM: ATOMS")) return read_atoms(r, dataset);
  return eipnn_text_error(&r->text, "'%.40s' where an ITEM of a LAMMPS text dump should stand",
                          line);
}

static eipnn_status read_items(dump_reader *r, eipnn_dataset *dataset)
{
  const size_t before = dataset->count;
  for (;;) {
    int end;
    EIPNN_TRY(eipnn_text_next(&r->text, &end));
    if (end) break;
    if (!eipnn_text_is_blank(r->text.line)) EIPNN_TRY(read_item(r, dataset));
  }
  if (dataset->count == before)
    return eipnn_error(EIPNN_ERROR_FORMAT, "%s holds no snapshot", r->text.path);
  return EIPNN_OK;
}

eipnn_status eipnn_dataset_read_dump(eipnn_dataset *dataset, const char *path, int nelements,
                                     const char *const *elements)
{
  dump_reader r = {.nelements = nelements, .elements = elements};
  const size_t before = dataset->count;
  eipnn_frame_clear(&r.frame);
  eipnn_status status = eipnn_text_open(&r.text, path);
  if (status == EIPNN_OK) status = read_items(&r, dataset);
  if (status != EIPNN_OK) eipnn_dataset_truncate(dataset, before);
  eipnn_text_close(&r.text);
  eipnn_frame_free(&r.frame);
  free(r.order);
  return status;
}
