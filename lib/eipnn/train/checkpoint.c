/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "train/checkpoint.h"

#include "base/file.h"
#include "base/memory.h"

#include <hdf5.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHECKPOINT_VERSION = 1, NATTRIBUTES = 9, NARRAYS = 4, OPTIONS_SIZE = 1024 };

/* A number or an array of the file and where it lies in memory. */
typedef struct stored_item {
  const char *name;
  hid_t type;
  void *data;
  size_t count;
} stored_item;

static void list_attributes(eipnn_checkpoint *c, stored_item item[NATTRIBUTES])
{
  item[0] = (stored_item){"step", H5T_NATIVE_INT64, &c->step, 1};
  item[1] = (stored_item){"best_step", H5T_NATIVE_INT64, &c->best_step, 1};
  item[2] = (stored_item){"best_mae", H5T_NATIVE_DOUBLE, &c->best_mae, 1};
  item[3] = (stored_item){"best_atom_mae", H5T_NATIVE_DOUBLE, &c->best_atom_mae, 1};
  item[4] = (stored_item){"loss_sum", H5T_NATIVE_DOUBLE, &c->loss_sum, 1};
  item[5] = (stored_item){"loss_count", H5T_NATIVE_DOUBLE, &c->loss_count, 1};
  item[6] = (stored_item){"epoch", H5T_NATIVE_INT64, &c->sampler.epoch, 1};
  item[7] = (stored_item){"cursor", H5T_NATIVE_UINT64, &c->sampler.cursor, 1};
  item[8] = (stored_item){"data", H5T_NATIVE_UINT64, &c->data, 1};
}

static void list_arrays(eipnn_checkpoint *c, stored_item item[NARRAYS])
{
  item[0] = (stored_item){"weights", H5T_NATIVE_DOUBLE, c->weights, c->nweights};
  item[1] = (stored_item){"first_moment", H5T_NATIVE_DOUBLE, c->adam->first, c->nweights};
  item[2] = (stored_item){"second_moment", H5T_NATIVE_DOUBLE, c->adam->second, c->nweights};
  item[3] = (stored_item){"random", H5T_NATIVE_UINT64, c->sampler.random.state, 4};
}

static int write_attribute(hid_t group, const char *name, hid_t type, const void *value)
{
  hid_t space = H5Screate(H5S_SCALAR);
  hid_t attribute = H5Acreate2(group, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  int bad = attribute < 0 || H5Awrite(attribute, type, value) < 0;
  if (attribute >= 0) bad |= H5Aclose(attribute) < 0;
  if (space >= 0) H5Sclose(space);
  return bad;
}

static int write_text(hid_t group, const char *name, const char *text)
{
  hid_t type = H5Tcopy(H5T_C_S1);
  int bad = type < 0 || H5Tset_size(type, strlen(text) + 1) < 0;
  bad = bad || write_attribute(group, name, type, text);
  if (type >= 0) H5Tclose(type);
  return bad;
}

static int write_array(hid_t group, const stored_item *item)
{
  const hsize_t count = item->count;
  hid_t space = H5Screate_simple(1, &count, NULL);
  hid_t set =
      H5Dcreate2(group, item->name, item->type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  int bad = set < 0 || H5Dwrite(set, item->type, H5S_ALL, H5S_ALL, H5P_DEFAULT, item->data) < 0;
  if (set >= 0) bad |= H5Dclose(set) < 0;
  if (space >= 0) H5Sclose(space);
  return bad;
}

/* The group /training of an open file. */
static int write_training(hid_t file, eipnn_checkpoint *checkpoint)
{
  hid_t group = H5Gcreate2(file, "training", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (group < 0) return 1;
  stored_item attribute[NATTRIBUTES], array[NARRAYS];
  list_attributes(checkpoint, attribute);
  list_arrays(checkpoint, array);
  const int version = CHECKPOINT_VERSION;
  int bad = write_attribute(group, "version", H5T_NATIVE_INT, &version);
  bad |= write_text(group, "options", checkpoint->options);
  for (int k = 0; k < NATTRIBUTES && !bad; k++)
    bad = write_attribute(group, attribute[k].name, attribute[k].type, attribute[k].data);
  for (int k = 0; k < NARRAYS && !bad; k++) bad = write_array(group, &array[k]);
  bad |= H5Gclose(group) < 0;
  return bad;
}

static int append_training(const char *path, const eipnn_checkpoint *checkpoint)
{
  eipnn_checkpoint copy = *checkpoint; /* the lists point at its members, read only here */
  int bad = 1;
  H5E_BEGIN_TRY
  {
    hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
    if (file >= 0) {
      bad = write_training(file, &copy);
      bad |= H5Fclose(file) < 0;
    }
  }
  H5E_END_TRY
  return bad;
}

eipnn_status eipnn_checkpoint_write(const char *path, const eipnn_model *best,
                                    const eipnn_checkpoint *checkpoint)
{
  eipnn_replacement replacement;
  EIPNN_TRY(eipnn_replacement_begin(&replacement, path));
  eipnn_status status = eipnn_model_write(best, replacement.temporary);
  if (status == EIPNN_OK && append_training(replacement.temporary, checkpoint))
    status = eipnn_error(EIPNN_ERROR_IO, "cannot write checkpoint %s: is the disk full?", path);
  if (status == EIPNN_OK) return eipnn_replacement_commit(&replacement);
  eipnn_replacement_discard(&replacement);
  return status;
}

static int read_attribute(hid_t group, const char *name, hid_t type, void *value)
{
  if (H5Aexists(group, name) <= 0) return 1;
  hid_t attribute = H5Aopen(group, name, H5P_DEFAULT);
  if (attribute < 0) return 1;
  hid_t space = H5Aget_space(attribute);
  int bad =
      space < 0 || H5Sget_simple_extent_npoints(space) != 1 || H5Aread(attribute, type, value) < 0;
  if (space >= 0) H5Sclose(space);
  H5Aclose(attribute);
  return bad;
}

/* text: [OPTIONS_SIZE], zeroed. */
static int read_text(hid_t group, const char *name, char *text)
{
  hid_t attribute = H5Aexists(group, name) > 0 ? H5Aopen(group, name, H5P_DEFAULT) : -1;
  if (attribute < 0) return 1;
  hid_t type = H5Aget_type(attribute);
  int bad = type < 0 || H5Tget_class(type) != H5T_STRING || H5Tis_variable_str(type) != 0 ||
            H5Tget_size(type) > OPTIONS_SIZE || H5Aread(attribute, type, text) < 0;
  text[OPTIONS_SIZE - 1] = '\0';
  if (type >= 0) H5Tclose(type);
  H5Aclose(attribute);
  return bad;
}

static int read_array(hid_t group, const stored_item *item)
{
  if (H5Lexists(group, item->name, H5P_DEFAULT) <= 0) return 1;
  hid_t set = H5Dopen2(group, item->name, H5P_DEFAULT);
  if (set < 0) return 1;
  hid_t space = H5Dget_space(set);
  int bad = space < 0 || H5Sget_simple_extent_npoints(space) != (hssize_t)item->count ||
            H5Dread(set, item->type, H5S_ALL, H5S_ALL, H5P_DEFAULT, item->data) < 0;
  for (size_t k = 0; !bad && item->type == H5T_NATIVE_DOUBLE && k < item->count; k++)
    bad = !isfinite(((double *)item->data)[k]);
  if (space >= 0) H5Sclose(space);
  H5Dclose(set);
  return bad;
}

static eipnn_status damaged(const char *path, const char *item)
{
  return eipnn_error(
      EIPNN_ERROR_FORMAT,
      "checkpoint %s: '%s' of /training is missing, of the wrong size or not finite: "
      "the file is damaged, remove it to start anew",
      path, item);
}

static eipnn_status read_items(const char *path, hid_t group, eipnn_checkpoint *checkpoint,
                               char *options)
{
  int version = 0;
  if (read_attribute(group, "version", H5T_NATIVE_INT, &version)) return damaged(path, "version");
  if (version != CHECKPOINT_VERSION)
    return eipnn_error(EIPNN_ERROR_FORMAT,
                       "checkpoint %s has version %d, this program reads version %d", path, version,
                       CHECKPOINT_VERSION);
  if (read_text(group, "options", options)) return damaged(path, "options");
  stored_item attribute[NATTRIBUTES], array[NARRAYS];
  list_attributes(checkpoint, attribute);
  list_arrays(checkpoint, array);
  for (int k = 0; k < NATTRIBUTES; k++)
    if (read_attribute(group, attribute[k].name, attribute[k].type, attribute[k].data))
      return damaged(path, attribute[k].name);
  for (int k = 0; k < NARRAYS; k++)
    if (read_array(group, &array[k])) return damaged(path, array[k].name);
  return EIPNN_OK;
}

/* Opens /training and reads it with the library's own error output off. */
static eipnn_status read_training(const char *path, eipnn_checkpoint *checkpoint, char *options)
{
  eipnn_status status;
  H5E_BEGIN_TRY
  {
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t group = file >= 0 && H5Lexists(file, "training", H5P_DEFAULT) > 0
                      ? H5Gopen2(file, "training", H5P_DEFAULT)
                      : -1;
    status = group >= 0
                 ? read_items(path, group, checkpoint, options)
                 : eipnn_error(EIPNN_ERROR_FORMAT,
                               "%s is a model but no checkpoint: it has no group /training", path);
    if (group >= 0) H5Gclose(group);
    if (file >= 0) H5Fclose(file);
  }
  H5E_END_TRY
  return status;
}

static int same_network(const eipnn_model *a, const eipnn_model *b)
{
  const eipnn_network_options *p = eipnn_model_options(a), *q = eipnn_model_options(b);
  int same = !strcmp(p->network, q->network) && p->cutoff == q->cutoff && p->hidden == q->hidden &&
             p->layers == q->layers && p->nradial == q->nradial &&
             p->radial_gamma == q->radial_gamma && p->cutoff_function == q->cutoff_function &&
             p->residual == q->residual && p->filter_ssp == q->filter_ssp && p->padded == q->padded;
  const int nspecies = eipnn_model_species_count(a), nheads = eipnn_model_head_count(a);
  same = same && nspecies == eipnn_model_species_count(b) && nheads == eipnn_model_head_count(b);
  for (int s = 0; same && s < nspecies; s++)
    same = eipnn_model_species(a)[s] == eipnn_model_species(b)[s];
  for (int h = 0; same && h < nheads; h++)
    same = !strcmp(eipnn_model_head_name(a, h), eipnn_model_head_name(b, h));
  return same;
}

static eipnn_status check_same_run(const char *path, const eipnn_model *model,
                                   const eipnn_model *stored, const eipnn_checkpoint *read,
                                   const eipnn_checkpoint *expected, const char *options)
{
  if (!same_network(model, stored))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "checkpoint %s is of another network (sizes, species or heads differ): give "
                       "the options of its run, or another checkpoint file",
                       path);
  if (read->data != expected->data)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "checkpoint %s was made with other training or validation data: give its "
                       "dataset, split and energy window, or another checkpoint file",
                       path);
  if (strcmp(options, expected->options))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "checkpoint %s was made with other options: it has %s; this run has %s",
                       path, options, expected->options);
  if (read->step < 0 || read->best_step < 0 || read->best_step > read->step)
    return damaged(path, "step");
  if (!isfinite(read->best_mae) || !isfinite(read->best_atom_mae)) return damaged(path, "best_mae");
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
  memcpy(checkpoint->adam->first, read->adam->first, bytes);
  memcpy(checkpoint->adam->second, read->adam->second, bytes);
  checkpoint->adam->step = read->step;
  checkpoint->step = read->step;
  checkpoint->best_step = read->best_step;
  checkpoint->best_mae = read->best_mae;
  checkpoint->best_atom_mae = read->best_atom_mae;
  checkpoint->loss_sum = read->loss_sum;
  checkpoint->loss_count = read->loss_count;
  checkpoint->sampler = read->sampler;
  return EIPNN_OK;
}

/* The stored model first: it tells a truncated or foreign file from a checkpoint. */
static eipnn_status read_into(const char *path, eipnn_model *model, eipnn_checkpoint *checkpoint,
                              eipnn_model *stored, eipnn_checkpoint *read)
{
  char options[OPTIONS_SIZE] = "";
  if (!same_network(model, stored))
    return check_same_run(path, model, stored, read, checkpoint, options);
  EIPNN_TRY(read_training(path, read, options));
  EIPNN_TRY(check_same_run(path, model, stored, read, checkpoint, options));
  return accept(model, stored, checkpoint, read);
}

eipnn_status eipnn_checkpoint_read(const char *path, eipnn_model *model,
                                   eipnn_checkpoint *checkpoint)
{
  eipnn_model *stored;
  EIPNN_TRY(eipnn_model_read(path, &stored));
  eipnn_adam adam;
  eipnn_checkpoint read = {.nweights = checkpoint->nweights, .adam = &adam};
  eipnn_status status = eipnn_adam_create(&adam, checkpoint->nweights);
  if (status == EIPNN_OK) {
    read.weights = eipnn_calloc(checkpoint->nweights, sizeof(double));
    status = read.weights ? read_into(path, model, checkpoint, stored, &read)
                          : eipnn_error(EIPNN_ERROR_MEMORY, "no memory for checkpoint %s", path);
    eipnn_adam_free(&adam);
  }
  free(read.weights);
  eipnn_model_free(&stored);
  return status;
}
