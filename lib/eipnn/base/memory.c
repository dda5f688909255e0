/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *eipnn_calloc(size_t count, size_t size)
{
  return calloc(count ? count : 1, size ? size : 1);
}

eipnn_status eipnn_grow(void **array, size_t *capacity, size_t needed, size_t size)
{
  if (needed <= *capacity && *array) return EIPNN_OK;
  size_t wanted = needed + needed / 2 + 16;
  if (wanted < needed || wanted > SIZE_MAX / size)
    return eipnn_error(EIPNN_ERROR_MEMORY, "an array of %zu elements of %zu bytes is too large",
                       needed, size);
  void *grown = realloc(*array, wanted * size);
  if (!grown)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %zu bytes", wanted * size);
  *array = grown;
  *capacity = wanted;
  return EIPNN_OK;
}

char *eipnn_strdup(const char *text)
{
  size_t size = strlen(text) + 1;
  char *copy = malloc(size);
  return copy ? memcpy(copy, text, size) : NULL;
}
