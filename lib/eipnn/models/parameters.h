/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_PARAMETERS_H
#define EIPNN_MODELS_PARAMETERS_H

/* The parameters of a network: paths, shapes and how they start. */

#include "base/error.h"
#include "base/random.h"

#include <eipnn/model.h>

typedef enum eipnn_init {
  EIPNN_INIT_FAN_IN, /* uniform +-1/sqrt(fan_in) */
  EIPNN_INIT_NORMAL  /* mean 0, variance 1 */
} eipnn_init;

typedef struct eipnn_parameter_rule {
  eipnn_init init;
  int fan_in;
} eipnn_parameter_rule;

/* Start from a zeroed struct. */
typedef struct eipnn_parameter_list {
  int count;
  eipnn_parameter_info *info; /* [count] paths are owned */
  eipnn_parameter_rule *rule; /* [count] */
  size_t capacity[2];
  size_t weights; /* numbers in all */
} eipnn_parameter_list;

/* Appends one parameter, path printf style. */
eipnn_status eipnn_parameter_declare(eipnn_parameter_list *list, eipnn_parameter_rule rule,
                                     int rows, int cols, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Appends "<path>/weight" [in][out] and "<path>/bias" [1][out]. */
eipnn_status eipnn_parameter_declare_linear(eipnn_parameter_list *list, int in, int out,
                                            const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Index of a path, -1 if there is none. */
int eipnn_parameter_find(const eipnn_parameter_list *list, const char *path);

/* Start values of every parameter into weights [list->weights]. */
void eipnn_parameter_initialize(const eipnn_parameter_list *list, uint64_t seed, double *weights);

void eipnn_parameter_list_free(eipnn_parameter_list *list);

#endif
