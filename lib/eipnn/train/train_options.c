/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/train_options.h"

#include "base/error.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The paper's settings for DFT energies (reference B3). */
void eipnn_train_options_default(eipnn_train_options *options)
{
  memset(options, 0, sizeof *options);
  options->batch = 32;
  options->epochs = 100;
  options->rate = 1e-3;
  options->final_ratio = 0.01;
  options->schedule = EIPNN_SCHEDULE_LINEAR;
  options->clip = 5.0;
  options->seed = 42;
  options->energy_weight = 1.0;
  options->energy_minimum = NAN;
  options->energy_maximum = NAN;
  options->alpha = 1.0;
  options->augmentation_loss = EIPNN_LOSS_TUKEY;
  options->precision = EIPNN_PRECISION_MIXED;
  options->table = 1;
  options->table_nodes = 256;
  options->backend = "cpu";
  options->checkpoint_interval = 60.0;
}

/* The paper's settings for pretraining on the labels of several EIPs. */
void eipnn_pretrain_options_default(eipnn_train_options *options)
{
  eipnn_train_options_default(options);
  options->use_pool = 1;
  options->schedule = EIPNN_SCHEDULE_SLANTED;
  options->energy_maximum = 200.0;
}

static eipnn_status check_not_negative(const char *name, double value)
{
  if (isfinite(value) && value >= 0) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_ARGUMENT, "%s is %g: give a number that is not negative", name,
                     value);
}

static eipnn_status check_length(const eipnn_train_options *options)
{
  if (options->batch < 1)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "batch is %d: give at least 1 configuration",
                       options->batch);
  if (options->steps < 0 || (options->steps == 0 && options->epochs < 1))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "training would take no step: give epochs or steps of at least 1");
  if (options->validate_every < 0)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "validate_every is %lld: give steps, or 0 for once per epoch",
                       (long long)options->validate_every);
  return EIPNN_OK;
}

static eipnn_status check_augmentation(const eipnn_train_options *options)
{
  EIPNN_TRY(check_not_negative("alpha", options->alpha));
  switch (options->augmentation_loss) {
    case EIPNN_LOSS_TUKEY:
    case EIPNN_LOSS_TUKEY_SCALED:
    case EIPNN_LOSS_SQUARED: return EIPNN_OK;
  }
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "augmentation_loss is %d: give one of eipnn_augmentation_loss",
                     (int)options->augmentation_loss);
}

static eipnn_status check_weights(const eipnn_train_options *options)
{
  EIPNN_TRY(check_not_negative("energy_weight", options->energy_weight));
  EIPNN_TRY(check_not_negative("force_weight", options->force_weight));
  EIPNN_TRY(check_not_negative("virial_weight", options->virial_weight));
  EIPNN_TRY(check_augmentation(options));
  if (options->energy_weight + options->force_weight + options->virial_weight > 0) return EIPNN_OK;
  return eipnn_error(
      EIPNN_ERROR_ARGUMENT,
      "energy_weight, force_weight and virial_weight are all 0: nothing to train on");
}

eipnn_status eipnn_train_options_check(const eipnn_train_options *options)
{
  if (!options->split)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "no split was given: it says what to train on");
  EIPNN_TRY(check_length(options));
  EIPNN_TRY(check_weights(options));
  if (!isfinite(options->rate) || options->rate <= 0)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "the learning rate is %g: give a positive number",
                       options->rate);
  EIPNN_TRY(check_not_negative("huber", options->huber));
  EIPNN_TRY(check_not_negative("average", options->average));
  if (options->average >= 1)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "average is %g: the decay of the mean weights must be below 1, e.g. 0.99",
                       options->average);
  EIPNN_TRY(check_not_negative("final_ratio", options->final_ratio));
  EIPNN_TRY(check_not_negative("clip", options->clip));
  EIPNN_TRY(check_not_negative("checkpoint_interval", options->checkpoint_interval));
  if (options->energy_minimum >= options->energy_maximum)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "the energy window %g to %g eV/atom is empty",
                       options->energy_minimum, options->energy_maximum);
  if (options->resume && !options->checkpoint)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "resume needs the name of a checkpoint file");
  return EIPNN_OK;
}

/* Appended where they are used, so that older checkpoints of other runs stay valid. */
static void describe_extras(const eipnn_train_options *options, size_t size, char *text)
{
  const int huber = options->huber > 0, average = options->average > 0;
  size_t used = 0;
  if (huber) used += (size_t)snprintf(text, size, ", huber %.17g", options->huber);
  if (average)
    used += (size_t)snprintf(text + used, size - used, ", average %.17g", options->average);
  if (options->keep_last) snprintf(text + used, size - used, ", last weights kept");
}

/* Appended where there are chosen labels, for the same reason. */
static void describe_augmentation(const eipnn_train_options *options, size_t size, char *text)
{
  static const char *const losses[] = {[EIPNN_LOSS_TUKEY] = "tukey",
                                       [EIPNN_LOSS_TUKEY_SCALED] = "tukey of scaled residuals",
                                       [EIPNN_LOSS_SQUARED] = "squared"};
  snprintf(text, size, ", chosen labels: %s loss, alpha %.17g%s, %s batches",
           losses[options->augmentation_loss], options->alpha,
           options->alpha_by_count ? " by count" : "",
           options->mixed_batches ? "mixed" : "separate");
}

void eipnn_train_options_describe(const eipnn_train_options *options, int64_t steps, size_t size,
                                  char *text)
{
  snprintf(text, size,
           "steps %lld, batch %d, rate %.17g to %.17g %s, clip %.17g, seed %llu, "
           "weights %.17g %.17g %.17g, precision %s, table %d (%d nodes), backend %s, validate "
           "every %lld",
           (long long)steps, options->batch, options->rate, options->final_ratio,
           options->schedule == EIPNN_SCHEDULE_LINEAR ? "linear" : "slanted", options->clip,
           (unsigned long long)options->seed, options->energy_weight, options->force_weight,
           options->virial_weight, eipnn_precision_name(options->precision), options->table,
           options->table_nodes, options->backend, (long long)options->validate_every);
  size_t used = strlen(text);
  describe_extras(options, size - used, text + used);
  used = strlen(text);
  if (options->augmentation) describe_augmentation(options, size - used, text + used);
}

static const char backend_key[] = ", backend ";

/* The backend's name within a description, *length letters; its end where there is none. */
static const char *find_backend(const char *text, size_t *length)
{
  const char *name = strstr(text, backend_key);
  name = name ? name + strlen(backend_key) : text + strlen(text);
  *length = strcspn(name, ",");
  return name;
}

int eipnn_train_options_alike(const char *one, const char *other)
{
  size_t length[2];
  const char *name[2] = {find_backend(one, &length[0]), find_backend(other, &length[1])};
  const size_t before = (size_t)(name[0] - one);
  return before == (size_t)(name[1] - other) && !memcmp(one, other, before) &&
         !strcmp(name[0] + length[0], name[1] + length[1]);
}

void eipnn_train_options_backend(const char *text, size_t size, char *backend)
{
  size_t length;
  const char *name = find_backend(text, &length);
  snprintf(backend, size, "%.*s", (int)length, name);
}
