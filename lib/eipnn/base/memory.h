/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_BASE_MEMORY_H
#define EIPNN_BASE_MEMORY_H

#include "base/error.h"

#include <stddef.h>

/* count*size bytes, zeroed, overflow checked; NULL (and no error text) on
   failure. count or size 0 gives a valid pointer to free. */
void *eipnn_calloc(size_t count, size_t size);

/* Grows *array (of element size `size`) so that it holds at least `needed`
   elements; *capacity is updated, contents kept. */
eipnn_status eipnn_grow(void **array, size_t *capacity, size_t needed, size_t size);

/* A copy of text on the heap, NULL on failure. */
char *eipnn_strdup(const char *text);

#endif
