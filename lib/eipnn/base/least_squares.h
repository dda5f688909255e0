/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BASE_LEAST_SQUARES_H
#define EIPNN_BASE_LEAST_SQUARES_H

#include "base/error.h"

#include <stddef.h>

/* The x[columns] that minimises |matrix x - target|; where that leaves a choice, the one of
   least norm. matrix: [columns][rows], column after column, kept; target: [rows], kept. */
eipnn_status eipnn_least_squares(size_t rows, int columns, const double *matrix,
                                 const double *target, double *x);

#endif
