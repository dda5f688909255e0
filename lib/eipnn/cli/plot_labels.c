/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "cli/numeric_table.h"
#include "cli/plot.h"

#include <math.h>
#include <string.h>

/* Half the width of the picture and width of the kernel, eV/atom. */
static const double range = 0.6, bandwidth = 0.01;

/* One data block of the finite errors of a column; returns how many, their mean size in *mae. */
static size_t write_block(cli_figure *figure, const cli_table *table, int column, int block,
                          double *mae)
{
  size_t count = 0;
  *mae = 0;
  fprintf(figure->script, "$data%d << END\n", block);
  for (size_t row = 0; row < table->rows; row++) {
    double error = cli_table_at(table, row, column);
    if (!isfinite(error)) continue;
    fprintf(figure->script, "%.6g\n", error);
    *mae += fabs(error);
    count++;
  }
  fputs("END\n", figure->script);
  *mae /= (double)count;
  return count;
}

/* One curve: its density over the error, with the mean absolute error in the legend. */
static void write_curve(cli_figure *figure, int block, size_t count, double mae, const char *label)
{
  fprintf(figure->script,
          "count%d = %zu.0\nmae%d = %.6g\n"
          "label%d = ",
          block, count, block, 1000 * mae, block);
  cli_figure_quote(figure, label);
  fputc('\n', figure->script);
}

/* The chosen labels of a table and, where it is the only one, those of every EIP. */
static eipnn_status write_table(cli_figure *figure, const char *path, const char *label, int eips,
                                int *blocks)
{
  cli_table table;
  int chosen;
  EIPNN_TRY(cli_table_read_csv(&table, path));
  eipnn_status status = cli_table_need(&table, path, "error", &chosen);
  for (int k = 0; k < table.columns && status == EIPNN_OK; k++) {
    int eip = eips && !strncmp(table.name[k], "error_", strlen("error_"));
    double mae;
    if (k != chosen && !eip) continue;
    size_t count = write_block(figure, &table, k, *blocks, &mae);
    if (!count) continue; /* the block's number is used again */
    write_curve(figure, (*blocks)++, count, mae, eip ? table.name[k] + strlen("error_") : label);
  }
  cli_table_free(&table);
  return status;
}

static void write_plot(cli_figure *figure, const plot_values *values, int blocks)
{
  fputs("set title ", figure->script);
  cli_figure_quote(figure, values->title ? values->title : "Labels of EIPs against DFT");
  fprintf(figure->script,
          " noenhanced\nset xlabel 'label minus DFT (eV/atom)'\nset ylabel 'density (atom/eV)'\n"
          "set xrange [%g:%g]\nset samples 601\nset key top left\nplot",
          -range, range);
  for (int k = 0; k < blocks; k++)
    fprintf(
        figure->script,
        "%s \\\n  $data%d using 1:(1/count%d) smooth kdensity bandwidth %g with lines linewidth "
        "%d title sprintf('%%s (MAE %%.1f meV/atom)', label%d, mae%d) noenhanced",
        k ? "," : "", k, k, bandwidth, k ? 1 : 3, k, k);
  fputc('\n', figure->script);
}

eipnn_status cli_plot_labels(const plot_values *values, int count, const char *const *path)
{
  cli_figure figure;
  int blocks = 0;
  EIPNN_TRY(cli_figure_begin(&figure, values->out, 800, 500));
  eipnn_status status = EIPNN_OK;
  for (int k = 0; k < count && status == EIPNN_OK; k++) {
    char label[128] = "chosen";
    if (count > 1 || values->labels) cli_plot_label(values, k, path[k], label, sizeof label);
    status = write_table(&figure, path[k], label, count == 1, &blocks);
  }
  if (status == EIPNN_OK && !blocks)
    status = eipnn_error(EIPNN_ERROR_FORMAT,
                         "%s holds no label with a DFT energy: make the table of a part "
                         "that has some, `eipnn select ... --role test --csv FILE.csv`",
                         path[0]);
  if (status != EIPNN_OK) {
    cli_figure_discard(&figure);
    return status;
  }
  write_plot(&figure, values, blocks);
  return cli_figure_finish(&figure, values->out, values->keep);
}
