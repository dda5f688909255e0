/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/descriptor.h"

#include <math.h>

enum { DEGREE = EIPNN_DESCRIPTOR_DEGREE };

/* Associated Legendre functions over sin^m, with factors sqrt((l-m)!/(l+m)!) by the usual
   recursions (Press et al., Numerical Recipes, section 6.7, without the Condon-Shortley phase). */
static void legendre(double z, double p[DEGREE + 1][DEGREE + 1])
{
  p[0][0] = 1.0;
  for (int m = 0; m <= DEGREE; m++) {
    if (m > 0) p[m][m] = p[m - 1][m - 1] * sqrt((2.0 * m - 1.0) / (2.0 * m));
    if (m < DEGREE) p[m + 1][m] = z * sqrt(2.0 * m + 1.0) * p[m][m];
    for (int l = m + 2; l <= DEGREE; l++)
      p[l][m] = ((2.0 * l - 1.0) * z * p[l - 1][m] -
                 sqrt((l - 1.0) * (l - 1.0) - (double)(m * m)) * p[l - 2][m]) /
                sqrt((double)(l * l - m * m));
  }
}

void eipnn_spherical_harmonics(const double v[3], double y[(DEGREE + 1) * (DEGREE + 1)])
{
  const double r = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  const double x = v[0] / r, s = v[1] / r;
  double p[DEGREE + 1][DEGREE + 1], cosine = 1.0, sine = 0.0;
  legendre(v[2] / r, p);
  for (int l = 0; l <= DEGREE; l++) y[l * l + l] = p[l][0];
  for (int m = 1; m <= DEGREE; m++) { /* cosine, sine: sin^m(theta) times those of m phi */
    double next = cosine * x - sine * s;
    sine = cosine * s + sine * x;
    cosine = next;
    for (int l = m; l <= DEGREE; l++) {
      y[l * l + l + m] = sqrt(2.0) * p[l][m] * cosine;
      y[l * l + l - m] = sqrt(2.0) * p[l][m] * sine;
    }
  }
}
