/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Datasets. */
#include "data/sample_dataset.h"
#include "fuzz/dataset_promise.h"
#include "fuzz/h5_input.h"

#include <string.h>

void fuzz_write_good(const char *path)
{
  eipnn_dataset *dataset = sample_dataset(3, SAMPLE_FORCES | SAMPLE_VIRIAL);
  eipnn_labels *labels;
  uint8_t *role;
  int64_t *group;
  FUZZ_PROMISE(eipnn_dataset_add_labels(dataset, "eip/edip", 1, 1, &labels) == EIPNN_OK);
  labels->energy[1] = -4.5;
  strcpy(labels->provider, "kim");
  FUZZ_PROMISE(eipnn_dataset_add_split(dataset, "a", &role) == EIPNN_OK);
  role[2] = EIPNN_ROLE_POOL;
  FUZZ_PROMISE(eipnn_dataset_add_groups(dataset, &group) == EIPNN_OK);
  group[0] = group[2] = 7;
  FUZZ_PROMISE(eipnn_dataset_set_reference_energy(dataset, 14, -0.8) == EIPNN_OK);
  FUZZ_PROMISE(eipnn_dataset_write(dataset, path) == EIPNN_OK);
  eipnn_dataset_free(&dataset);
}

int fuzz_read(const char *path)
{
  eipnn_dataset *dataset;
  const eipnn_status status = eipnn_dataset_read(path, &dataset);
  fuzz_check_status(status);
  FUZZ_PROMISE((status == EIPNN_OK) == (dataset != NULL));
  if (!dataset) return 0;
  fuzz_check_dataset(dataset);
  for (size_t k = 0; k < eipnn_dataset_split_count(dataset); k++) {
    const uint8_t *role = eipnn_dataset_split(dataset, eipnn_dataset_split_name(dataset, k));
    for (size_t n = 0; n < eipnn_dataset_count(dataset); n++)
      FUZZ_PROMISE(role[n] <= EIPNN_ROLE_POOL);
  }
  eipnn_dataset_free(&dataset);
  return 1;
}
