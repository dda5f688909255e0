/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "cli/select_report.h"
#include "cli/text_output.h"

#include <math.h>

/* A field, empty where the number is not known. */
static void print_field(FILE *file, double value)
{
  if (isfinite(value))
    fprintf(file, ",%.10g", value);
  else
    fputc(',', file);
}

static void print_header(FILE *file, const cli_selection *selection)
{
  fputs("index,tag,natoms,dft,class,probability,label,error,best", file);
  for (int eip = 0; eip < selection->sets->count; eip++)
    fprintf(file, ",error_%s", cli_eip_name(selection->sets->name[eip]));
  fputc('\n', file);
}

/* Energy of the EIP nearest to DFT; NaN where DFT is not known. */
static double best_energy(const double *energy, int count, double dft)
{
  double best = NAN;
  for (int eip = 0; eip < count; eip++)
    if (isfinite(energy[eip] - dft) && !(fabs(best - dft) <= fabs(energy[eip] - dft)))
      best = energy[eip];
  return best;
}

static eipnn_status print_row(FILE *file, const cli_selection *selection, size_t k)
{
  const cli_labelling *labelling = selection->labelling;
  int count = selection->sets->count, class = cli_likeliest(labelling, k);
  const double *energy = labelling->energy + k * (size_t)count;
  double dft = eipnn_dataset_labels(selection->dataset, "dft")->energy[k];
  double label = labelling->chosen.energy[k];
  eipnn_configuration configuration;
  EIPNN_TRY(eipnn_dataset_get(selection->dataset, k, &configuration));
  fprintf(file, "%zu,", k);
  cli_print_tag(file, configuration.tag);
  fprintf(file, ",%d", configuration.natoms);
  print_field(file, dft);
  fprintf(file, ",%s", class < count ? cli_eip_name(selection->sets->name[class]) : "none");
  print_field(file, labelling->probability[k * ((size_t)count + 1) + (size_t) class]);
  print_field(file, label);
  print_field(file, (label - dft) / configuration.natoms);
  print_field(file, best_energy(energy, count, dft));
  for (int eip = 0; eip < count; eip++)
    print_field(file, (energy[eip] - dft) / configuration.natoms);
  fputc('\n', file);
  return EIPNN_OK;
}

static eipnn_status print_rows(FILE *file, const void *data)
{
  const cli_selection *selection = data;
  print_header(file, selection);
  for (size_t k = 0; k < selection->labelling->chosen.count; k++)
    if (selection->role[k] == EIPNN_ROLE_POOL) EIPNN_TRY(print_row(file, selection, k));
  return EIPNN_OK;
}

eipnn_status cli_write_selection(const char *path, const cli_selection *selection)
{
  return cli_write_text(path, print_rows, selection);
}
