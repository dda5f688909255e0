/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef BENCH_SILICON_H
#define BENCH_SILICON_H

#define SILICON_CELL 5.43 /* Angstrom, cube of 8 atoms */

#ifdef __cplusplus
extern "C" {
#endif

/* Diamond silicon, repeat^3 cubes, each coordinate displaced by up to 0.05 Angstrom from a
   generator that starts at *seed: position[8 repeat^3][3]. */
void silicon_crystal(int repeat, unsigned *seed, double (*position)[3]);
/* The same of repeat[0] repeat[1] repeat[2] cubes. */
void silicon_block(const int repeat[3], unsigned *seed, double (*position)[3]);

#ifdef __cplusplus
}
#endif

#endif
