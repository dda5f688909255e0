/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_NETWORK_OPTIONS_H
#define EIPNN_MODELS_NETWORK_OPTIONS_H

/* The numbers among a network's options, in one table that checks, model files and
   comparisons go through: a new option is a member of eipnn_network_options and a row here. */

#include "base/error.h"

#include <eipnn/model.h>

enum { EIPNN_NETWORK_NUMBERS = 8 };

typedef struct eipnn_network_number {
  const char *name; /* attribute of model files */
  size_t offset;    /* in eipnn_network_options */
  int real;         /* 1: double, 0: int */
  double minimum, maximum;
  const char *meaning; /* for messages */
} eipnn_network_number;

extern const eipnn_network_number eipnn_network_numbers[EIPNN_NETWORK_NUMBERS];

double eipnn_network_number_get(const eipnn_network_options *options,
                                const eipnn_network_number *number);
/* An error that states the range where value is outside it. */
eipnn_status eipnn_network_number_set(eipnn_network_options *options,
                                      const eipnn_network_number *number, double value);

/* Ranges of all numbers, and the cutoff function. */
eipnn_status eipnn_network_numbers_check(const eipnn_network_options *options);

/* Name of the first option in which a and b differ, or NULL. */
const char *eipnn_network_options_difference(const eipnn_network_options *a,
                                             const eipnn_network_options *b);

eipnn_status eipnn_cutoff_function_from_name(const char *name, eipnn_cutoff_function *function);

#endif
