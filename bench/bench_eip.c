/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L

/* Energies of EIPs through the KIM API: 64-atom diamond silicon, perturbed, on
   one thread. Prints configurations/s of thread CPU time, and the ratio to what
   a plain C program on the bare KIM API reached on one core (AVX-512 Xeon). */

#include <eipnn/eip.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CONFIGURATIONS 500
#define NATOMS 64
#define SECONDS 2.0

static const struct {
  eipnn_eip_entry entry;
  double yardstick; /* configurations/s of the plain program */
} eips[] = {
    {{.name = "edip",
      .nspecies = 1,
      .species = {14},
      .provider = "kim",
      .model = "EDIP_JustoBazantKaxiras_1998_Si__MO_958932894036_002"},
     19800},
    {{.name = "sw_balamane",
      .nspecies = 1,
      .species = {14},
      .provider = "kim",
      .model = "SW_BalamaneHaliciogluTiller_1992_Si__MO_113686039439_004"},
     11700},
};

static double thread_seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Displacements uniform within the amplitude, from a fixed generator. */
static void perturb(double position[NATOMS][3], double amplitude, unsigned *seed)
{
  static const double basis[8][3] = {{0, 0, 0},       {.5, .5, 0},     {.5, 0, .5},
                                     {0, .5, .5},     {.25, .25, .25}, {.75, .75, .25},
                                     {.75, .25, .75}, {.25, .75, .75}};
  for (int i = 0; i < NATOMS; i++) {
    const double corner[3] = {i / 32, i / 16 % 2, i / 8 % 2};
    for (int k = 0; k < 3; k++) {
      *seed = *seed * 1664525u + 1013904223u;
      double shift = amplitude * ((double)*seed / 2147483648.0 - 1);
      position[i][k] = 5.431 * (corner[k] + basis[i % 8][k]) + shift;
    }
  }
}

static eipnn_status measure(eipnn_eip *eip, double (*positions)[NATOMS][3], int forces,
                            double *rate)
{
  int number[NATOMS], count = 0;
  double force[NATOMS][3], virial[6], energy, elapsed = 0;
  eipnn_configuration c = {.natoms = NATOMS, .pbc = {1, 1, 1}, .number = number, .tag = ""};
  for (int i = 0; i < NATOMS; i++) number[i] = 14;
  for (int k = 0; k < 3; k++) c.cell[k][k] = 2 * 5.431;
  for (double start = thread_seconds(); elapsed < SECONDS; elapsed = thread_seconds() - start)
    for (int n = 0; n < CONFIGURATIONS; n++, count++) {
      c.position = (const double(*)[3])positions[n];
      eipnn_status status =
          eipnn_eip_compute(eip, &c, &energy, forces ? force : NULL, forces ? virial : NULL);
      if (status != EIPNN_OK) return status;
    }
  *rate = count / elapsed;
  return EIPNN_OK;
}

static eipnn_status run(double (*positions)[NATOMS][3])
{
  printf("%-12s %16s %20s %22s\n", "EIP", "energies/s", "ratio to yardstick", "energies+forces/s");
  for (size_t e = 0; e < sizeof eips / sizeof *eips; e++) {
    eipnn_eip *eip;
    double energies = 0, with_forces = 0;
    eipnn_status status = eipnn_eip_open(&eips[e].entry, &eip);
    if (status != EIPNN_OK) return status;
    status = measure(eip, positions, 0, &energies);
    if (status == EIPNN_OK) status = measure(eip, positions, 1, &with_forces);
    eipnn_eip_close(&eip);
    if (status != EIPNN_OK) return status;
    printf("%-12s %16.0f %20.2f %22.0f\n", eips[e].entry.name, energies,
           energies / eips[e].yardstick, with_forces);
  }
  return EIPNN_OK;
}

int main(void)
{
  double(*positions)[NATOMS][3] = calloc(CONFIGURATIONS, sizeof *positions);
  if (!positions) return 1;
  unsigned seed = 7;
  for (int n = 0; n < CONFIGURATIONS; n++) perturb(positions[n], 0.03 + 0.001 * n, &seed);
  eipnn_status status = run(positions);
  free(positions);
  if (status == EIPNN_OK) return 0;
  fprintf(stderr, "bench_eip: %s\n", eipnn_last_error());
  return 1;
}
