/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables that `eipnn plot` reads: CSV files and LAMMPS logs. */
#include "cli/numeric_table.h"
#include "fuzz/fuzz.h"

#include <string.h>

static int check(eipnn_status status, cli_table *table)
{
  fuzz_check_status(status);
  FUZZ_PROMISE(table->columns <= CLI_TABLE_COLUMNS);
  if (status == EIPNN_OK && table->rows > 0) {
    const volatile double last = cli_table_at(table, table->rows - 1, table->columns - 1);
    (void)last;
  }
  cli_table_free(table);
  return status == EIPNN_OK;
}

int fuzz_read(const char *path)
{
  cli_table table = {0};
  int accepted = check(cli_table_read_csv(&table, path), &table);
  for (int run = -1; run <= 1; run++) {
    table = (cli_table){0};
    accepted |= check(cli_table_read_log(&table, path, run), &table);
  }
  return accepted;
}

static const char *const seeds[] = {
    "step,epoch,lr,loss,validation_mae,validation_atom_mae\n0,0,0.001,nan,1.5,0.2\n3,1,1e-3,0.1,1,"
    "1\n",
    "LAMMPS (2 Aug 2023)\nPer MPI rank memory allocation (min/avg/max) = 3 | 3 | 3 Mbytes\n"
    "   Step          Temp          TotEng\n         0   300            -4.5\n"
    "WARNING: something\n        10   290            -4.6\n"
    "Loop time of 0.1 on 1 procs for 10 steps with 64 atoms\n"
    "Step Temp Press\n0 300 1\nLoop time of 0.1 on 1 procs for 0 steps with 64 atoms\n",
};

void fuzz_seeds(fuzz_store store, void *context)
{
  for (size_t k = 0; k < sizeof seeds / sizeof seeds[0]; k++)
    store(context, seeds[k], strlen(seeds[k]));
}
