/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BASE_RANDOM_H
#define EIPNN_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* xoshiro256** (Blackman and Vigna, 2018), seeded through splitmix64. The state
   is plain data: it goes into checkpoints. */
typedef struct eipnn_random {
  uint64_t state[4];
} eipnn_random;

/* stream separates independent uses of one seed. */
void eipnn_random_seed(eipnn_random *random, uint64_t seed, uint64_t stream);
uint64_t eipnn_random_next(eipnn_random *random);
double eipnn_random_uniform(eipnn_random *random); /* [0,1) */
double eipnn_random_normal(eipnn_random *random);  /* mean 0, variance 1 */
/* Fisher-Yates. */
void eipnn_random_shuffle(eipnn_random *random, size_t *values, size_t count);

#endif
