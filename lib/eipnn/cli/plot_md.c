/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "cli/numeric_table.h"
#include "cli/plot.h"

#include <math.h>

/* Columns of a LAMMPS log that the figure uses; -1: not there. */
typedef struct md_columns {
  int run, atoms, time, total, potential, temperature;
  int per_atom; /* energies are divided by the number of atoms */
} md_columns;

static eipnn_status find_columns(const cli_table *table, const char *path, md_columns *columns)
{
  columns->run = cli_table_column(table, "run");
  columns->atoms = cli_table_column(table, "atoms");
  columns->time = cli_table_column(table, "Time");
  if (columns->time < 0) EIPNN_TRY(cli_table_need(table, path, "Step", &columns->time));
  EIPNN_TRY(cli_table_need(table, path, "TotEng", &columns->total));
  columns->potential = cli_table_column(table, "PotEng");
  columns->temperature = cli_table_column(table, "Temp");
  columns->per_atom = isfinite(cli_table_at(table, 0, columns->atoms));
  return EIPNN_OK;
}

/* Rows of time, total energy, potential energy, temperature; an empty line between runs. */
static void write_block(cli_figure *figure, const cli_table *table, const md_columns *columns)
{
  fputs("$data << END\n", figure->script);
  for (size_t row = 0; row < table->rows; row++) {
    double atoms = columns->per_atom ? cli_table_at(table, row, columns->atoms) : 1;
    if (row && cli_table_at(table, row, columns->run) != cli_table_at(table, row - 1, columns->run))
      fputc('\n', figure->script);
    fprintf(figure->script, "%.10g %.10g", cli_table_at(table, row, columns->time),
            cli_table_at(table, row, columns->total) / atoms);
    fprintf(figure->script, " %.10g",
            columns->potential < 0 ? NAN : cli_table_at(table, row, columns->potential) / atoms);
    fprintf(figure->script, " %.10g\n",
            columns->temperature < 0 ? NAN : cli_table_at(table, row, columns->temperature));
  }
  fputs("END\n", figure->script);
}

/* Two panels over one time axis: energies, temperature. */
static void write_plot(cli_figure *figure, const plot_values *values, const cli_table *table,
                       const md_columns *columns)
{
  int by_time = cli_table_column(table, "Time") >= 0;
  fprintf(figure->script,
          "set multiplot layout %d,1 margins 0.13,0.97,0.12,0.92 spacing 0,0.06\n"
          "set title ",
          columns->temperature < 0 ? 1 : 2);
  cli_figure_quote(figure, values->title ? values->title : "Molecular dynamics");
  fprintf(figure->script, " noenhanced\nset ylabel 'energy (eV%s)'\nset key top right\n",
          columns->per_atom ? "/atom" : "");
  if (columns->temperature >= 0)
    fputs("set format x ''\n", figure->script);
  else
    fprintf(figure->script, "set xlabel '%s'\n", by_time ? "time (ps)" : "step");
  fputs("plot $data using 1:2 with lines linetype 1 title 'total'", figure->script);
  if (columns->potential >= 0)
    fputs(", $data using 1:3 with lines linetype 6 linewidth 1 title 'potential'", figure->script);
  fputc('\n', figure->script);
  if (columns->temperature >= 0)
    fprintf(figure->script,
            "unset title\nset format x '%%g'\nset xlabel '%s'\nset ylabel 'temperature (K)'\n"
            "plot $data using 1:4 with lines linetype 2 linewidth 1 notitle\n",
            by_time ? "time (ps)" : "step");
  fputs("unset multiplot\n", figure->script);
}

eipnn_status cli_plot_md(const plot_values *values, int count, const char *const *path)
{
  cli_figure figure;
  cli_table table;
  md_columns columns;
  (void)count;
  EIPNN_TRY(cli_table_read_log(&table, path[0], (int)values->run));
  eipnn_status status = find_columns(&table, path[0], &columns);
  if (status == EIPNN_OK) status = cli_figure_begin(&figure, values->out, 900, 640);
  if (status == EIPNN_OK) {
    write_block(&figure, &table, &columns);
    write_plot(&figure, values, &table, &columns);
    status = cli_figure_finish(&figure, values->out, values->keep);
  }
  cli_table_free(&table);
  return status;
}
