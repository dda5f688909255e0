/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "cli/dataset_file.h"
#include "cli/label_file.h"
#include "cli/parallel.h"
#include "cli/train_job.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Beyond this share of the pool without a right EIP, the energy zeros are to blame. */
static const double nearly_all = 0.9;

/* Share of the validation set whose class is right, and that of its commonest class. */
static int measure(train_job *job, double *majority)
{
  const train_values *train = job->values;
  eipnn_augmentation_report known;
  eipnn_status status = eipnn_augmentation_assess(
      job->dataset, train->split, EIPNN_ROLE_VALIDATION, job->sets.count, job->labelling.energy,
      job->labelling.probability, train->choosing.error_limit, NULL, &known);
  job->accuracy = (double)known.correct / (double)known.configurations; /* NaN: none is known */
  *majority = (double)known.majority / (double)known.configurations;
  return cli_parallel_agree(job->context->parallel, cli_code(status));
}

/* "edip 500, sw 734": how many labels come from each EIP. */
static void count_by_eip(const train_job *job, char *text, size_t size)
{
  size_t used = 0;
  text[0] = '\0';
  for (int eip = 0; eip < job->sets.count && used < size; eip++) {
    size_t members = 0;
    for (size_t k = 0; k < job->labelling.chosen.count; k++)
      members += job->labelling.chosen.eip[k] == eip && isfinite(job->labelling.chosen.energy[k]);
    if (members)
      used += (size_t)snprintf(text + used, size - used, "%s%s %zu", used ? ", " : "",
                               cli_eip_name(job->sets.name[eip]), members);
  }
}

static size_t count_none(const train_job *job)
{
  size_t none = 0;
  for (size_t k = 0; k < eipnn_dataset_count(job->dataset); k++)
    none += job->role[k] == EIPNN_ROLE_POOL && cli_likeliest(&job->labelling, k) == job->sets.count;
  return none;
}

static void report(const train_job *job, double majority)
{
  char by_eip[1024];
  size_t labelled = job->labelling.chosen.selected, none = count_none(job);
  count_by_eip(job, by_eip, sizeof by_eip);
  if (!job->values->json) {
    cli_print(job->context,
              "classifier: right on %.1f %% of the validation set (its commonest class: %.1f %%)\n",
              100 * job->accuracy, 100 * majority);
    cli_print(job->context,
              "labels: %zu of the %zu configurations of the pool (%s%snone %zu, left out %zu)\n",
              labelled, job->pool, by_eip, by_eip[0] ? "; " : "", none,
              job->pool - labelled - none);
  }
  if ((double)none > nearly_all * (double)job->pool)
    cli_warn(job->context,
             "for %zu of %zu configurations no EIP is within %g eV/atom of DFT: the energy zeros "
             "decide that; set reference energies (`eipnn label %s --align`) or give --calibrate "
             "affine",
             none, job->pool, job->values->choosing.error_limit, job->data);
  else if (!labelled)
    cli_warn(job->context, "no label was chosen: the training has DFT labels only");
}

static int classify(train_job *job)
{
  size_t count = eipnn_dataset_count(job->dataset);
  const eipnn_train_options *training = &job->values->setup.training;
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = training->precision;
  options.table = training->table;
  options.backend = training->backend;
  unsigned char *wanted = eipnn_calloc(count, 1);
  int code = wanted ? CLI_GOOD : cli_failure("no memory for the pool");
  code = cli_parallel_agree(job->context->parallel, code);
  for (size_t k = 0; !code && k < count; k++)
    wanted[k] = job->role[k] == EIPNN_ROLE_POOL || job->role[k] == EIPNN_ROLE_VALIDATION;
  if (!code)
    code = cli_label_choose(job->context, job->dataset, job->classifier, wanted, &options,
                            &job->values->choosing, &job->labelling);
  free(wanted);
  return code;
}

/* Forces of chosen labels that no EIP has would silently not be learnt. */
static int check_forces(const train_job *job)
{
  const eipnn_train_options *training = &job->values->setup.training;
  if (!job->values->choosing.choice.forces) return CLI_GOOD;
  for (int k = 0; k < job->sets.count; k++) {
    const eipnn_labels *labels = eipnn_dataset_labels(job->dataset, job->sets.name[k]);
    if ((training->force_weight > 0 && labels->forces) ||
        (training->virial_weight > 0 && labels->virial))
      return CLI_GOOD;
  }
  return cli_failure("--augmentation-forces: no EIP of %s has forces or virials; compute them with "
                     "`eipnn label %s --eips LIST.json --forces`",
                     job->data, job->data);
}

static int choose_labels(train_job *job)
{
  train_values *train = job->values;
  eipnn_augmentation_options *choice = &train->choosing.choice;
  double majority;
  choice->split = train->split;
  choice->energy_minimum = train->setup.training.energy_minimum;
  choice->energy_maximum = train->setup.training.energy_maximum;
  int code =
      cli_label_prepare(job->context, job->dataset, &job->sets, &train->choosing, &job->labelling);
  if (!code) code = cli_classifier_stage(job);
  if (!code) code = classify(job);
  if (!code) code = measure(job, &majority);
  if (code) return code;
  report(job, majority);
  return CLI_GOOD;
}

static int read_labels(train_job *job)
{
  const char *path = job->values->labels;
  eipnn_augmentation *given = &job->labelling.chosen;
  eipnn_status status = cli_read_labels(path, job->dataset, job->role, given);
  int code = cli_parallel_agree(job->context->parallel, cli_code(status));
  if (!code && !job->values->json)
    cli_print(job->context, "labels: %zu of the %zu configurations of the pool, from %s\n",
              given->selected, job->pool, path);
  return code;
}

int cli_augmentation_stage(train_job *job)
{
  size_t count[5];
  cli_count_roles(job->dataset, job->role, count);
  job->pool = count[EIPNN_ROLE_POOL];
  if (!job->pool)
    return cli_failure("split %s of %s has no pool to label; `eipnn split --rest pool` or "
                       "--unlabelled F makes one",
                       job->values->split, job->data);
  if (job->values->labels) return read_labels(job);
  int code = check_forces(job);
  return code ? code : choose_labels(job);
}
