/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "cli/numeric_table.h"
#include "cli/plot.h"

#include <math.h>

static const struct {
  const char *column, *axis;
  double factor;
} quantities[] = {
    [QUANTITY_MAE] = {"validation_mae", "validation MAE (eV/configuration)", 1},
    [QUANTITY_ATOM_MAE] = {"validation_atom_mae", "validation MAE (meV/atom)", 1000},
    [QUANTITY_LOSS] = {"loss", "training loss", 1},
    [QUANTITY_RATE] = {"lr", "learning rate", 1},
};

/* Smallest and largest value of all files. */
typedef struct curve_range {
  double lowest, highest;
} curve_range;

/* Rows of step and value, then the lowest of them as a block of its own: where the
   weights are those that were kept. */
static void write_rows(cli_figure *figure, int index, const cli_table *table, int step, int value,
                       double factor, curve_range *range)
{
  double best[2] = {NAN, INFINITY};
  fprintf(figure->script, "$data%d << END\n", index);
  for (size_t row = 0; row < table->rows; row++) {
    double x = cli_table_at(table, row, step), y = factor * cli_table_at(table, row, value);
    if (!isfinite(y) || y <= 0) continue;
    fprintf(figure->script, "%.10g %.8g\n", x, y);
    range->lowest = fmin(range->lowest, y);
    range->highest = fmax(range->highest, y);
    if (y < best[1]) {
      best[0] = x;
      best[1] = y;
    }
  }
  fprintf(figure->script, "END\n$best%d << END\n%.10g %.8g\nEND\n", index, best[0], best[1]);
}

/* The data of one file. */
static eipnn_status write_block(cli_figure *figure, int index, const char *path, int quantity,
                                curve_range *range)
{
  cli_table table;
  int step, value;
  EIPNN_TRY(cli_table_read_csv(&table, path));
  eipnn_status status = cli_table_need(&table, path, "step", &step);
  if (status == EIPNN_OK)
    status = cli_table_need(&table, path, quantities[quantity].column, &value);
  if (status == EIPNN_OK)
    write_rows(figure, index, &table, step, value, quantities[quantity].factor, range);
  cli_table_free(&table);
  return status;
}

/* Logarithmic axis with as many labels as its length can bear. */
static void write_axis(cli_figure *figure, const curve_range *range)
{
  static const double few[] = {1}, some[] = {1, 2, 5}, many[] = {1, 1.5, 2, 3, 4, 5, 6, 8};
  double decades = log10(range->highest / range->lowest);
  const double *step = decades > 3 ? few : decades > 1 ? some : many;
  int steps = decades > 3 ? 1 : decades > 1 ? 3 : 8;
  double first = floor(log10(range->lowest)), last = ceil(log10(range->highest));
  fprintf(figure->script, "set logscale y\nset yrange [%.6g:%.6g]\nset ytics (",
          range->lowest / 1.15, range->highest * 1.3);
  for (double decade = first; decade <= last; decade++)
    for (int k = 0; k < steps; k++)
      fprintf(figure->script, "%s%.3g", decade > first || k ? ", " : "", step[k] * pow(10, decade));
  fputs(")\n", figure->script);
}

static void write_plot(cli_figure *figure, const plot_values *values, int count,
                       const char *const *path)
{
  int validation = values->quantity == QUANTITY_MAE || values->quantity == QUANTITY_ATOM_MAE;
  fputs("set title ", figure->script);
  cli_figure_quote(figure, values->title ? values->title : "Learning curves");
  fprintf(figure->script,
          " noenhanced\nset xlabel 'optimiser step'\nset ylabel '%s'\n"
          "set key top right\nplot ",
          quantities[values->quantity].axis);
  for (int k = 0; k < count; k++) {
    char label[128];
    cli_plot_label(values, k, path[k], label, sizeof label);
    fprintf(figure->script, "%s$data%d using 1:2 with lines linetype %d linewidth 1.5 title ",
            k ? ", \\\n  " : "", k, k + 1);
    cli_figure_quote(figure, label);
    if (validation)
      fprintf(figure->script, ", $best%d using 1:2 with points linetype %d pointsize 1 notitle", k,
              k + 1);
  }
  if (validation)
    fputs(", keyentry with points pointtype 7 linecolor rgb '#808080' title 'weights kept'",
          figure->script);
  fputc('\n', figure->script);
}

eipnn_status cli_plot_curves(const plot_values *values, int count, const char *const *path)
{
  cli_figure figure;
  EIPNN_TRY(cli_figure_begin(&figure, values->out, 900, 560));
  curve_range range = {INFINITY, -INFINITY};
  eipnn_status status = EIPNN_OK;
  for (int k = 0; k < count && status == EIPNN_OK; k++)
    status = write_block(&figure, k, path[k], values->quantity, &range);
  if (status == EIPNN_OK && !(range.lowest <= range.highest))
    status = eipnn_error(EIPNN_ERROR_FORMAT, "%s holds no positive values to draw", path[0]);
  if (status != EIPNN_OK) {
    cli_figure_discard(&figure);
    return status;
  }
  write_axis(&figure, &range);
  write_plot(&figure, values, count, path);
  return cli_figure_finish(&figure, values->out, values->keep);
}
