/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/statistics.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void eipnn_sort(double *values, size_t count)
{
  qsort(values, count, sizeof *values, compare);
}

double eipnn_quantile(const double *sorted, size_t count, double share)
{
  double position = share * (double)(count - 1);
  size_t below = (size_t)position;
  size_t above = below + 1 < count ? below + 1 : below;
  return sorted[below] + (position - (double)below) * (sorted[above] - sorted[below]);
}
