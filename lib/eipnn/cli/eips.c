/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/error.h"
#include "base/memory.h"
#include "cli/command.h"
#include "cli/eip_trial.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/text_output.h"

#include <eipnn/eip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SPECIES = 16 };

typedef struct eips_values {
  const char *species, *out;
  double timeout;
} eips_values;

#define FIELD(name) offsetof(eips_values, name)
static const cli_option options[] = {
    {"species", CLI_TEXT, FIELD(species), "Si[,Ag,...]", "elements that every EIP must cover",
     CLI_ANY},
    {"out", CLI_TEXT, FIELD(out), "LIST.json", "the EIP list; standard output without it", CLI_ANY},
    {"timeout", CLI_REAL, FIELD(timeout), "SECONDS", "an EIP that takes longer is left out",
     CLI_POSITIVE},
};
static const cli_group groups[] = {{"options", options, sizeof options / sizeof options[0], 0}};

static void defaults(void *values)
{
  ((eips_values *)values)->timeout = 30;
}

/* Atomic numbers of "Si,Ag"; an exit code. */
static int parse_species(const char *text, int *count, int species[MOST_SPECIES])
{
  for (*count = 0; *text; text += *text == ',') {
    char symbol[8] = "";
    size_t length = strcspn(text, ",");
    if (*count == MOST_SPECIES)
      return cli_usage_error("--species takes at most %d elements", MOST_SPECIES);
    snprintf(symbol, sizeof symbol, "%.*s", length < sizeof symbol ? (int)length : 7, text);
    int number = eipnn_element_number(symbol);
    if (!number) return cli_usage_error("--species: \"%s\" is not a chemical symbol", symbol);
    for (int s = 0; s < *count; s++)
      if (species[s] == number) return cli_usage_error("--species: %s is given twice", symbol);
    species[(*count)++] = number;
    text += length;
  }
  return CLI_GOOD;
}

/* Keeps the usable ones, in order. */
static void try_all(const cli_context *context, double timeout, eipnn_eip_list *list)
{
  cli_progress progress;
  int kept = 0, broken = 0;
  cli_progress_begin(&progress);
  for (int i = 0; i < list->count && !cli_interrupted(); i++) {
    char reason[400];
    cli_progress_line(&progress, 0, "trying EIP %d of %d, %d usable: %s", i + 1, list->count, kept,
                      list->entry[i].model);
    cli_verdict verdict = cli_try_eip(&list->entry[i], timeout, reason, sizeof reason);
    if (verdict == CLI_EIP_USABLE) list->entry[kept++] = list->entry[i];
    if (verdict != CLI_EIP_BROKEN) continue;
    broken++;
    cli_progress_end(&progress);
    cli_warn(context, "left out: %s: %s", list->entry[i].model, reason);
  }
  cli_progress_end(&progress);
  cli_warn(context, "%d usable EIPs, %d left out, of %d installed models", kept, broken,
           list->count);
  list->count = kept;
}

static eipnn_status print_text(FILE *file, const void *text)
{
  fputs(text, file);
  return EIPNN_OK;
}

static eipnn_status write_list(const eipnn_eip_list *list, const char *path)
{
  char *text;
  EIPNN_TRY(eipnn_eip_list_text(list, &text));
  eipnn_status status = path ? cli_write_text(path, print_text, text) : print_text(stdout, text);
  free(text);
  return status;
}

static int run(const cli_context *context, void *values)
{
  const eips_values *given = values;
  int count, species[MOST_SPECIES];
  eipnn_eip_list *list;
  if (!given->species) return cli_usage_error("--species Si[,Ag,...] is required");
  int code = parse_species(given->species, &count, species);
  if (code != CLI_GOOD) return code;
  code = cli_code(eipnn_eip_list_installed("kim", count, species, &list));
  if (code != CLI_GOOD) return code;
  cli_interrupt_watch();
  try_all(context, given->timeout, list);
  if (cli_interrupted())
    code = cli_failure("stopped by a signal; no list was written");
  else if (list->count == 0)
    code = cli_failure("no installed KIM model covers %s; Debian's openkim-models holds the "
                       "collection of openkim.org",
                       given->species);
  else
    code = cli_code(write_list(list, given->out));
  eipnn_eip_list_free(&list);
  return code;
}

const cli_command cli_eips = {
    .name = "eips",
    .summary = "list the installed empirical potentials for some elements",
    .usage = "--species Si[,Ag,...] [--out LIST.json]",
    .details =
        "Finds every portable model of the KIM collections on this machine that covers all the "
        "elements and writes them as an EIP list for `eipnn label`. Each one is first tried "
        "on small crystals in a process of its own: models that crash, hang, end the process, "
        "bind nothing or whose forces are not the derivative of their energy are left out, "
        "with a line that says why.",
    .example = "  eipnn eips --species Si --out silicon-eips.json\n"
               "  eipnn label silicon.h5 --eips silicon-eips.json",
    .values_size = sizeof(eips_values),
    .groups = groups,
    .group_count = 1,
    .defaults = defaults,
    .minimum_arguments = 0,
    .maximum_arguments = 0,
    .every_rank = 0,
    .run = run,
};
