/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/checkpoint.h"

#include "base/file.h"
#include "base/h5.h"
#include "base/memory.h"
#include "train/train_options.h"

#include <eipnn/classifier.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHECKPOINT_VERSION = 1, NINTEGERS = 5, NREALS = 5, NARRAYS = 4, OPTIONS_SIZE = 1024 };

static const char *const integer_name[NINTEGERS] = {"version", "step", "best_step", "data",
                                                    "above_start"};
static const char *const real_name[NREALS] = {"best_mae", "best_atom_mae", "loss_sum", "loss_count",
                                              "start_error"};
static const char *const array_name[NARRAYS] = {"weights", "first_moment", "second_moment",
                                                "average_weights"};
static const size_t random_words = 4;

/* Where the state of a sampler is kept. */
typedef struct sampler_names {
  const char *random, *epoch, *cursor;
} sampler_names;
static const sampler_names sampler_name[EIPNN_DEALER_SAMPLERS] = {
    {"random", "epoch", "cursor"}, {"chosen_random", "chosen_epoch", "chosen_cursor"}};

static void list_reals(eipnn_checkpoint *c, double *real[NREALS])
{
  real[0] = &c->run.best_mae;
  real[1] = &c->run.best_atom_mae;
  real[2] = &c->run.loss_sum;
  real[3] = &c->run.loss_count;
  real[4] = &c->run.divergence.start;
}

static void list_arrays(const eipnn_checkpoint *c, double *array[NARRAYS])
{
  array[0] = c->weights;
  array[1] = c->adam->first;
  array[2] = c->adam->second;
  array[3] = c->average;
}

static eipnn_status write_numbers(hid_t group, const eipnn_checkpoint *c)
{
  const int64_t integer[NINTEGERS] = {CHECKPOINT_VERSION, c->run.step, c->run.best_step,
                                      (int64_t)c->data, c->run.divergence.above};
  for (int k = 0; k < NINTEGERS; k++)
    EIPNN_TRY(eipnn_h5_write_integer(group, integer_name[k], integer[k]));
  eipnn_checkpoint copy = *c;
  double *real[NREALS];
  list_reals(&copy, real);
  for (int k = 0; k < NREALS; k++) EIPNN_TRY(eipnn_h5_write_real(group, real_name[k], *real[k]));
  return EIPNN_OK;
}

static eipnn_status write_samplers(hid_t group, const eipnn_checkpoint *c)
{
  for (int k = 0; k < c->nsamplers; k++) {
    const eipnn_sampler_state *state = &c->dealer.sampler[k];
    EIPNN_TRY(eipnn_h5_write_integer(group, sampler_name[k].epoch, state->epoch));
    EIPNN_TRY(eipnn_h5_write_integer(group, sampler_name[k].cursor, (int64_t)state->cursor));
    EIPNN_TRY(eipnn_h5_write_array(group, sampler_name[k].random, 1, &random_words, H5T_STD_U64LE,
                                   H5T_NATIVE_UINT64, state->random.state));
  }
  return EIPNN_OK;
}

/* The group /training of an open file. */
static eipnn_status write_training(hid_t file, const eipnn_checkpoint *checkpoint)
{
  hid_t group;
  double *array[NARRAYS];
  list_arrays(checkpoint, array);
  EIPNN_TRY(eipnn_h5_create_group(file, "training", &group)); /* closed with the file */
  EIPNN_TRY(write_numbers(group, checkpoint));
  EIPNN_TRY(eipnn_h5_write_text(group, "options", checkpoint->options));
  for (int k = 0; k < NARRAYS; k++)
    if (array[k])
      EIPNN_TRY(eipnn_h5_write_array(group, array_name[k], 1, &checkpoint->nweights, H5T_IEEE_F64LE,
                                     H5T_NATIVE_DOUBLE, array[k]));
  return write_samplers(group, checkpoint);
}

static eipnn_status append_training(const char *path, const eipnn_checkpoint *checkpoint)
{
  hid_t file;
  EIPNN_TRY(eipnn_h5_append(path, &file));
  eipnn_status status = write_training(file, checkpoint);
  if (H5Fclose(file) < 0 && status == EIPNN_OK)
    status = eipnn_error(EIPNN_ERROR_IO, "HDF5 cannot finish the file");
  return status;
}

eipnn_status eipnn_checkpoint_write(const char *path, const eipnn_model *best,
                                    const eipnn_checkpoint *checkpoint)
{
  eipnn_replacement replacement;
  EIPNN_TRY(eipnn_replacement_begin(&replacement, path));
  eipnn_status status = eipnn_model_write(best, replacement.temporary);
  if (status == EIPNN_OK) {
    eipnn_h5_silence silence;
    eipnn_h5_silence_begin(&silence);
    status = append_training(replacement.temporary, checkpoint);
    eipnn_h5_silence_end(&silence);
  }
  if (status == EIPNN_OK) return eipnn_replacement_commit(&replacement);
  eipnn_replacement_discard(&replacement);
  return eipnn_error(status, "checkpoint %s was not written: %s", path, eipnn_last_error());
}

static eipnn_status read_numbers(hid_t group, eipnn_checkpoint *c, int64_t integer[NINTEGERS])
{
  double *real[NREALS];
  list_reals(c, real);
  for (int k = 0; k < NINTEGERS; k++) {
    EIPNN_TRY(eipnn_h5_read_integer(group, integer_name[k], &integer[k]));
    if (k == 0 && integer[0] != CHECKPOINT_VERSION)
      return eipnn_error(EIPNN_ERROR_FORMAT, "it has version %lld, this program reads version %d",
                         (long long)integer[0], CHECKPOINT_VERSION);
  }
  for (int k = 0; k < NREALS; k++) EIPNN_TRY(eipnn_h5_read_real(group, real_name[k], real[k]));
  c->run.step = integer[1];
  c->run.best_step = integer[2];
  c->data = (uint64_t)integer[3];
  c->run.divergence.above = integer[4];
  return EIPNN_OK;
}

/* Of a run without mean weights, average becomes NULL. */
static eipnn_status read_arrays(hid_t group, eipnn_checkpoint *c)
{
  double *array[NARRAYS];
  if (!eipnn_h5_exists(group, "average_weights")) c->average = NULL;
  list_arrays(c, array);
  for (int k = 0; k < NARRAYS; k++) {
    if (!array[k]) continue;
    EIPNN_TRY(
        eipnn_h5_read_array(group, array_name[k], 1, &c->nweights, H5T_NATIVE_DOUBLE, array[k]));
    for (size_t n = 0; n < c->nweights; n++)
      if (!isfinite(array[k][n]))
        return eipnn_error(EIPNN_ERROR_FORMAT, "'%s' holds numbers that are not finite",
                           array_name[k]);
  }
  return EIPNN_OK;
}

static eipnn_status read_samplers(hid_t group, eipnn_checkpoint *c)
{
  c->nsamplers = eipnn_h5_exists(group, sampler_name[1].random) ? 2 : 1;
  for (int k = 0; k < c->nsamplers; k++) {
    eipnn_sampler_state *state = &c->dealer.sampler[k];
    int64_t cursor;
    EIPNN_TRY(eipnn_h5_read_integer(group, sampler_name[k].epoch, &state->epoch));
    EIPNN_TRY(eipnn_h5_read_integer(group, sampler_name[k].cursor, &cursor));
    state->cursor = (uint64_t)cursor;
    EIPNN_TRY(eipnn_h5_read_array(group, sampler_name[k].random, 1, &random_words,
                                  H5T_NATIVE_UINT64, state->random.state));
  }
  return EIPNN_OK;
}

static eipnn_status read_group(const char *path, eipnn_checkpoint *checkpoint, char *options)
{
  hid_t file, group;
  int64_t integer[NINTEGERS];
  EIPNN_TRY(eipnn_h5_open(path, &file));
  eipnn_status status =
      eipnn_h5_exists(file, "training")
          ? eipnn_h5_open_group(file, "training", &group)
          : eipnn_error(EIPNN_ERROR_FORMAT, "it is a model but no checkpoint, without /training");
  if (status == EIPNN_OK) status = read_numbers(group, checkpoint, integer);
  if (status == EIPNN_OK) status = eipnn_h5_read_text(group, "options", options, OPTIONS_SIZE);
  if (status == EIPNN_OK) status = read_arrays(group, checkpoint);
  if (status == EIPNN_OK) status = read_samplers(group, checkpoint);
  H5Fclose(file);
  return status;
}

/* The group /training, with HDF5's own error output off. */
static eipnn_status read_training(const char *path, eipnn_checkpoint *checkpoint, char *options)
{
  eipnn_h5_silence silence;
  eipnn_h5_silence_begin(&silence);
  const eipnn_status status = read_group(path, checkpoint, options);
  eipnn_h5_silence_end(&silence);
  if (status == EIPNN_OK) return EIPNN_OK;
  return eipnn_error(status, "cannot resume from %s: %s; remove it to start anew", path,
                     eipnn_last_error());
}

/* What differs between two networks with their heads, or NULL. */
static const char *difference(const eipnn_model *a, const eipnn_model *b)
{
  const char *representation = eipnn_model_difference(a, b);
  if (representation) return representation;
  if (eipnn_model_is_classifier(a) != eipnn_model_is_classifier(b)) return "task";
  if (eipnn_model_is_classifier(a) && eipnn_model_pooling(a) != eipnn_model_pooling(b))
    return "pooling";
  const int nheads = eipnn_model_head_count(a);
  if (nheads != eipnn_model_head_count(b)) return "number of heads";
  for (int h = 0; h < nheads; h++)
    if (strcmp(eipnn_model_head_name(a, h), eipnn_model_head_name(b, h))) return "heads";
  return NULL;
}

static eipnn_status check_same_run(const char *path, const eipnn_model *model,
                                   const eipnn_model *stored, const eipnn_checkpoint *read,
                                   const eipnn_checkpoint *expected, const char *options)
{
  const char *what = difference(model, stored);
  if (what)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "checkpoint %s is of another network (its %s differs): give the options of "
                       "its run, or another checkpoint file",
                       path, what);
  if (read->data != expected->data)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "checkpoint %s was made with other training or validation data: give its "
                       "dataset, split and energy window, or another checkpoint file",
                       path);
  if (!eipnn_train_options_alike(options, expected->options))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "checkpoint %s was made with other options: it has %s; this run has %s",
                       path, options, expected->options);
  if (read->run.step < 0 || read->run.best_step < 0 || read->run.best_step > read->run.step)
    return eipnn_error(EIPNN_ERROR_FORMAT, "checkpoint %s is damaged: step %lld, best step %lld",
                       path, (long long)read->run.step, (long long)read->run.best_step);
  if (read->nsamplers != expected->nsamplers)
    return eipnn_error(EIPNN_ERROR_FORMAT,
                       "checkpoint %s is damaged: it lacks the state of the batches", path);
  if (!read->average != !expected->average)
    return eipnn_error(EIPNN_ERROR_FORMAT, "checkpoint %s is damaged: it lacks the mean weights",
                       path);
  if (!isfinite(read->run.best_mae) || !isfinite(read->run.best_atom_mae))
    return eipnn_error(EIPNN_ERROR_FORMAT, "checkpoint %s is damaged: best error %g", path,
                       read->run.best_mae);
  return EIPNN_OK;
}

/* Everything was checked: takes it over. */
static eipnn_status accept(eipnn_model *model, eipnn_model *stored, eipnn_checkpoint *checkpoint,
                           const eipnn_checkpoint *read)
{
  size_t count;
  memcpy(eipnn_model_weights(model, &count), eipnn_model_weights(stored, &count),
         checkpoint->nweights * sizeof(double));
  for (int head = 0; head < eipnn_model_head_count(model); head++)
    EIPNN_TRY(eipnn_model_set_output(model, head, eipnn_model_scale(stored, head),
                                     eipnn_model_shift(stored, head)));
  const size_t bytes = checkpoint->nweights * sizeof(double);
  memcpy(checkpoint->weights, read->weights, bytes);
  if (read->average) memcpy(checkpoint->average, read->average, bytes);
  memcpy(checkpoint->adam->first, read->adam->first, bytes);
  memcpy(checkpoint->adam->second, read->adam->second, bytes);
  checkpoint->adam->step = read->run.step;
  checkpoint->run = read->run;
  checkpoint->dealer = read->dealer;
  return EIPNN_OK;
}

/* The stored model first: it tells a truncated or foreign file from a checkpoint. */
static eipnn_status read_into(const char *path, eipnn_model *model, eipnn_checkpoint *checkpoint,
                              eipnn_model *stored, eipnn_checkpoint *read)
{
  char options[OPTIONS_SIZE] = "";
  if (difference(model, stored))
    return check_same_run(path, model, stored, read, checkpoint, options);
  EIPNN_TRY(read_training(path, read, options));
  EIPNN_TRY(check_same_run(path, model, stored, read, checkpoint, options));
  eipnn_train_options_backend(options, sizeof checkpoint->backend, checkpoint->backend);
  return accept(model, stored, checkpoint, read);
}

eipnn_status eipnn_checkpoint_read(const char *path, eipnn_model *model,
                                   eipnn_checkpoint *checkpoint)
{
  eipnn_model *stored;
  EIPNN_TRY(eipnn_model_read(path, &stored));
  eipnn_adam adam;
  double *arrays = eipnn_calloc(2 * checkpoint->nweights, sizeof(double));
  eipnn_checkpoint read = {.nweights = checkpoint->nweights, .weights = arrays, .adam = &adam};
  if (arrays && checkpoint->average) read.average = arrays + checkpoint->nweights;
  eipnn_status status = eipnn_adam_create(&adam, checkpoint->nweights);
  if (status == EIPNN_OK) {
    status = arrays ? read_into(path, model, checkpoint, stored, &read)
                    : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for checkpoint %s", path);
    eipnn_adam_free(&adam);
  }
  free(arrays);
  eipnn_model_free(&stored);
  return status;
}
