/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BASE_ROBUST_FIT_H
#define EIPNN_BASE_ROBUST_FIT_H

#include "base/error.h"

#include <stddef.h>

typedef struct eipnn_robust_fit {
  double *residual; /* [rows] target - matrix x */
  double *weight;   /* [rows] 0: outlier, without influence, to 1 */
  double scatter;   /* median absolute residual */
} eipnn_robust_fit;

/* The same, but forgiving: least absolute residuals over the first start_columns columns (x of the
   others 0) and from there Tukey's biweight over all columns, by iteratively reweighted least
   squares. Rows that the start calls outliers do not count however far out they lie in the other
   columns, which least absolute residuals alone would not bear. rows > 0. Free fit with
   eipnn_robust_fit_free. Source: Holland and Welsch, Commun. Stat. A 6, 813 (1977). */
eipnn_status eipnn_robust_fit_solve(size_t rows, int columns, int start_columns,
                                    const double *matrix, const double *target, double *x,
                                    eipnn_robust_fit *fit);
void eipnn_robust_fit_free(eipnn_robust_fit *fit);

#endif
