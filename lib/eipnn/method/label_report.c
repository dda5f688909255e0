/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/memory.h"
#include "method/category.h"
#include "method/eip_energies.h"

#include <eipnn/augmentation.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS = EIPNN_AUGMENTATION_GROUPS };

/* What a report is counted from. */
typedef struct source {
  const eipnn_dataset *dataset;
  const eipnn_augmentation *augmentation; /* NULL: no labels */
  int neips;
  double limit;
  const double *energy, *probability;
  int *category;              /* [n] */
  size_t *members;            /* [neips+1] of each true class */
  double best_sum, label_sum; /* eV/atom */
  double group_sum[GROUPS];   /* eV/atom */
  size_t group_labelled[GROUPS];
} source;

static int probability_group(double probability)
{
  const int group = (int)(GROUPS * probability);
  return group < 0 ? 0 : group >= GROUPS ? GROUPS - 1 : group;
}

static void count_label(source *from, size_t index, double dft, int natoms, int group,
                        eipnn_augmentation_report *report)
{
  if (!from->augmentation || !isfinite(from->augmentation->energy[index])) return;
  const double error = fabs(from->augmentation->energy[index] - dft) / natoms;
  report->labelled++;
  report->outliers += error > from->limit;
  from->label_sum += error;
  if (group < 0) return;
  from->group_sum[group] += error;
  from->group_labelled[group]++;
}

static void count_configuration(source *from, size_t index, eipnn_augmentation_report *report)
{
  const size_t neips = (size_t)from->neips;
  const double *energy = from->energy + index * neips;
  const double *probability = from->probability + index * (neips + 1);
  const double dft = eipnn_dataset_labels(from->dataset, "dft")->energy[index];
  const int natoms = eipnn_dataset_natoms(from->dataset, index);
  const int likeliest = eipnn_augmentation_likeliest(from->neips, energy, probability);
  const int correct = likeliest == from->category[index];
  const int group = likeliest < 0 ? -1 : probability_group(probability[likeliest]);
  report->configurations++;
  report->correct += (size_t)correct;
  if (group >= 0) report->group_count[group]++;
  if (group >= 0) report->group_correct[group] += (size_t)correct;
  from->members[from->category[index]]++;
  from->best_sum += fabs(energy[eipnn_best_eip(from->neips, energy, dft)] - dft) / natoms;
  count_label(from, index, dft, natoms, group, report);
}

static double mean(double sum, size_t count)
{
  return count ? sum / (double)count : NAN;
}

static eipnn_status count_all(source *from, const uint8_t *roles, int role,
                              eipnn_augmentation_report *report)
{
  const size_t n = eipnn_dataset_count(from->dataset);
  from->category = eipnn_calloc(n, sizeof *from->category);
  from->members = eipnn_calloc((size_t)from->neips + 1, sizeof *from->members);
  if (!from->category || !from->members)
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to assess %zu configurations", n);
  EIPNN_TRY(eipnn_augmentation_classes(from->dataset, from->neips, from->energy, from->limit,
                                       from->category));
  for (size_t k = 0; k < n; k++)
    if (roles[k] == role && from->category[k] >= 0) count_configuration(from, k, report);
  for (int k = 0; k <= from->neips; k++)
    if (from->members[k] > report->majority) report->majority = from->members[k];
  report->label_mae = mean(from->label_sum, report->labelled);
  report->best_mae = mean(from->best_sum, report->configurations);
  for (int g = 0; g < GROUPS; g++)
    report->group_mae[g] = mean(from->group_sum[g], from->group_labelled[g]);
  return EIPNN_OK;
}

eipnn_status eipnn_augmentation_assess(const eipnn_dataset *dataset, const char *split, int role,
                                       int neips, const double *energy, const double *probability,
                                       double limit, const eipnn_augmentation *augmentation,
                                       eipnn_augmentation_report *report)
{
  const uint8_t *roles = split ? eipnn_dataset_split(dataset, split) : NULL;
  source from = {.dataset = dataset,
                 .augmentation = augmentation,
                 .neips = neips,
                 .limit = limit,
                 .energy = energy,
                 .probability = probability};
  memset(report, 0, sizeof *report);
  if (!roles)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "the dataset has no split '%s'", split ? split : "");
  eipnn_status status = count_all(&from, roles, role, report);
  free(from.category);
  free(from.members);
  return status;
}
