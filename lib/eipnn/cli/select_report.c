/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/select_report.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

const double cli_outlier_limits[CLI_OUTLIER_LIMITS] = {0.1, 0.2, 0.3};
enum { GROUPS = EIPNN_AUGMENTATION_GROUPS };

static double per_atom(const cli_selection *selection, size_t k, double energy)
{
  return energy / eipnn_dataset_natoms(selection->dataset, k);
}

size_t cli_count_outliers(const cli_selection *selection, double limit)
{
  const eipnn_labels *dft = eipnn_dataset_labels(selection->dataset, "dft");
  const eipnn_augmentation *chosen = &selection->labelling->chosen;
  size_t outliers = 0;
  for (size_t k = 0; k < chosen->count; k++)
    outliers += fabs(per_atom(selection, k, chosen->energy[k] - dft->energy[k])) > limit;
  return outliers;
}

/* Selected configurations whose likeliest class it is. */
static size_t count_class(const cli_selection *selection, int class)
{
  size_t members = 0;
  for (size_t k = 0; k < selection->labelling->chosen.count; k++)
    members +=
        selection->role[k] == EIPNN_ROLE_POOL && cli_likeliest(selection->labelling, k) == class;
  return members;
}

static const char *class_name(const cli_selection *selection, int class)
{
  return class < selection->sets->count ? cli_eip_name(selection->sets->name[class]) : "none";
}

static size_t count_selected(const cli_selection *selection)
{
  size_t selected = 0;
  for (size_t k = 0; k < selection->labelling->chosen.count; k++)
    selected += selection->role[k] == EIPNN_ROLE_POOL;
  return selected;
}

static void print_groups(const cli_context *context, const eipnn_augmentation_report *report)
{
  cli_print(context, "\n%-12s %15s %10s %12s\n", "probability", "configurations", "right, %",
            "MAE, meV/atom");
  for (int group = 0; group < GROUPS; group++) {
    size_t count = report->group_count[group];
    if (!count) continue;
    cli_print(context, "%.1f to %.1f   %15zu %10.1f", 0.1 * group, 0.1 * (group + 1), count,
              100.0 * (double)report->group_correct[group] / (double)count);
    if (isfinite(report->group_mae[group]))
      cli_print(context, " %12.1f\n", 1000 * report->group_mae[group]);
    else
      cli_print(context, " %12s\n", "-");
  }
}

static void print_against_dft(const cli_context *context, const cli_selection *selection)
{
  const eipnn_augmentation_report *report = &selection->report;
  double all = (double)report->configurations;
  cli_print(context, "\nagainst DFT, known for %zu of them:\n", report->configurations);
  cli_print(context, "  class right               %.1f %% (commonest class: %.1f %%)\n",
            100 * (double)report->correct / all, 100 * (double)report->majority / all);
  if (report->labelled)
    cli_print(context, "  chosen labels             MAE %.1f meV/atom over %zu\n",
              1000 * report->label_mae, report->labelled);
  cli_print(context, "  truly best EIP            MAE %.1f meV/atom\n", 1000 * report->best_mae);
  for (int k = 0; k < CLI_OUTLIER_LIMITS; k++)
    cli_print(context, "  off by over %.1f eV/atom   %zu\n", cli_outlier_limits[k],
              cli_count_outliers(selection, cli_outlier_limits[k]));
  print_groups(context, report);
}

void cli_print_selection(const cli_context *context, const cli_selection *selection)
{
  size_t selected = count_selected(selection);
  cli_print(context, "%zu configurations, labels chosen for %zu\n\n", selected,
            selection->labelling->chosen.selected);
  cli_print(context, "%-28s %15s\n", "likeliest class", "configurations");
  for (int class = 0; class <= selection->sets->count; class ++)
    cli_print(context, "%-28s %15zu\n", class_name(selection, class),
              count_class(selection, class));
  if (selection->report.configurations) print_against_dft(context, selection);
}

static json_t *number(double value)
{
  return isfinite(value) ? json_real(value) : json_null();
}

static json_t *groups_json(const eipnn_augmentation_report *report)
{
  json_t *groups = json_array();
  for (int group = 0; group < GROUPS; group++)
    json_array_append_new(groups,
                          json_pack("{s:f,s:I,s:I,s:o}", "from", 0.1 * group, "configurations",
                                    (json_int_t)report->group_count[group], "correct",
                                    (json_int_t)report->group_correct[group], "label_mae",
                                    number(report->group_mae[group])));
  return groups;
}

static json_t *classes_json(const cli_selection *selection)
{
  json_t *classes = json_object();
  for (int class = 0; class <= selection->sets->count; class ++)
    json_object_set_new(classes, class_name(selection, class),
                        json_integer((json_int_t)count_class(selection, class)));
  return classes;
}

void cli_print_selection_json(const cli_context *context, const cli_selection *selection)
{
  const eipnn_augmentation_report *report = &selection->report;
  double all = (double)report->configurations;
  json_t *object = json_pack(
      "{s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:f,s:o,s:o}", "selected",
      (json_int_t)count_selected(selection), "configurations", (json_int_t)report->configurations,
      "labelled", (json_int_t)selection->labelling->chosen.selected, "accuracy",
      number((double)report->correct / all), "majority", number((double)report->majority / all),
      "label_mae", number(report->label_mae), "best_mae", number(report->best_mae), "error_limit",
      selection->error_limit, "classes", classes_json(selection), "groups", groups_json(report));
  for (int k = 0; object && k < CLI_OUTLIER_LIMITS; k++) {
    char key[32];
    snprintf(key, sizeof key, "outliers_%.1f", cli_outlier_limits[k]);
    json_object_set_new(
        object, key,
        json_integer((json_int_t)cli_count_outliers(selection, cli_outlier_limits[k])));
  }
  char *text = object ? json_dumps(object, JSON_INDENT(2)) : NULL;
  if (text) cli_print(context, "%s\n", text);
  free(text);
  json_decref(object);
}
