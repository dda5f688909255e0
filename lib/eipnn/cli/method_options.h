/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_METHOD_OPTIONS_H
#define EIPNN_CLI_METHOD_OPTIONS_H

#include "cli/label_choice.h"
#include "cli/training_setup.h"

typedef enum cli_method { METHOD_NONE, METHOD_LA, METHOD_MP, METHOD_MP_LA } cli_method;

/* The options of `eipnn train`. */
typedef struct train_values {
  const char *split, *out, *eips;
  int method, json;
  cli_setup setup;
  /* mp, mp+la */
  const char *pretrained;
  int combine_heads;
  eipnn_train_options pretraining;
  /* la, mp+la */
  const char *labels, *classifier;
  int start_pretrained, pooling;
  eipnn_train_options classification;
  cli_label_choice choosing;
  /* delta learning */
  int delta;
  double delta_penalty;
} train_values;

extern const cli_group cli_method_groups[];
enum { CLI_METHOD_GROUPS = 13 };

/* Defaults of all options of `eipnn train`. */
void cli_method_defaults(void *values);

/* Contradictions of the method's options. An exit code. */
int cli_method_check(const cli_context *context, const train_values *train);

const char *cli_method_name(int method);
static inline int cli_uses_pretraining(const train_values *train)
{
  return train->method == METHOD_MP || train->method == METHOD_MP_LA;
}
static inline int cli_uses_augmentation(const train_values *train)
{
  return train->method == METHOD_LA || train->method == METHOD_MP_LA;
}

/* 1 if EIP labels of the dataset are read. */
int cli_uses_label_sets(const train_values *train);

#endif
