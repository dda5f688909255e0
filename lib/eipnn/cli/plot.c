/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/plot.h"

#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#define FIELD(name) offsetof(plot_values, name)
static const cli_option options[] = {
    {"out", CLI_TEXT, FIELD(out), "FILE", "the picture, .svg or .png (required)", CLI_ANY},
    {"title", CLI_TEXT, FIELD(title), "TEXT", "above the picture", CLI_ANY},
    {"labels", CLI_TEXT, FIELD(labels), "A,B,...", "legend, instead of the files' names", CLI_ANY},
    {"quantity", CLI_CHOICE, FIELD(quantity), "mae|atom-mae|loss|lr",
     "curves: what is drawn over the steps", CLI_ANY},
    {"run", CLI_INTEGER, FIELD(run), "N", "md: only the N-th run of the log; 0: all, -1: the last",
     -1, 1e6},
    {"keep", CLI_FLAG, FIELD(keep), "", "keep the gnuplot script with the data, FILE.gnuplot",
     CLI_ANY},
};
static const cli_group groups[] = {{"options", options, sizeof options / sizeof options[0], 0}};

static const struct {
  const char *name;
  eipnn_status (*draw)(const plot_values *values, int count, const char *const *path);
  int maximum; /* files; 0: any number */
} kinds[] = {{"curves", cli_plot_curves, 0},
             {"parity", cli_plot_parity, 0},
             {"labels", cli_plot_labels, 0},
             {"md", cli_plot_md, 1}};

void cli_plot_label(const plot_values *values, int index, const char *path, char *label,
                    size_t size)
{
  const char *word = values->labels;
  for (; word && index > 0; index--) {
    word = strchr(word, ',');
    if (word) word++;
  }
  if (word)
    snprintf(label, size, "%.*s", (int)strcspn(word, ","), word);
  else
    cli_figure_label(path, label, size);
}

static int run(const cli_context *context, void *values)
{
  const plot_values *plot = values;
  const char *const *argument = context->parsed->argument;
  int files = context->parsed->argument_count - 1;
  if (!plot->out) return cli_usage_error("--out FILE.svg or FILE.png is required");
  for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
    if (!strcmp(argument[0], kinds[k].name)) {
      if (kinds[k].maximum && files > kinds[k].maximum)
        return cli_usage_error("eipnn plot %s draws one file, not %d", argument[0], files);
      eipnn_status status = kinds[k].draw(plot, files, argument + 1);
      if (status == EIPNN_OK) cli_print(context, "wrote %s\n", plot->out);
      return cli_code(status);
    }
  return cli_usage_error("eipnn plot draws curves, parity, labels and md, not \"%s\"", argument[0]);
}

const cli_command cli_plot = {
    .name = "plot",
    .summary = "learning curves, parity and MD energy as SVG or PNG",
    .usage = "curves|parity|labels|md FILE [FILE ...] --out FILE.svg [options]",
    .details = "curves: logs of `eipnn train --log`. parity: predictions of `eipnn test "
               "--predictions`. labels: errors of the chosen labels, and with one file of every "
               "EIP, of `eipnn select --csv`. md: energy and temperature of a LAMMPS log (thermo "
               "columns TotEng, "
               "PotEng, Temp over Time or Step). The program gnuplot draws.",
    .example =
        "  eipnn plot curves dft.csv mp.csv --labels \"DFT only,pretrained\" --out curves.svg\n"
        "  eipnn plot parity mp-test.csv --out parity.png\n"
        "  eipnn plot labels labels.csv --out labels.svg\n"
        "  eipnn plot md log.lammps --out md.svg",
    .values_size = sizeof(plot_values),
    .groups = groups,
    .group_count = 1,
    .minimum_arguments = 2,
    .maximum_arguments = -1,
    .run = run,
};
