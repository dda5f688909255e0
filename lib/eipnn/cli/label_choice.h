/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_LABEL_CHOICE_H
#define EIPNN_CLI_LABEL_CHOICE_H

#include "cli/command.h"
#include "cli/label_sets.h"

#include <eipnn/augmentation.h>
#include <eipnn/classifier.h>

/* How a label is chosen among those of the EIPs: what train and select are told alike. */
typedef struct cli_label_choice {
  int calibrate; /* 0: reference energies only, 1: affine fit */
  double error_limit;
  eipnn_augmentation_options choice;
} cli_label_choice;

enum { CLI_LABEL_CHOICE_OPTIONS = 4 };
extern const cli_option cli_label_choice_options[CLI_LABEL_CHOICE_OPTIONS];
void cli_label_choice_defaults(cli_label_choice *choice);
const char *cli_calibration_name(int calibrate); /* "none", "affine" */

/* What the user did not say is as it was when the classifier was trained (its history); a warning
   where it was another. */
void cli_label_choice_adopt(const cli_context *context, const eipnn_model *classifier,
                            cli_label_choice *choice);

/* Labels of all EIPs on the scale of DFT, and what a classifier makes of them. */
typedef struct cli_labelling {
  eipnn_calibration calibration;
  double *energy;      /* [n][neips] eV */
  int *category;       /* [n] true class, -1: unknown */
  double *probability; /* [n][neips + 1], NULL before cli_label_choose */
  eipnn_augmentation chosen;
} cli_labelling;

/* Fills calibration, energy and category. Fits use the labelled part of the split. An exit code,
   the same on all ranks. */
int cli_label_prepare(const cli_context *context, const eipnn_dataset *dataset,
                      const cli_label_sets *sets, const cli_label_choice *choice,
                      cli_labelling *labelling);

/* Classifies the wanted configurations ([n]) on all ranks and chooses labels for the pool of
   choice->choice.split. */
int cli_label_choose(const cli_context *context, const eipnn_dataset *dataset,
                     const eipnn_model *classifier, const unsigned char *wanted,
                     const eipnn_calculator_options *options, const cli_label_choice *choice,
                     cli_labelling *labelling);

/* The likeliest class of configuration `index`; -1 where it was not classified. */
int cli_likeliest(const cli_labelling *labelling, size_t index);
void cli_labelling_free(cli_labelling *labelling);

#endif
