/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/label_file.h"

#include "base/error.h"
#include "base/memory.h"
#include "cli/numeric_table.h"

#include <math.h>

static eipnn_status allocate(eipnn_augmentation *augmentation, size_t count)
{
  *augmentation = (eipnn_augmentation){
      .count = count,
      .eip = eipnn_calloc(count, sizeof *augmentation->eip),
      .probability = eipnn_calloc(count, sizeof *augmentation->probability),
      .energy = eipnn_calloc(count, sizeof *augmentation->energy),
      .weight = eipnn_calloc(count, sizeof *augmentation->weight),
  };
  if (!augmentation->eip || !augmentation->probability || !augmentation->energy ||
      !augmentation->weight)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for labels of %zu configurations", count);
  for (size_t k = 0; k < count; k++) {
    augmentation->eip[k] = -1;
    augmentation->probability[k] = augmentation->energy[k] = NAN;
  }
  return EIPNN_OK;
}

static eipnn_status take_rows(const cli_table *table, const char *path, const uint8_t *role,
                              eipnn_augmentation *augmentation)
{
  int index, label;
  EIPNN_TRY(cli_table_need(table, path, "index", &index));
  EIPNN_TRY(cli_table_need(table, path, "label", &label));
  for (size_t row = 0; row < table->rows; row++) {
    double number = cli_table_at(table, row, index), energy = cli_table_at(table, row, label);
    if (!isfinite(energy)) continue;
    if (!(number >= 0 && number < (double)augmentation->count && number == floor(number)))
      return eipnn_error(EIPNN_ERROR_FORMAT, "%s: row %zu: there is no configuration %g", path,
                         row + 1, number);
    size_t k = (size_t)number;
    if (role[k] != EIPNN_ROLE_POOL || isfinite(augmentation->energy[k]))
      return eipnn_error(EIPNN_ERROR_FORMAT, "%s: row %zu: configuration %zu %s", path, row + 1, k,
                         role[k] == EIPNN_ROLE_POOL ? "has a label already" : "is not of the pool");
    augmentation->energy[k] = energy;
    augmentation->weight[k] = 1;
    augmentation->selected++;
  }
  if (augmentation->selected) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_FORMAT, "%s holds no label", path);
}

eipnn_status cli_read_labels(const char *path, const eipnn_dataset *dataset, const uint8_t *role,
                             eipnn_augmentation *augmentation)
{
  cli_table table;
  EIPNN_TRY(cli_table_read_csv(&table, path));
  eipnn_status status = allocate(augmentation, eipnn_dataset_count(dataset));
  if (status == EIPNN_OK) status = take_rows(&table, path, role, augmentation);
  cli_table_free(&table);
  return status;
}
