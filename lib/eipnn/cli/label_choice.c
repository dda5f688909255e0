/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/label_choice.h"

#include "base/error.h"
#include "base/memory.h"
#include "cli/parallel.h"
#include "cli/training_history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FIELD(name) offsetof(cli_label_choice, name)
const cli_option cli_label_choice_options[] = {
    {"calibrate", CLI_CHOICE, FIELD(calibrate), "none|affine",
     "none: by the reference energies; affine: slope and zero of each EIP "
     "fitted on the labelled configurations",
     CLI_ANY},
    {"error-limit", CLI_REAL, FIELD(error_limit), "E",
     "eV/atom; beyond it from DFT no EIP is right (class \"none\")", CLI_POSITIVE},
    {"label", CLI_CHOICE, FIELD(choice.label), "best|expected",
     "best: energy of the likeliest EIP (the paper's); expected: mean under the probabilities",
     CLI_ANY},
    {"confidence", CLI_REAL, FIELD(choice.threshold), "P",
     "lowest probability that is believed; 0: all (the paper's)", 0, 1},
};
_Static_assert(sizeof cli_label_choice_options / sizeof cli_label_choice_options[0] ==
                   CLI_LABEL_CHOICE_OPTIONS,
               "the header states the number of options");
_Static_assert(sizeof(eipnn_label_choice) == sizeof(int), "options write choices as int");

void cli_label_choice_defaults(cli_label_choice *choice)
{
  *choice = (cli_label_choice){.error_limit = 0.1};
  eipnn_augmentation_options_default(&choice->choice);
}

const char *cli_calibration_name(int calibrate)
{
  return calibrate ? "affine" : "none";
}

void cli_label_choice_adopt(const cli_context *context, const eipnn_model *classifier,
                            cli_label_choice *choice)
{
  const char *name = eipnn_model_history(classifier, "calibration");
  double limit = cli_history_number(classifier, "error_limit");
  if (name && !cli_given(context, "calibrate"))
    choice->calibrate = !strcmp(name, "affine");
  else if (name && strcmp(name, cli_calibration_name(choice->calibrate)) != 0)
    cli_warn(context,
             "the classifier was trained with --calibrate %s: its classes mean "
             "other energies",
             name);
  if (isfinite(limit) && !cli_given(context, "error-limit"))
    choice->error_limit = limit;
  else if (isfinite(limit) && fabs(limit - choice->error_limit) > 1e-6 * limit)
    cli_warn(context,
             "the classifier was trained with --error-limit %g: its class \"none\" "
             "has that meaning",
             limit);
}

static eipnn_status calibrate(const eipnn_dataset *dataset, const cli_label_sets *sets,
                              const cli_label_choice *choice, eipnn_calibration *calibration)
{
  if (!choice->calibrate)
    return eipnn_calibration_reference(dataset, sets->count, sets->name, calibration);
  return eipnn_calibration_fit(dataset, choice->choice.split, sets->count, sets->name,
                               choice->choice.energy_minimum, choice->choice.energy_maximum,
                               calibration);
}

static eipnn_status prepare(const eipnn_dataset *dataset, const cli_label_sets *sets,
                            const cli_label_choice *choice, cli_labelling *labelling)
{
  size_t count = eipnn_dataset_count(dataset);
  EIPNN_TRY(calibrate(dataset, sets, choice, &labelling->calibration));
  labelling->energy = eipnn_calloc(count * (size_t)sets->count, sizeof *labelling->energy);
  labelling->category = eipnn_calloc(count, sizeof *labelling->category);
  if (!labelling->energy || !labelling->category)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the energies of the EIPs");
  EIPNN_TRY(eipnn_calibration_apply(&labelling->calibration, dataset, labelling->energy));
  return eipnn_augmentation_classes(dataset, sets->count, labelling->energy, choice->error_limit,
                                    labelling->category);
}

int cli_label_prepare(const cli_context *context, const eipnn_dataset *dataset,
                      const cli_label_sets *sets, const cli_label_choice *choice,
                      cli_labelling *labelling)
{
  *labelling = (cli_labelling){0};
  eipnn_status status = prepare(dataset, sets, choice, labelling);
  return cli_parallel_agree(context->parallel, cli_code(status));
}

int cli_label_choose(const cli_context *context, const eipnn_dataset *dataset,
                     const eipnn_model *classifier, const unsigned char *wanted,
                     const eipnn_calculator_options *options, const cli_label_choice *choice,
                     cli_labelling *labelling)
{
  size_t classes = (size_t)labelling->calibration.neips + 1;
  eipnn_status status = EIPNN_OK;
  labelling->probability =
      eipnn_calloc(eipnn_dataset_count(dataset) * classes, sizeof *labelling->probability);
  if (!labelling->probability)
    status = eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the probabilities");
  else if ((size_t)eipnn_model_head_count(classifier) != classes)
    status = eipnn_error(EIPNN_ERROR_ARGUMENT,
                         "the classifier has %d classes, but %d EIPs and \"none\" are to be told "
                         "apart: train a classifier for these EIPs",
                         eipnn_model_head_count(classifier), labelling->calibration.neips);
  status = cli_parallel_status(context->parallel, status);
  if (status == EIPNN_OK)
    status = eipnn_classify(classifier, dataset, wanted, options,
                            context->parallel->size > 1 ? context->parallel : NULL,
                            labelling->probability);
  if (status == EIPNN_OK)
    status = eipnn_augmentation_choose(dataset, &labelling->calibration, labelling->energy,
                                       labelling->probability, &choice->choice, &labelling->chosen);
  return cli_parallel_agree(context->parallel, cli_code(status));
}

int cli_likeliest(const cli_labelling *labelling, size_t index)
{
  size_t neips = (size_t)labelling->calibration.neips;
  return eipnn_augmentation_likeliest((int)neips, labelling->energy + index * neips,
                                      labelling->probability + index * (neips + 1));
}

void cli_labelling_free(cli_labelling *labelling)
{
  eipnn_calibration_free(&labelling->calibration);
  eipnn_augmentation_free(&labelling->chosen);
  free(labelling->energy);
  free(labelling->category);
  free(labelling->probability);
  *labelling = (cli_labelling){0};
}
