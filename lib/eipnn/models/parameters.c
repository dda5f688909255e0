/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/parameters.h"

#include "base/memory.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_SIZE 128

/* Far above any network here (2 GB of doubles), far below what overflows. */
#define MAX_WEIGHTS ((size_t)1 << 28)

static eipnn_status append(eipnn_parameter_list *list, eipnn_parameter_rule rule, int rows,
                           int cols, const char *path)
{
  size_t size = (size_t)rows * (size_t)cols;
  if (size > MAX_WEIGHTS || list->weights + size > MAX_WEIGHTS)
    return eipnn_error(
        EIPNN_ERROR_ARGUMENT,
        "the network has more than %zu weights (at %s); use a smaller hidden size or "
        "fewer layers",
        MAX_WEIGHTS, path);
  size_t needed = (size_t)list->count + 1;
  EIPNN_TRY(eipnn_grow((void **)&list->info, &list->capacity[0], needed, sizeof *list->info));
  EIPNN_TRY(eipnn_grow((void **)&list->rule, &list->capacity[1], needed, sizeof *list->rule));
  char *copy = eipnn_strdup(path);
  if (!copy) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the path of a parameter");
  list->info[list->count] =
      (eipnn_parameter_info){.path = copy, .rows = rows, .cols = cols, .offset = list->weights};
  list->rule[list->count] = rule;
  list->count++;
  list->weights += size;
  return EIPNN_OK;
}

eipnn_status eipnn_parameter_declare(eipnn_parameter_list *list, eipnn_parameter_rule rule,
                                     int rows, int cols, const char *format, ...)
{
  char path[PATH_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(path, sizeof path, format, arguments);
  va_end(arguments);
  return append(list, rule, rows, cols, path);
}

eipnn_status eipnn_parameter_declare_linear(eipnn_parameter_list *list, int in, int out,
                                            const char *format, ...)
{
  char path[PATH_SIZE], full[PATH_SIZE + 8];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(path, sizeof path, format, arguments);
  va_end(arguments);
  eipnn_parameter_rule rule = {EIPNN_INIT_FAN_IN, in};
  snprintf(full, sizeof full, "%s/weight", path);
  EIPNN_TRY(append(list, rule, in, out, full));
  snprintf(full, sizeof full, "%s/bias", path);
  return append(list, rule, 1, out, full);
}

int eipnn_parameter_find(const eipnn_parameter_list *list, const char *path)
{
  for (int k = 0; k < list->count; k++)
    if (!strcmp(list->info[k].path, path)) return k;
  return -1;
}

void eipnn_parameter_initialize(const eipnn_parameter_list *list, uint64_t seed, double *weights)
{
  eipnn_random random;
  eipnn_random_seed(&random, seed, 0);
  for (int k = 0; k < list->count; k++) {
    const eipnn_parameter_info *info = &list->info[k];
    const eipnn_parameter_rule *rule = &list->rule[k];
    double *value = weights + info->offset;
    size_t size = (size_t)info->rows * (size_t)info->cols;
    double bound = rule->init == EIPNN_INIT_FAN_IN ? 1.0 / sqrt((double)rule->fan_in) : 0.0;
    for (size_t n = 0; n < size; n++)
      value[n] = rule->init == EIPNN_INIT_NORMAL
                     ? eipnn_random_normal(&random)
                     : bound * (2.0 * eipnn_random_uniform(&random) - 1.0);
  }
}

void eipnn_parameter_list_free(eipnn_parameter_list *list)
{
  for (int k = 0; k < list->count; k++) free((void *)list->info[k].path);
  free(list->info);
  free(list->rule);
  memset(list, 0, sizeof *list);
}
