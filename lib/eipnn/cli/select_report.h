/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CLI_SELECT_REPORT_H
#define EIPNN_CLI_SELECT_REPORT_H

#include "cli/label_choice.h"

/* What `eipnn select` tells about. */
typedef struct cli_selection {
  const eipnn_dataset *dataset;
  const cli_label_sets *sets;
  const uint8_t *role; /* [n] EIPNN_ROLE_POOL: selected */
  const cli_labelling *labelling;
  double error_limit;
  eipnn_augmentation_report report;
} cli_selection;

enum { CLI_OUTLIER_LIMITS = 3 };
extern const double cli_outlier_limits[CLI_OUTLIER_LIMITS]; /* eV/atom, the paper's Table 6 */

/* Chosen labels further than limit (eV/atom) from DFT. */
size_t cli_count_outliers(const cli_selection *selection, double limit);

void cli_print_selection(const cli_context *context, const cli_selection *selection);
void cli_print_selection_json(const cli_context *context, const cli_selection *selection);

/* One row per selected configuration:
   index,tag,natoms,dft,class,probability,label,error,best,error_<EIP>,...
   dft, label, best (the truly best EIP's): eV; errors: eV/atom, label minus DFT; empty where not
   known. */
eipnn_status cli_write_selection(const char *path, const cli_selection *selection);

#endif
