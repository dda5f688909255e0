/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/least_squares.h"

#include "base/memory.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* LAPACK: least squares of minimum norm by singular values. */
void dgelsd_(const int *m, const int *n, const int *nrhs, double *a, const int *lda, double *b,
             const int *ldb, double *s, const double *rcond, int *rank, double *work,
             const int *lwork, int *iwork, int *info);

/* Singular values below this share of the largest count as zero. */
#define SMALLEST_SINGULAR 1e-10

typedef struct solver {
  double *matrix, *target, *singular, *work; /* matrix and target are overwritten */
  int *integers;
} solver;

/* Twice: the first call tells how much room LAPACK wants. */
static eipnn_status run(solver *s, int rows, int columns)
{
  const int one = 1, longest = rows > columns ? rows : columns;
  const double smallest = SMALLEST_SINGULAR;
  double wanted = 0;
  int rank = 0, info = 0, room = -1, integers = 0;
  dgelsd_(&rows, &columns, &one, s->matrix, &rows, s->target, &longest, s->singular, &smallest,
          &rank, &wanted, &room, &integers, &info);
  room = (int)wanted;
  s->work = eipnn_calloc((size_t)room, sizeof *s->work);
  s->integers = eipnn_calloc((size_t)(integers > 1 ? integers : 1), sizeof *s->integers);
  if (!s->work || !s->integers)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a least-squares fit");
  dgelsd_(&rows, &columns, &one, s->matrix, &rows, s->target, &longest, s->singular, &smallest,
          &rank, s->work, &room, s->integers, &info);
  if (info) return eipnn_error(EIPNN_ERROR_NUMERIC, "a least-squares fit did not converge");
  return EIPNN_OK;
}

eipnn_status eipnn_least_squares(size_t rows, int columns, const double *matrix,
                                 const double *target, double *x)
{
  const size_t longest = rows > (size_t)columns ? rows : (size_t)columns;
  if (rows > INT_MAX)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "a least-squares fit to %zu values; use %d at most",
                       rows, INT_MAX);
  solver s = {.matrix = eipnn_calloc(rows * (size_t)columns, sizeof *matrix),
              .target = eipnn_calloc(longest, sizeof *target),
              .singular = eipnn_calloc((size_t)columns, sizeof *x)};
  eipnn_status status = EIPNN_OK;
  if (!s.matrix || !s.target || !s.singular)
    status = eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a least-squares fit");
  if (status == EIPNN_OK) {
    memcpy(s.matrix, matrix, rows * (size_t)columns * sizeof *matrix);
    memcpy(s.target, target, rows * sizeof *target);
    status = run(&s, (int)rows, columns);
  }
  if (status == EIPNN_OK) memcpy(x, s.target, (size_t)columns * sizeof *x);
  free(s.matrix);
  free(s.target);
  free(s.singular);
  free(s.work);
  free(s.integers);
  return status;
}
