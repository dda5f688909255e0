/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BASE_STATISTICS_H
#define EIPNN_BASE_STATISTICS_H

#include <stddef.h>

/* The value below which a share of the ascending values[count], count > 0, lies; linear
   interpolation between neighbours. share 0.5: the median. */
double eipnn_quantile(const double *sorted, size_t count, double share);

/* Ascending order, in place. */
void eipnn_sort(double *values, size_t count);

#endif
