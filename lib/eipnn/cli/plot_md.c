/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "cli/numeric_table.h"
#include "cli/plot.h"

#include <math.h>

/* Columns of a LAMMPS log that the figure uses; -1: not there. */
typedef struct md_columns {
  int run, atoms, time, total, potential, temperature;
  int by_time;  /* the axis is "Time", else "Step" */
  int per_atom; /* energies are divided by the number of atoms */
} md_columns;

static eipnn_status find_columns(const cli_table *table, const char *path, md_columns *columns)
{
  columns->run = cli_table_column(table, "run");
  columns->atoms = cli_table_column(table, "atoms");
  columns->time = cli_table_column(table, "Time");
  columns->by_time = columns->time >= 0;
  if (!columns->by_time) EIPNN_TRY(cli_table_need(table, path, "Step", &columns->time));
  EIPNN_TRY(cli_table_need(table, path, "TotEng", &columns->total));
  columns->potential = cli_table_column(table, "PotEng");
  columns->temperature = cli_table_column(table, "Temp");
  columns->per_atom = isfinite(cli_table_at(table, 0, columns->atoms));
  return EIPNN_OK;
}

static double optional(const cli_table *table, size_t row, int column)
{
  return column < 0 ? NAN : cli_table_at(table, row, column);
}

/* Rows of time, total and potential energy, temperature, total energy less that at the start of
   its run (1/1000). An empty line between runs; a run whose time begins anew follows the one
   before it. */
static void write_block(cli_figure *figure, const cli_table *table, const md_columns *columns)
{
  double offset = 0, start = 0, time = -INFINITY;
  fputs("$data << END\n", figure->script);
  for (size_t row = 0; row < table->rows; row++) {
    double atoms = columns->per_atom ? cli_table_at(table, row, columns->atoms) : 1;
    double total = cli_table_at(table, row, columns->total) / atoms;
    double own = cli_table_at(table, row, columns->time);
    int first = row == 0 || cli_table_at(table, row, columns->run) !=
                                cli_table_at(table, row - 1, columns->run);
    if (first) {
      if (row) fputc('\n', figure->script);
      if (own + offset < time) offset = time - own;
      start = total;
    }
    time = own + offset;
    fprintf(figure->script, "%.10g %.10g %.10g %.10g %.10g\n", time, total,
            optional(table, row, columns->potential) / atoms,
            optional(table, row, columns->temperature), 1000 * (total - start));
  }
  fputs("END\n", figure->script);
}

/* One of the panels that lie above each other; only the lowest has a time axis. */
static void begin_panel(cli_figure *figure, const md_columns *columns, int lowest,
                        const char *quantity, const char *unit)
{
  fprintf(figure->script, "set ylabel '%s (%s%s)'\nset format x '%s'\n", quantity, unit,
          columns->per_atom && unit[0] != 'K' ? "/atom" : "", lowest ? "%g" : "");
  if (lowest) fprintf(figure->script, "set xlabel '%s'\n", columns->by_time ? "time (ps)" : "step");
}

/* Energies, change of the total energy in the last run, temperature over one time axis. */
static void write_plot(cli_figure *figure, const plot_values *values, const cli_table *table,
                       const md_columns *columns)
{
  int temperature = columns->temperature >= 0;
  int last = (int)(cli_table_at(table, table->rows - 1, columns->run) -
                   cli_table_at(table, 0, columns->run));
  fprintf(figure->script,
          "set multiplot layout %d,1 margins 0.13,0.97,0.09,0.93 spacing 0,0.04\n"
          "stats $data using 1 nooutput\nset xrange [STATS_min:STATS_max]\n"
          "set key at screen 0.97,0.985 right top horizontal\nset title ",
          temperature ? 3 : 2);
  cli_figure_quote(figure, values->title ? values->title : "Molecular dynamics");
  fputs(" noenhanced\n", figure->script);
  begin_panel(figure, columns, 0, "energy", "eV");
  fputs("plot $data using 1:2 with lines linetype 1 title 'total'", figure->script);
  if (columns->potential >= 0)
    fputs(", $data using 1:3 with lines linetype 6 linewidth 1 title 'potential'", figure->script);
  fputs("\nunset title\n", figure->script);
  begin_panel(figure, columns, !temperature, "change in last run", "meV");
  fprintf(figure->script, "plot $data every :::%d using 1:5 with lines linetype 1 notitle\n", last);
  if (temperature) {
    begin_panel(figure, columns, 1, "temperature", "K");
    fputs("plot $data using 1:4 with lines linetype 2 linewidth 1 notitle\n", figure->script);
  }
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
  if (status == EIPNN_OK) status = cli_figure_begin(&figure, values->out, 900, 760);
  if (status == EIPNN_OK) {
    write_block(&figure, &table, &columns);
    write_plot(&figure, values, &table, &columns);
    status = cli_figure_finish(&figure, values->out, values->keep);
  }
  cli_table_free(&table);
  return status;
}
