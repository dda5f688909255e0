/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DATA_DATASET_DATA_H
#define EIPNN_DATA_DATASET_DATA_H

/* What a dataset is made of; shared by the files that implement it. */

#include "base/error.h"

#include <eipnn/dataset.h>

enum { EIPNN_SPLIT_NAME_SIZE = 80, EIPNN_TAG_SIZE = 1024 };

/* Larger numbers of groups in a file are refused, so that those of files that are joined
   cannot overflow. */
#define EIPNN_GROUP_LIMIT (INT64_C(1) << 40)

typedef struct eipnn_split {
  char name[EIPNN_SPLIT_NAME_SIZE];
  uint8_t *role; /* [config_capacity] */
} eipnn_split;

/* Every array per configuration has room for config_capacity, every array per
   atom for atom_capacity; label sets and splits included. */
struct eipnn_dataset {
  size_t count, config_capacity;
  size_t natom, atom_capacity;
  size_t *first; /* [config_capacity+1] prefix sum of atoms */
  double (*cell)[3][3];
  uint8_t (*pbc)[3];
  char **tag; /* NULL: none */
  int *number;
  double (*position)[3];
  int64_t *group;        /* NULL: none; -1: a configuration on its own */
  eipnn_labels **labels; /* one allocation each: handed out by pointer. labels[0] is "dft" */
  size_t nlabels, labels_capacity;
  eipnn_split **splits;
  size_t nsplits, splits_capacity;
  double reference[EIPNN_ELEMENTS + 1]; /* eV/atom by atomic number */
  uint8_t reference_known[EIPNN_ELEMENTS + 1];
};

/* Makes room for that many configurations and atoms in all. Contents are kept,
   also on failure. */
eipnn_status eipnn_dataset_reserve(eipnn_dataset *dataset, size_t configurations, size_t atoms);

/* Shrinks to the first `count` configurations: undoes a partial append. */
void eipnn_dataset_truncate(eipnn_dataset *dataset, size_t count);

/* Errors for what must not enter a dataset: no atoms, unknown atomic numbers,
   positions or cells that are not finite, a singular periodic cell. */
eipnn_status eipnn_configuration_check(const eipnn_configuration *configuration);

/* An error unless name can be a group of the file: 1 to size-1 printable
   characters without '/', not "." or "..". what: for the message. */
eipnn_status eipnn_dataset_check_name(const char *what, const char *name, size_t size);

/* Sorts indices of configurations by group, then by index; those on their own come first. */
eipnn_status eipnn_sort_by_group(const eipnn_dataset *dataset, size_t *index, size_t count);

/* Room of the label set's own arrays; used by eipnn_dataset_reserve. */
eipnn_status eipnn_labels_reserve(eipnn_labels *labels, size_t configurations, size_t atoms);
/* NaN for configurations from..to-1 (and their atoms). */
void eipnn_labels_clear(eipnn_labels *labels, const size_t *first, size_t from, size_t to);
void eipnn_labels_free(eipnn_labels **labels);

#endif
