/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "cli/numeric_table.h"
#include "cli/plot.h"

#include <math.h>

/* Range of all energies, and the mean absolute error of each file. */
typedef struct parity_range {
  double lowest, highest;
} parity_range;

/* Data block of DFT and predicted energy per atom; *mae in eV/atom. */
static void write_rows(cli_figure *figure, const cli_table *table, int dft, int predicted,
                       parity_range *range, double *mae)
{
  size_t used = 0;
  *mae = 0;
  for (size_t row = 0; row < table->rows; row++) {
    double x = cli_table_at(table, row, dft), y = cli_table_at(table, row, predicted);
    if (!isfinite(x) || !isfinite(y)) continue;
    fprintf(figure->script, "%.8g %.8g\n", x, y);
    range->lowest = fmin(range->lowest, fmin(x, y));
    range->highest = fmax(range->highest, fmax(x, y));
    *mae += fabs(y - x);
    used++;
  }
  *mae /= (double)used;
}

static eipnn_status write_block(cli_figure *figure, int index, const char *path,
                                parity_range *range, double *mae)
{
  cli_table table;
  int dft, predicted;
  EIPNN_TRY(cli_table_read_csv(&table, path));
  eipnn_status status = cli_table_need(&table, path, "dft_per_atom", &dft);
  if (status == EIPNN_OK) status = cli_table_need(&table, path, "predicted_per_atom", &predicted);
  if (status == EIPNN_OK) {
    fprintf(figure->script, "$data%d << END\n", index);
    write_rows(figure, &table, dft, predicted, range, mae);
    fputs("END\n", figure->script);
    if (!isfinite(*mae))
      status =
          eipnn_error(EIPNN_ERROR_FORMAT, "%s holds no pair of DFT and predicted energies", path);
  }
  cli_table_free(&table);
  return status;
}

/* The key line carries the error of the file; stored in the script as variables. */
static void write_plot(cli_figure *figure, const plot_values *values, int count,
                       const char *const *path, const parity_range *range)
{
  double margin = 0.03 * (range->highest - range->lowest) + 1e-3;
  fputs("set title ", figure->script);
  cli_figure_quote(figure, values->title ? values->title : "Energy against DFT");
  fprintf(
      figure->script,
      " noenhanced\nset xlabel 'DFT energy (eV/atom)'\nset ylabel 'predicted energy (eV/atom)'\n"
      "set xrange [%.8g:%.8g]\nset yrange [%.8g:%.8g]\nset size square\nset key top left\n"
      "plot x with lines linecolor rgb '#808080' linewidth 1 notitle",
      range->lowest - margin, range->highest + margin, range->lowest - margin,
      range->highest + margin);
  for (int k = 0; k < count; k++) {
    char label[128];
    cli_plot_label(values, k, path[k], label, sizeof label);
    fprintf(figure->script,
            ", \\\n  $data%d using 1:2 with points linetype %d pointsize 0.45 title sprintf('%%s "
            "(MAE %%.1f meV/atom)', ",
            k, k + 1);
    cli_figure_quote(figure, label);
    fprintf(figure->script, ", mae%d)", k);
  }
  fputc('\n', figure->script);
}

eipnn_status cli_plot_parity(const plot_values *values, int count, const char *const *path)
{
  cli_figure figure;
  parity_range range = {INFINITY, -INFINITY};
  EIPNN_TRY(cli_figure_begin(&figure, values->out, 640, 640));
  eipnn_status status = EIPNN_OK;
  for (int k = 0; k < count && status == EIPNN_OK; k++) {
    double mae = NAN;
    status = write_block(&figure, k, path[k], &range, &mae);
    fprintf(figure.script, "mae%d = %.6g\n", k, 1000 * mae);
  }
  if (status != EIPNN_OK) {
    cli_figure_discard(&figure);
    return status;
  }
  write_plot(&figure, values, count, path, &range);
  return cli_figure_finish(&figure, values->out, values->keep);
}
