/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/robust_fit.h"

#include "base/least_squares.h"
#include "base/memory.h"
#include "base/statistics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TUKEY 4.685 /* 95 % efficiency for normal errors */
#define MAD_TO_SIGMA 1.4826
#define SMALLEST_SCALE 1e-6 /* in units of the target: exact fits end here */
#define ITERATIONS 50
#define CONVERGED 1e-12 /* change of the solution, relative */

typedef struct problem {
  size_t rows;
  int columns;
  const double *matrix, *target;
  double *scaled_matrix, *scaled_target, *sorted; /* scratch */
  double *previous;                               /* [columns] */
  eipnn_robust_fit *fit;
} problem;

static void set_residuals(const problem *p, const double *x)
{
  for (size_t r = 0; r < p->rows; r++) {
    double value = p->target[r];
    for (int c = 0; c < p->columns; c++) value -= p->matrix[(size_t)c * p->rows + r] * x[c];
    p->fit->residual[r] = value;
    p->sorted[r] = fabs(value);
  }
  eipnn_sort(p->sorted, p->rows);
  p->fit->scatter = eipnn_quantile(p->sorted, p->rows, 0.5);
}

static double residual_scale(const problem *p)
{
  return fmax(MAD_TO_SIGMA * p->fit->scatter, SMALLEST_SCALE);
}

static void weigh_absolute(const problem *p)
{
  const double scale = residual_scale(p);
  for (size_t r = 0; r < p->rows; r++)
    p->fit->weight[r] = scale / fmax(fabs(p->fit->residual[r]), 0.01 * scale);
}

static void weigh_biweight(const problem *p)
{
  const double scale = residual_scale(p);
  for (size_t r = 0; r < p->rows; r++) {
    const double u = p->fit->residual[r] / (TUKEY * scale), rest = 1 - u * u;
    p->fit->weight[r] = rest > 0 ? rest * rest : 0;
  }
}

/* Weighted least squares over the first columns. */
static eipnn_status solve(const problem *p, int columns, double *x)
{
  for (size_t r = 0; r < p->rows; r++) {
    const double factor = sqrt(p->fit->weight[r]);
    p->scaled_target[r] = factor * p->target[r];
    for (int c = 0; c < columns; c++) {
      const size_t entry = (size_t)c * p->rows + r;
      p->scaled_matrix[entry] = factor * p->matrix[entry];
    }
  }
  return eipnn_least_squares(p->rows, columns, p->scaled_matrix, p->scaled_target, x);
}

static int converged(const problem *p, const double *x)
{
  double change = 0, size = 0;
  for (int c = 0; c < p->columns; c++) {
    change += (x[c] - p->previous[c]) * (x[c] - p->previous[c]);
    size += x[c] * x[c];
  }
  return change <= CONVERGED * CONVERGED * size;
}

/* Repeats weighing and solving until the solution stands. */
static eipnn_status repeat(const problem *p, int columns, void (*weigh)(const problem *), double *x)
{
  for (int step = 0; step < ITERATIONS; step++) {
    memcpy(p->previous, x, (size_t)p->columns * sizeof *x);
    set_residuals(p, x);
    weigh(p);
    EIPNN_TRY(solve(p, columns, x));
    if (converged(p, x)) break;
  }
  return EIPNN_OK;
}

/* Tukey's biweight forgets outliers altogether, and so needs a start that knows them. */
static eipnn_status iterate(const problem *p, int start_columns, double *x)
{
  memset(x, 0, (size_t)p->columns * sizeof *x);
  for (size_t r = 0; r < p->rows; r++) p->fit->weight[r] = 1;
  EIPNN_TRY(solve(p, start_columns, x));
  EIPNN_TRY(repeat(p, start_columns, weigh_absolute, x));
  EIPNN_TRY(repeat(p, p->columns, weigh_biweight, x));
  set_residuals(p, x);
  return EIPNN_OK;
}

eipnn_status eipnn_robust_fit_solve(size_t rows, int columns, int start_columns,
                                    const double *matrix, const double *target, double *x,
                                    eipnn_robust_fit *fit)
{
  *fit = (eipnn_robust_fit){.residual = eipnn_calloc(rows, sizeof *fit->residual),
                            .weight = eipnn_calloc(rows, sizeof *fit->weight)};
  problem p = {.rows = rows,
               .columns = columns,
               .matrix = matrix,
               .target = target,
               .scaled_matrix = eipnn_calloc(rows * (size_t)columns, sizeof *matrix),
               .scaled_target = eipnn_calloc(rows, sizeof *target),
               .sorted = eipnn_calloc(rows, sizeof *p.sorted),
               .previous = eipnn_calloc((size_t)columns, sizeof *p.previous),
               .fit = fit};
  eipnn_status status = EIPNN_OK;
  if (!fit->residual || !fit->weight || !p.scaled_matrix || !p.scaled_target || !p.sorted ||
      !p.previous)
    status = eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a fit to %zu values", rows);
  if (status == EIPNN_OK) status = iterate(&p, start_columns, x);
  free(p.scaled_matrix);
  free(p.scaled_target);
  free(p.sorted);
  free(p.previous);
  if (status != EIPNN_OK) eipnn_robust_fit_free(fit);
  return status;
}

void eipnn_robust_fit_free(eipnn_robust_fit *fit)
{
  free(fit->residual);
  free(fit->weight);
  memset(fit, 0, sizeof *fit);
}
