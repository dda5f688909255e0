/* SPDX-License-Identifier: GPL-2.0-or-later */

/* Neighbour lists of diamond silicon, cutoff 5 Angstrom: number of atoms, pairs (each once), and
   pairs/s of thread CPU time, one line per size. bench/ase_neighbor.py times the peers. */

#include "silicon.h"
#include "thread_clock.h"

#include <eipnn/neighbor.h>

#include <stdio.h>
#include <stdlib.h>

static const double cutoff = 5.0, least_seconds = 0.5;

static eipnn_status measure(const eipnn_configuration *configuration, eipnn_pair_list *list)
{
  double elapsed = 0;
  int count = 0;
  eipnn_status status = eipnn_pair_list_build(list, configuration, cutoff); /* grows its memory */
  const double start = thread_seconds();
  for (; status == EIPNN_OK && elapsed < least_seconds; elapsed = thread_seconds() - start, count++)
    status = eipnn_pair_list_build(list, configuration, cutoff);
  if (status == EIPNN_OK)
    printf("%d %d %.6g\n", configuration->natoms, list->npair,
           (double)list->npair * count / elapsed);
  return status;
}

static eipnn_status run(int repeat)
{
  const int natoms = 8 * repeat * repeat * repeat;
  unsigned seed = 1;
  eipnn_pair_list list = {0};
  int *number = calloc((size_t)natoms, sizeof *number);
  double(*position)[3] = calloc((size_t)natoms, sizeof *position);
  eipnn_status status = EIPNN_ERROR_MEMORY;
  if (number && position) {
    eipnn_configuration configuration = {.natoms = natoms, .pbc = {1, 1, 1}, .tag = ""};
    for (int k = 0; k < natoms; k++) number[k] = 14;
    for (int k = 0; k < 3; k++) configuration.cell[k][k] = SILICON_CELL * repeat;
    silicon_crystal(repeat, &seed, position);
    configuration.number = number;
    configuration.position = (const double(*)[3])position;
    status = measure(&configuration, &list);
  }
  eipnn_pair_list_free(&list);
  free(number);
  free(position);
  return status;
}

int main(void)
{
  static const int repeat[] = {1, 2, 5, 10};
  for (size_t k = 0; k < sizeof repeat / sizeof *repeat; k++) {
    if (run(repeat[k]) == EIPNN_OK) continue;
    fprintf(stderr, "bench_neighbor: %s\n", eipnn_last_error());
    return 1;
  }
  return 0;
}
