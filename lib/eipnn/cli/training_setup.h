/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_TRAINING_SETUP_H
#define EIPNN_CLI_TRAINING_SETUP_H

#include "cli/command.h"

#include <eipnn/train.h>

/* The options that pretrain and train share. */
typedef struct cli_network {
  int network;
  double cutoff;
  int64_t hidden, layers, radial;
  double gamma;
  int cutoff_function, residual, filter_ssp, graph;
} cli_network;

typedef struct cli_training {
  int64_t steps, epochs, batch;
  double rate, final_ratio;
  int schedule;
  double clip;
  int64_t seed;
  double energy_weight, force_weight, virial_weight;
  double energy_minimum, energy_maximum;
  int64_t validate_every;
  int precision, table;
  int64_t table_nodes;
  int backend;
  const char *checkpoint;
  double checkpoint_interval;
  const char *log;
} cli_training;

enum { CLI_NETWORK_OPTIONS = 10, CLI_TRAINING_OPTIONS = 21 };
extern const cli_option cli_network_options[CLI_NETWORK_OPTIONS];
extern const cli_option cli_training_options[CLI_TRAINING_OPTIONS];

void cli_network_defaults(cli_network *network);
void cli_training_defaults(cli_training *training, const eipnn_train_options *options);

/* Network options as the library wants them: values of base (defaults, or those of a
   pretrained model) with what the user gave on top. base may be NULL. */
eipnn_network_options cli_network_build(const cli_context *context, const cli_network *network,
                                        const eipnn_network_options *base);

/* Training options of the library; start holds the library's defaults. */
eipnn_train_options cli_training_build(const cli_context *context, const cli_training *training,
                                       const eipnn_train_options *start);

/* Files of the options that each command has for itself; NULL: not given. */
typedef struct cli_training_files {
  const char *out, *eips, *pretrained, *input;
} cli_training_files;

/* Contradictions between options, and outputs that would replace another file of the run or
   cannot be written: better known before the training than after. An exit code. */
int cli_training_check(const cli_context *context, const cli_training *training,
                       const cli_training_files *files);

/* "OUT.h5" with suffix becomes "OUT<suffix>"; the caller frees it. NULL without memory. */
char *cli_sibling_path(const char *path, const char *suffix);

/* The entries of history that both commands write. */
typedef struct cli_origin {
  const char *method, *data, *split;
  const eipnn_dataset *dataset;
  const eipnn_train_options *options;
  const eipnn_train_summary *summary;
} cli_origin;
eipnn_status cli_write_history(const cli_context *context, const void *values,
                               const cli_origin *origin, eipnn_model *model);

#endif
