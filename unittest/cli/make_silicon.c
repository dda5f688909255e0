/* SPDX-License-Identifier: GPL-2.0-or-later */
/* make_silicon COUNT SEED: extended XYZ of rattled and strained diamond silicon (8 atoms) with the
   energies and forces of a made-up Morse pair function that counts from another zero. */
#include "base/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ATOMS = 8, IMAGES = 1 };
static const double depth = 0.45, steepness = 1.3, length = 2.6, range = 5.0, zero = -0.8;

static void make_crystal(eipnn_random *random, double position[ATOMS][3], double *edge)
{
  static const double site[ATOMS][3] = {{0, 0, 0},       {0, .5, .5},     {.5, 0, .5},
                                        {.5, .5, 0},     {.25, .25, .25}, {.25, .75, .75},
                                        {.75, .25, .75}, {.75, .75, .25}};
  *edge = 5.43 * (1.0 + 0.04 * (eipnn_random_uniform(random) - 0.5));
  double rattle = 0.15 * eipnn_random_uniform(random);
  for (int i = 0; i < ATOMS; i++)
    for (int k = 0; k < 3; k++)
      position[i][k] = *edge * site[i][k] + rattle * eipnn_random_normal(random);
}

/* Energy of the pair i, j in one image, smoothly cut; adds to the force on i. */
static double add_pair(const double vector[3], double force[3])
{
  double r = sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2]);
  if (r >= range) return 0;
  double e = exp(-steepness * (r - length)), s = 1 - r * r / (range * range);
  double energy = depth * (e * e - 2 * e);
  double slope =
      depth * -2 * steepness * (e * e - e) * s * s - energy * 4 * s * r / (range * range);
  for (int k = 0; k < 3; k++) force[k] += slope * vector[k] / r;
  return energy * s * s;
}

static double compute(double position[ATOMS][3], double edge, double force[ATOMS][3])
{
  double energy = ATOMS * zero;
  memset(force, 0, ATOMS * sizeof *force);
  for (int i = 0; i < ATOMS; i++)
    for (int j = 0; j < ATOMS; j++)
      for (int image = 0; image < 27; image++) {
        int shift[3] = {image / 9 - IMAGES, image / 3 % 3 - IMAGES, image % 3 - IMAGES};
        double vector[3];
        if (i == j && image == 13) continue;
        for (int k = 0; k < 3; k++) vector[k] = position[j][k] + shift[k] * edge - position[i][k];
        energy += 0.5 * add_pair(vector, force[i]);
      }
  return energy;
}

static void print_frame(double position[ATOMS][3], double edge, double energy,
                        double force[ATOMS][3])
{
  printf("%d\nLattice=\"%.10f 0 0 0 %.10f 0 0 0 %.10f\" Properties=species:S:1:pos:R:3:forces:R:3 "
         "energy=%.10f config_type=crystal pbc=\"T T T\"\n",
         ATOMS, edge, edge, edge, energy);
  for (int i = 0; i < ATOMS; i++)
    printf("Si %.10f %.10f %.10f %.10f %.10f %.10f\n", position[i][0], position[i][1],
           position[i][2], force[i][0], force[i][1], force[i][2]);
}

int main(int count, char **word)
{
  eipnn_random random;
  if (count != 3) return 2;
  eipnn_random_seed(&random, strtoull(word[2], NULL, 10), 0);
  for (int k = 0; k < atoi(word[1]); k++) {
    double position[ATOMS][3], force[ATOMS][3], edge;
    make_crystal(&random, position, &edge);
    double energy = compute(position, edge, force);
    print_frame(position, edge, energy, force);
  }
  return 0;
}
