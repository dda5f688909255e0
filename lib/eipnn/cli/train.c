/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/backend_option.h"
#include "cli/dataset_file.h"
#include "cli/parallel.h"
#include "cli/train_job.h"
#include "cli/training_history.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

/* What the stages write beside OUT. */
static int check_stage_files(const cli_context *context, const train_values *train,
                             const cli_training_files *files)
{
  int pretrains = cli_uses_pretraining(train) && !train->pretrained;
  int classifies = cli_uses_augmentation(train) && !train->classifier && !train->labels;
  const struct {
    const char *suffix;
    int written;
  } stage[] = {{".best.h5", 1},
               {".pretrained.h5", pretrains},
               {".pretrained.best.h5", pretrains},
               {".pretraining.checkpoint.h5", pretrains},
               {".classifier.h5", classifies},
               {".classifier.checkpoint.h5", classifies}};
  int code = CLI_GOOD;
  for (size_t k = 0; k < sizeof stage / sizeof stage[0] && !code; k++) {
    if (!stage[k].written) continue;
    char *path = cli_sibling_path(train->out, stage[k].suffix);
    code = path ? cli_stage_file_check(context, &train->setup, files, path)
                : cli_failure("no memory for a file name");
    free(path);
  }
  if (code || !cli_uses_augmentation(train) || !isnan(train->setup.training.alpha)) return code;
  return cli_alpha_files_check(context, train, files);
}

static int check(const cli_context *context, const train_values *train)
{
  int code = cli_method_check(context, train);
  const cli_training_files files = {train->out, train->eips, train->pretrained, train->classifier,
                                    train->labels};
  if (!code) code = cli_setup_check(context, &train->setup, &files);
  return code ? code : check_stage_files(context, train, &files);
}

/* Figures of the summary, by their keys in the history; those of other methods are not there. */
static const char *const figures[] = {"steps",
                                      "best_step",
                                      "validation_mae",
                                      "validation_atom_mae",
                                      "training_configurations",
                                      "validation_configurations",
                                      "alpha",
                                      "classifier_accuracy",
                                      "pool_configurations",
                                      "chosen_labels",
                                      "baseline_mae"};

static void report_json(const train_job *job, const eipnn_model *model)
{
  json_t *object = json_pack("{s:s,s:s}", "model", job->values->out, "method",
                             cli_method_name(job->values->method));
  for (size_t k = 0; object && k < sizeof figures / sizeof figures[0]; k++) {
    double value = cli_history_number(model, figures[k]);
    if (isfinite(value))
      json_object_set_new(object, figures[k],
                          value == floor(value) ? json_integer((json_int_t)value)
                                                : json_real(value));
  }
  char *text = object ? json_dumps(object, JSON_INDENT(2)) : NULL;
  if (text) cli_print(job->context, "%s\n", text);
  free(text);
  json_decref(object);
}

static void report(const train_job *job, const eipnn_model *model)
{
  if (job->values->json) {
    report_json(job, model);
    return;
  }
  cli_print(job->context,
            "wrote %s: best validation %.4f eV (%.1f meV/atom) at step %.0f of %.0f, %.0f training "
            "and %.0f validation configurations\n",
            job->values->out, cli_history_number(model, "validation_mae"),
            1000 * cli_history_number(model, "validation_atom_mae"),
            cli_history_number(model, "best_step"), cli_history_number(model, "steps"),
            cli_history_number(model, "training_configurations"),
            cli_history_number(model, "validation_configurations"));
}

/* A weight on labels that the dataset has not would do nothing. */
static int check_weights(const train_job *job)
{
  const eipnn_train_options *training = &job->values->setup.training;
  const eipnn_labels *dft = eipnn_dataset_labels(job->dataset, "dft");
  if (dft && training->force_weight > 0 && !dft->forces)
    return cli_usage_error("--force-weight: %s has no DFT forces", job->data);
  if (dft && training->virial_weight > 0 && !dft->virial)
    return cli_usage_error("--virial-weight: %s has no DFT virials", job->data);
  return CLI_GOOD;
}

/* Told before a pretraining that may take hours. */
static int check_roles(const train_job *job)
{
  const eipnn_train_options *training = &job->values->setup.training;
  const eipnn_labels *dft = eipnn_dataset_labels(job->dataset, "dft");
  size_t known[5] = {0};
  for (size_t k = 0; k < eipnn_dataset_count(job->dataset); k++) {
    size_t natoms =
        eipnn_dataset_first_atom(job->dataset, k + 1) - eipnn_dataset_first_atom(job->dataset, k);
    double energy = dft->energy[k] / (double)natoms;
    if (energy < training->energy_minimum || energy > training->energy_maximum) continue;
    if ((dft->forces || isfinite(energy)) && job->role[k] < 5) known[job->role[k]]++;
  }
  if (known[EIPNN_ROLE_TRAIN] && known[EIPNN_ROLE_VALIDATION]) return CLI_GOOD;
  return cli_failure(
      "split '%s' has no %s configuration with a DFT label inside the energy window: "
      "change the split or the window",
      job->values->split, known[EIPNN_ROLE_TRAIN] ? "validation" : "training");
}

static int find_label_sets(train_job *job)
{
  const train_values *train = job->values;
  if (train->classifier) return cli_classifier_given(job);
  if (!cli_uses_label_sets(train)) return CLI_GOOD;
  eipnn_status status = cli_label_sets_find(job->dataset, job->data, train->eips, &job->sets);
  return cli_parallel_agree(job->context->parallel, cli_code(status));
}

static int run_stages(train_job *job)
{
  const train_values *train = job->values;
  eipnn_model *model = NULL;
  uint8_t *role = NULL;
  eipnn_status status = cli_find_split(job->dataset, job->data, train->split, &role);
  int code = cli_parallel_agree(job->context->parallel, cli_code(status));
  job->role = role;
  eipnn_dataset_hash(job->dataset, job->hash);
  if (!code) code = check_weights(job);
  if (!code) code = check_roles(job);
  if (!code) code = find_label_sets(job);
  if (!code && cli_uses_pretraining(train)) code = cli_pretraining_stage(job);
  if (!code && cli_uses_augmentation(train)) code = cli_augmentation_stage(job);
  if (!code && train->delta) code = cli_delta_stage(job);
  if (!code) code = cli_training_stage(job, &model);
  if (!code) report(job, model);
  eipnn_model_free(&model);
  return code;
}

static int run(const cli_context *context, void *values)
{
  train_values *train = values;
  train_job job = {.context = context, .values = train, .data = context->parsed->argument[0]};
  if (!train->split) return cli_usage_error("--split S is required, see `eipnn split --help`");
  if (!train->out) return cli_usage_error("--out MODEL.h5 is required");
  char *checkpoint = cli_sibling_path(train->out, ".checkpoint.h5");
  if (!checkpoint) return cli_failure("no memory for a file name");
  if (!train->setup.training.checkpoint) train->setup.training.checkpoint = checkpoint;
  int code = check(context, train);
  if (!code) code = cli_read_dataset(context, job.data, &job.dataset);
  if (!code && !train->json) cli_backend_report(context, train->setup.training.backend);
  if (!code) code = run_stages(&job);
  cli_labelling_free(&job.labelling);
  cli_label_sets_free(&job.sets);
  eipnn_baseline_free(&job.baseline);
  eipnn_model_free(&job.pretrained);
  eipnn_model_free(&job.classifier);
  eipnn_dataset_free(&job.dataset);
  free(checkpoint);
  return code;
}

const cli_command cli_train = {
    .name = "train",
    .summary = "train a network on DFT labels, with the help of EIPs or without",
    .usage = "DATA.h5 --split S --out MODEL.h5 [options]",
    .details = "Trains on the energies (and with --force-weight, --virial-weight on forces and "
               "virials) of the training set; the weights of the best validation are kept. Method "
               "mp starts from a representation pretrained on EIP labels; la lets a classifier "
               "choose an EIP's label for configurations of the pool and learns those beside "
               "DFT. The first SIGINT or SIGTERM saves the state and stops; --resume goes on from "
               "there to the same result, with the stages that are finished.",
    .example =
        "  eipnn train silicon.h5 --split a --network schnet --method none --out dft.h5\n"
        "  eipnn train silicon.h5 --split a --method mp --pretrained pre.h5 --out mp.h5 \\\n"
        "      --steps 3000 --log mp.csv\n"
        "  eipnn train silicon.h5 --split a --method mp+la --pretrained pre.h5 --alpha 1 \\\n"
        "      --calibrate affine --pooling mean --out mpla.h5 --steps 3000",
    .values_size = sizeof(train_values),
    .groups = cli_method_groups,
    .group_count = CLI_METHOD_GROUPS,
    .defaults = cli_method_defaults,
    .minimum_arguments = 1,
    .maximum_arguments = 1,
    .every_rank = 1,
    .run = run,
};
