/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BASE_HASH_H
#define EIPNN_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a, 64 bit (Fowler, Noll, Vo), continued from `hash`; the same on every machine. */
#define EIPNN_HASH_START UINT64_C(0xcbf29ce484222325)

uint64_t eipnn_hash_word(uint64_t hash, uint64_t value);

/* values: [count]. Every NaN counts as the same missing value, and so does values NULL. */
uint64_t eipnn_hash_reals(uint64_t hash, const double *values, size_t count);

#endif
