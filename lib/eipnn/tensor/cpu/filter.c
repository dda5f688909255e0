/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The continuous-filter convolution and its derivatives (tensor/graph.h; plain version:
   tensor/ref/filter.c). One pass over the pairs: a pair's filter is summed from
   the table once and serves both directions; rows of the atom i that consecutive
   pairs share are accumulated in a local buffer. */
#include "tensor/cpu/filter_table.h"

#include <string.h>

/* A pass over the pairs for columns first..first+width-1. */
typedef struct filter_pass {
  const eipnn_kernel_arguments *arguments;
  const int *pair_i, *pair_j;
  int natom, table;
  size_t cols, first, width;
  filter_table_block block;
  filter_table_weights value, slope; /* slope: for a fused SLOT_S */
  int atom;                          /* whose row `sum` is, -1: none */
  _Alignas(64) real sum[EIPNN_CPU_COLUMNS];
} filter_pass;

/* Rows that a pair's filter is a weighted sum of: four of a table, or its own. */
typedef struct filter_rows {
  const real *row;
  size_t stride;
  real w[4];
} filter_rows;

static inline real *row_of(const filter_pass *pass, eipnn_matrix matrix, int row)
{
  return (real *)matrix.data + (size_t)row * pass->cols + pass->first;
}

static inline filter_rows rows_of(const filter_pass *pass, const filter_table_weights *weights,
                                  size_t p)
{
  filter_rows rows = {.stride = pass->cols};
  for (int m = 0; m < 4; m++) rows.w[m] = weights->row[m][p];
  if (pass->arguments->input[EIPNN_FILTER_FILTER].data)
    rows.row = row_of(pass, pass->arguments->input[EIPNN_FILTER_FILTER], pass->block.row[p]);
  return rows;
}

/* What the rows of a pair are: its own, or those of a table, or of a table's derivative. */
typedef enum filter_form { OWN_ROW, TABLE_VALUE, TABLE_DERIVATIVE } filter_form;

static filter_form form_of(const eipnn_node *node)
{
  if (!node->p.filter.table) return OWN_ROW;
  return node->p.filter.order ? TABLE_DERIVATIVE : TABLE_VALUE;
}

/* Weights of a derivative add up to zero and are large as 1/spacing: in single precision the
   rounding of products that cancel would show. Differences of neighbouring rows are exact, and
   their products do not cancel. */
static inline real filter_value(filter_form form, const filter_rows *rows, size_t c)
{
  const real *row = rows->row, *w = rows->w;
  const size_t n = rows->stride;
  if (form == OWN_ROW) return w[0] * row[c];
  if (form == TABLE_VALUE || sizeof(real) > sizeof(float))
    return (w[0] * row[c] + w[1] * row[n + c]) + (w[2] * row[2 * n + c] + w[3] * row[3 * n + c]);
  return w[0] * (row[c] - row[n + c]) +
         ((w[2] + w[3]) * (row[2 * n + c] - row[n + c]) + w[3] * (row[3 * n + c] - row[2 * n + c]));
}

/* Adds the local sum to its row of out and begins that of another atom. */
static void change_atom(filter_pass *pass, int atom)
{
  if (pass->atom >= 0) {
    real *restrict out = row_of(pass, pass->arguments->out, pass->atom);
    for (size_t c = 0; c < pass->width; c++) out[c] += pass->sum[c];
  }
  for (size_t c = 0; c < pass->width; c++) pass->sum[c] = (real)0.0;
  pass->atom = atom;
}

/* out_i += w in_j (into sum), out_j += w in_i; form, to_i, to_j are constants of
   each call. */
static inline void convolve_pair(filter_form form, int to_i, int to_j, filter_rows rows,
                                 const real *in_i, const real *in_j, real *sum, real *out_j,
                                 size_t width)
{
#pragma omp simd
  for (size_t c = 0; c < width; c++) {
    const real w = filter_value(form, &rows, c);
    if (to_i) sum[c] += w * in_j[c];
    if (to_j) out_j[c] += w * in_i[c];
  }
}

/* SLOT_U (in: x) or SLOT_X (in: u). A ghost j sends to SLOT_U only, receives from SLOT_X
   only. */
static inline void convolve(filter_form form, int slot_u, filter_pass *pass, size_t first,
                            size_t count)
{
  const eipnn_matrix in = pass->arguments->input[slot_u ? EIPNN_FILTER_X : EIPNN_FILTER_U];
  for (size_t p = 0; p < count; p++) {
    const int i = pass->pair_i[first + p], j = pass->pair_j[first + p];
    const filter_rows rows = rows_of(pass, &pass->value, p);
    if (i != pass->atom) change_atom(pass, i);
    const real *in_i = row_of(pass, in, i);
    real *out_j = row_of(pass, pass->arguments->out, j);
    if (j < pass->natom)
      convolve_pair(form, 1, 1, rows, in_i, row_of(pass, in, j), pass->sum, out_j, pass->width);
    else if (slot_u)
      convolve_pair(form, 1, 0, rows, in_i, row_of(pass, in, j), pass->sum, NULL, pass->width);
    else
      convolve_pair(form, 0, 1, rows, in_i, NULL, NULL, out_j, pass->width);
  }
}

/* Rows of x and u of a pair. Those of the second direction are NULL for a ghost j. */
typedef struct pair_features {
  const real *x_j, *u_i, *x_i, *u_j;
  int both;
} pair_features;

static inline pair_features features_of(const filter_pass *pass, size_t pair)
{
  const int i = pass->pair_i[pair], j = pass->pair_j[pair];
  const eipnn_matrix x = pass->arguments->input[EIPNN_FILTER_X],
                     u = pass->arguments->input[EIPNN_FILTER_U];
  pair_features f = {row_of(pass, x, j), row_of(pass, u, i), NULL, NULL, j < pass->natom};
  if (f.both) {
    f.x_i = row_of(pass, x, i);
    f.u_j = row_of(pass, u, j);
  }
  return f;
}

static inline real product(int both, const pair_features *f, size_t c)
{
  const real forward = f->x_j[c] * f->u_i[c];
  return both ? forward + f->x_i[c] * f->u_j[c] : forward;
}

static inline real contract_pair(filter_form form, int both, filter_rows rows, pair_features f,
                                 size_t width)
{
  real sum = (real)0.0;
#pragma omp simd reduction(+ : sum)
  for (size_t c = 0; c < width; c++) sum += filter_value(form, &rows, c) * product(both, &f, c);
  return sum;
}

/* SLOT_S */
static inline void contract(filter_form form, filter_pass *pass, size_t first, size_t count)
{
  real *out = pass->arguments->out.data;
  for (size_t p = 0; p < count; p++) {
    const pair_features f = features_of(pass, first + p);
    const filter_rows rows = rows_of(pass, &pass->value, p);
    out[first + p] += f.both ? contract_pair(form, 1, rows, f, pass->width)
                             : contract_pair(form, 0, rows, f, pass->width);
  }
}

/* SLOT_X and, with the weights of the next derivative, SLOT_S of one pair. */
static inline real fused_pair(int both, filter_rows rows, filter_rows slope, pair_features f,
                              real *sum_i, real *out_j, size_t width)
{
  real sum = (real)0.0;
#pragma omp simd reduction(+ : sum)
  for (size_t c = 0; c < width; c++) {
    const real w = filter_value(TABLE_VALUE, &rows, c);
    if (both) sum_i[c] += w * f.u_j[c];
    out_j[c] += w * f.u_i[c];
    sum += filter_value(TABLE_DERIVATIVE, &slope, c) * product(both, &f, c);
  }
  return sum;
}

static void fused(filter_pass *pass, size_t first, size_t count)
{
  real *slope = pass->arguments->aux;
  for (size_t p = 0; p < count; p++) {
    const int i = pass->pair_i[first + p], j = pass->pair_j[first + p];
    const pair_features f = features_of(pass, first + p);
    const filter_rows rows = rows_of(pass, &pass->value, p);
    const filter_rows slope_rows = rows_of(pass, &pass->slope, p);
    real *out_j = row_of(pass, pass->arguments->out, j);
    if (i != pass->atom) change_atom(pass, i);
    slope[first + p] += f.both ? fused_pair(1, rows, slope_rows, f, pass->sum, out_j, pass->width)
                               : fused_pair(0, rows, slope_rows, f, NULL, out_j, pass->width);
  }
}

static inline void spread_pair(int table, int both, filter_rows rows, pair_features f, real *out,
                               size_t width)
{
  const size_t n = rows.stride;
#pragma omp simd
  for (size_t c = 0; c < width; c++) {
    const real t = product(both, &f, c);
    out[c] += rows.w[0] * t;
    if (!table) continue;
    out[n + c] += rows.w[1] * t;
    out[2 * n + c] += rows.w[2] * t;
    out[3 * n + c] += rows.w[3] * t;
  }
}

/* SLOT_FILTER */
static inline void spread(int table, filter_pass *pass, size_t first, size_t count)
{
  for (size_t p = 0; p < count; p++) {
    const pair_features f = features_of(pass, first + p);
    const filter_rows rows = rows_of(pass, &pass->value, p);
    real *out = row_of(pass, pass->arguments->out, pass->block.row[p]);
    if (f.both)
      spread_pair(table, 1, rows, f, out, pass->width);
    else
      spread_pair(table, 0, rows, f, out, pass->width);
  }
}

/* Rows and weights of the filters of pairs first..first+count-1. */
static void prepare(filter_pass *pass, size_t first, size_t count)
{
  const eipnn_kernel_arguments *arguments = pass->arguments;
  const eipnn_grid *grid = &arguments->node->p.filter.grid;
  const int order = arguments->node->p.filter.order;
  const real *s = arguments->input[EIPNN_FILTER_S].data,
             *distance = arguments->input[EIPNN_FILTER_DISTANCE].data;
  if (s) s += first;
  if (pass->table) {
    EIPNN_CPU(filter_locate)(grid, distance + first, count, &pass->block);
    EIPNN_CPU(filter_weigh)(grid, order, s, count, &pass->block, &pass->value);
    if (arguments->aux)
      EIPNN_CPU(filter_weigh)(grid, order + 1, NULL, count, &pass->block, &pass->slope);
    return;
  }
  for (size_t p = 0; p < count; p++) {
    pass->block.row[p] = (int)(first + p);
    pass->value.row[0][p] = s ? s[p] : (real)1.0;
  }
}

/* Each form is a constant of its own calls. */
static void run_convolve(int slot_u, filter_pass *pass, size_t first, size_t count)
{
  switch (form_of(pass->arguments->node)) {
    case OWN_ROW: convolve(OWN_ROW, slot_u, pass, first, count); break;
    case TABLE_VALUE: convolve(TABLE_VALUE, slot_u, pass, first, count); break;
    case TABLE_DERIVATIVE: convolve(TABLE_DERIVATIVE, slot_u, pass, first, count); break;
  }
}

static void run_contract(filter_pass *pass, size_t first, size_t count)
{
  switch (form_of(pass->arguments->node)) {
    case OWN_ROW: contract(OWN_ROW, pass, first, count); break;
    case TABLE_VALUE: contract(TABLE_VALUE, pass, first, count); break;
    case TABLE_DERIVATIVE: contract(TABLE_DERIVATIVE, pass, first, count); break;
  }
}

static void run_block(filter_pass *pass, size_t first, size_t count)
{
  switch (pass->arguments->node->p.filter.slot) {
    case EIPNN_SLOT_U: run_convolve(1, pass, first, count); break;
    case EIPNN_SLOT_X:
      if (pass->arguments->aux)
        fused(pass, first, count);
      else
        run_convolve(0, pass, first, count);
      break;
    case EIPNN_SLOT_FILTER:
      if (pass->table)
        spread(1, pass, first, count);
      else
        spread(0, pass, first, count);
      break;
    case EIPNN_SLOT_S: run_contract(pass, first, count); break;
  }
}

static void run_pass(filter_pass *pass)
{
  const size_t npair = (size_t)pass->arguments->structure->npair;
  pass->atom = -1;
  for (size_t first = 0; first < npair; first += EIPNN_CPU_PAIRS) {
    const size_t left = npair - first, count = left < EIPNN_CPU_PAIRS ? left : EIPNN_CPU_PAIRS;
    prepare(pass, first, count);
    run_block(pass, first, count);
  }
  change_atom(pass, -1);
}

eipnn_status EIPNN_CPU(filter)(const eipnn_kernel_arguments *arguments)
{
  const eipnn_structure *structure = arguments->structure;
  const int features = arguments->input[EIPNN_FILTER_U].data ? EIPNN_FILTER_U : EIPNN_FILTER_X;
  const size_t cols = (size_t)arguments->input[features].cols;
  filter_pass pass = {.arguments = arguments,
                      .pair_i = structure->pair_i,
                      .pair_j = structure->pair_j,
                      .natom = structure->natom,
                      .table = arguments->node->p.filter.table,
                      .cols = cols};
  memset(arguments->out.data, 0, EIPNN_CPU(count)(arguments->out) * sizeof(real));
  if (arguments->aux) memset(arguments->aux, 0, (size_t)structure->npair * sizeof(real));
  for (pass.first = 0; pass.first < cols; pass.first += EIPNN_CPU_COLUMNS) {
    const size_t left = cols - pass.first;
    pass.width = left < EIPNN_CPU_COLUMNS ? left : EIPNN_CPU_COLUMNS;
    run_pass(&pass);
  }
  return EIPNN_OK;
}
