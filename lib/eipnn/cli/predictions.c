/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/predictions.h"

#include "base/error.h"
#include "base/memory.h"
#include "cli/dataset_file.h"
#include "cli/text_output.h"

#include <eipnn/calibration.h>

#include <math.h>
#include <stdlib.h>

/* What the rows are printed from. */
typedef struct prediction_table {
  const eipnn_dataset *dataset;
  const double *predicted;
} prediction_table;

static eipnn_status print_rows(FILE *file, const void *data)
{
  const prediction_table *table = data;
  const eipnn_labels *dft = eipnn_dataset_labels(table->dataset, "dft");
  fputs("index,tag,atoms,dft,predicted,dft_per_atom,predicted_per_atom\n", file);
  for (size_t k = 0; k < eipnn_dataset_count(table->dataset); k++) {
    const double predicted = table->predicted[k], energy = dft->energy[k];
    if (!isfinite(predicted)) continue;
    eipnn_configuration configuration;
    EIPNN_TRY(eipnn_dataset_get(table->dataset, k, &configuration));
    fprintf(file, "%zu,", k);
    cli_print_tag(file, configuration.tag);
    fprintf(file, ",%d,%.10g,%.10g,%.10g,%.10g\n", configuration.natoms, energy, predicted,
            energy / configuration.natoms, predicted / configuration.natoms);
  }
  return EIPNN_OK;
}

eipnn_status cli_write_predictions(const char *path, const eipnn_dataset *dataset,
                                   const double *predicted)
{
  const prediction_table table = {dataset, predicted};
  return cli_write_text(path, print_rows, &table);
}

/* Appends configuration `index` with what the model says about it. energy: [nheads]. */
static eipnn_status append_prediction(eipnn_calculator *calculator, const eipnn_model *model,
                                      const eipnn_dataset *dataset, size_t index, double *energy,
                                      eipnn_dataset *result)
{
  eipnn_configuration configuration;
  double virial[6];
  EIPNN_TRY(eipnn_dataset_get(dataset, index, &configuration));
  double(*forces)[3] = eipnn_calloc((size_t)configuration.natoms, sizeof *forces);
  if (!forces) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for forces");
  eipnn_status status =
      eipnn_calculator_configuration(calculator, &configuration, energy, forces, virial);
  if (status == EIPNN_OK)
    status = eipnn_model_add_baseline(model, dataset, index, energy, forces, virial);
  if (status == EIPNN_OK)
    status =
        eipnn_dataset_append(result, &configuration, energy[0], (const double(*)[3])forces, virial);
  free(forces);
  return status;
}

static eipnn_status predict_all(eipnn_calculator *calculator, const eipnn_model *model,
                                const eipnn_dataset *dataset, const double *predicted,
                                eipnn_dataset *result)
{
  double *energy = eipnn_calloc((size_t)eipnn_model_head_count(model), sizeof *energy);
  if (!energy) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for energies");
  eipnn_status status = EIPNN_OK;
  for (size_t k = 0; k < eipnn_dataset_count(dataset) && status == EIPNN_OK; k++)
    if (isfinite(predicted[k]))
      status = append_prediction(calculator, model, dataset, k, energy, result);
  free(energy);
  return status;
}

eipnn_status cli_write_predicted_forces(const char *path, const eipnn_dataset *dataset,
                                        const eipnn_model *model,
                                        const eipnn_calculator_options *options,
                                        const double *predicted)
{
  eipnn_calculator *calculator = NULL;
  eipnn_dataset *result = NULL;
  eipnn_status status = eipnn_dataset_create(&result);
  if (status == EIPNN_OK) status = eipnn_calculator_create(model, options, &calculator);
  if (status == EIPNN_OK) status = predict_all(calculator, model, dataset, predicted, result);
  if (status == EIPNN_OK) status = cli_write_file(result, path);
  eipnn_calculator_free(&calculator);
  eipnn_dataset_free(&result);
  return status;
}
