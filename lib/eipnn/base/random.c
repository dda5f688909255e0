/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/random.h"

#include <math.h>

static uint64_t splitmix64(uint64_t *x)
{
  uint64_t z = (*x += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

void eipnn_random_seed(eipnn_random *random, uint64_t seed, uint64_t stream)
{
  uint64_t x = stream;
  uint64_t y = seed ^ splitmix64(&x);
  for (int k = 0; k < 4; k++) random->state[k] = splitmix64(&y);
}

static uint64_t rotate_left(uint64_t x, int k)
{
  return (x << k) | (x >> (64 - k));
}

uint64_t eipnn_random_next(eipnn_random *random)
{
  uint64_t *s = random->state;
  const uint64_t result = rotate_left(s[1] * 5, 7) * 9;
  const uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate_left(s[3], 45);
  return result;
}

double eipnn_random_uniform(eipnn_random *random)
{
  return (double)(eipnn_random_next(random) >> 11) * 0x1.0p-53;
}

double eipnn_random_normal(eipnn_random *random)
{
  /* Box-Muller, one value per call so that the state alone decides the next. */
  const double pi = 3.14159265358979323846;
  double u = 1.0 - eipnn_random_uniform(random);
  double v = eipnn_random_uniform(random);
  return sqrt(-2.0 * log(u)) * cos(2.0 * pi * v);
}

void eipnn_random_shuffle(eipnn_random *random, size_t *values, size_t count)
{
  for (size_t k = count; k > 1; k--) {
    size_t pick = (size_t)(eipnn_random_uniform(random) * (double)k);
    size_t swap = values[k - 1];
    values[k - 1] = values[pick];
    values[pick] = swap;
  }
}
