/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_FUZZ_DATASET_PROMISE_H
#define EIPNN_FUZZ_DATASET_PROMISE_H

#include "data/dataset_data.h"
#include "fuzz/fuzz.h"

#include <math.h>

/* Whatever got into a dataset is usable: every configuration passes its check, energies are
   finite or missing. */
static inline void fuzz_check_dataset(const eipnn_dataset *dataset)
{
  const eipnn_labels *dft = eipnn_dataset_labels(dataset, "dft");
  FUZZ_PROMISE(dft);
  for (size_t n = 0; n < eipnn_dataset_count(dataset); n++) {
    eipnn_configuration configuration;
    FUZZ_PROMISE(eipnn_dataset_get(dataset, n, &configuration) == EIPNN_OK);
    FUZZ_PROMISE(eipnn_configuration_check(&configuration) == EIPNN_OK);
    FUZZ_PROMISE(!isinf(dft->energy[n]));
  }
}

/* A reader that fails leaves the dataset as it was: empty. */
static inline void fuzz_check_append(const eipnn_dataset *dataset, eipnn_status status)
{
  fuzz_check_status(status);
  FUZZ_PROMISE((eipnn_dataset_count(dataset) > 0) == (status == EIPNN_OK));
  fuzz_check_dataset(dataset);
}

#endif
