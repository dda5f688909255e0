/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "base/memory.h"
#include "cli/parallel.h"
#include "cli/stage_origin.h"
#include "cli/training_history.h"

#include <eipnn/classifier.h>
#include <stdlib.h>

int cli_classifier_given(train_job *job)
{
  train_values *train = job->values;
  int code = cli_read_model(job->context, train->classifier, &job->classifier);
  if (code) return code;
  eipnn_status status = cli_label_sets_of_classifier(
      job->classifier, train->classifier, job->dataset, job->data, train->eips, &job->sets);
  code = cli_parallel_agree(job->context->parallel, cli_code(status));
  if (!code) cli_label_choice_adopt(job->context, job->classifier, &train->choosing);
  return code;
}

/* Classes are the EIPs in the order of the labels and "none". */
static eipnn_status create(const train_job *job, eipnn_model **classifier)
{
  const train_values *train = job->values;
  const eipnn_model *start = train->start_pretrained ? job->pretrained : NULL;
  const cli_network_start made = cli_stage_network(job, start);
  int count = job->sets.count;
  const char **name = eipnn_calloc((size_t)count + 1, sizeof *name);
  if (!name) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for the names of the classes");
  for (int k = 0; k < count; k++) name[k] = cli_eip_name(job->sets.name[k]);
  name[count] = "none";
  eipnn_status status = eipnn_classifier_create(&made.network, made.nspecies, made.species,
                                                count + 1, name, (eipnn_pooling)train->pooling,
                                                train->setup.training.seed, classifier);
  free(name);
  if (status != EIPNN_OK || !start) return status;
  return eipnn_model_copy_representation(*classifier, start);
}

/* Classes of configurations outside the energy window are not learnt. */
static int *windowed_classes(const train_job *job)
{
  const eipnn_train_options *training = &job->values->setup.training;
  const eipnn_labels *dft = eipnn_dataset_labels(job->dataset, "dft");
  size_t count = eipnn_dataset_count(job->dataset);
  int *category = eipnn_calloc(count, sizeof *category);
  for (size_t k = 0; category && k < count; k++) {
    int inside = eipnn_dataset_energy_within(job->dataset, k, dft->energy[k],
                                             training->energy_minimum, training->energy_maximum);
    category[k] = inside ? job->labelling.category[k] : -1;
  }
  return category;
}

static eipnn_status write_history(const train_job *job, const eipnn_train_options *options,
                                  const eipnn_train_summary *summary)
{
  const cli_label_choice *choosing = &job->values->choosing;
  char inputs[17];
  cli_stage_inputs(job, inputs);
  const cli_origin origin = {.method = CLI_STAGE_CLASSIFIER,
                             .data = job->data,
                             .split = job->values->split,
                             .hash = job->hash,
                             .inputs = inputs,
                             .options = options,
                             .summary = summary};
  EIPNN_TRY(cli_write_history(job->context, job->values, &origin, job->classifier));
  EIPNN_TRY(eipnn_model_set_history(job->classifier, "calibration",
                                    cli_calibration_name(choosing->calibrate)));
  return cli_set_history_number(job->classifier, "error_limit", choosing->error_limit);
}

static int train_classifier(train_job *job, const int *category, const char *out,
                            const char *checkpoint)
{
  const cli_context *context = job->context;
  eipnn_train_summary summary = {0};
  eipnn_train_options options = cli_stage_options(job, &job->values->classification, checkpoint);
  options.category = category;
  int code = cli_parallel_agree(context->parallel, cli_code(create(job, &job->classifier)));
  const cli_training_run run = {"classifier", NULL, job->values->setup.resume, 1};
  if (!code)
    code = cli_run_training(context, &run, &options, job->dataset, job->classifier, &summary);
  if (code) return code;
  code = cli_parallel_agree(context->parallel, cli_code(write_history(job, &options, &summary)));
  if (!code) code = cli_store_model(context, job->classifier, out, checkpoint);
  if (!code && !job->values->json)
    cli_print(context, "wrote %s: %d classes, %zu training and %zu validation configurations\n",
              out, job->sets.count + 1, summary.ntrain, summary.nvalidation);
  return code;
}

int cli_classifier_stage(train_job *job)
{
  if (job->classifier) return CLI_GOOD;
  char *out = cli_sibling_path(job->values->out, ".classifier.h5");
  char *checkpoint = cli_sibling_path(job->values->out, ".classifier.checkpoint.h5");
  int *category = windowed_classes(job);
  int code = out && checkpoint && category ? CLI_GOOD : cli_failure("no memory for the classifier");
  code = cli_parallel_agree(job->context->parallel, code);
  if (!code)
    code = cli_finished_stage(job, out, checkpoint, CLI_STAGE_CLASSIFIER, &job->classifier);
  if (!code && !job->classifier) code = train_classifier(job, category, out, checkpoint);
  free(out);
  free(checkpoint);
  free(category);
  return code;
}
