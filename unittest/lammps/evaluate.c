/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the library itself says about one configuration, in double precision:
     evaluate MODEL.h5 CONFIGURATION table|exact
   CONFIGURATION: text; number of atoms, three lattice vectors, three pbc flags, then per
   atom: atomic number x y z. Prints energy, the virial (xx yy zz xy xz yz), and a line of
   forces per atom. */
#include <eipnn/calculator.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ATOMS = 4096 };
static int number[MAX_ATOMS];
static double position[MAX_ATOMS][3], forces[MAX_ATOMS][3];

static int read_configuration(const char *path, eipnn_configuration *c)
{
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  int good = fscanf(file, "%d", &c->natoms) == 1 && c->natoms >= 0 && c->natoms <= MAX_ATOMS;
  for (int k = 0; k < 9 && good; k++) good = fscanf(file, "%lf", &c->cell[k / 3][k % 3]) == 1;
  for (int k = 0; k < 3 && good; k++) good = fscanf(file, "%d", &c->pbc[k]) == 1;
  for (int i = 0; i < c->natoms && good; i++)
    good = fscanf(file, "%d %lf %lf %lf", &number[i], &position[i][0], &position[i][1],
                  &position[i][2]) == 4;
  fclose(file);
  c->number = number;
  c->position = (const double(*)[3])position;
  c->tag = "";
  return good;
}

static void print_results(int natoms, double energy, const double *virial)
{
  printf("%.17g\n", energy);
  for (int k = 0; k < 6; k++) printf("%.17g ", virial[k]);
  printf("\n");
  for (int i = 0; i < natoms; i++)
    printf("%.17g %.17g %.17g\n", forces[i][0], forces[i][1], forces[i][2]);
}

int main(int argc, char **argv)
{
  eipnn_configuration configuration = {0};
  if (argc != 4 || !read_configuration(argv[2], &configuration)) {
    fprintf(stderr, "usage: evaluate MODEL.h5 CONFIGURATION table|exact\n");
    return 2;
  }
  eipnn_calculator_options options;
  eipnn_calculator_options_default(&options);
  options.precision = EIPNN_PRECISION_DOUBLE;
  options.table = strcmp(argv[3], "table") == 0;
  eipnn_model *model = NULL;
  eipnn_calculator *calculator = NULL;
  double energy, virial[6];
  eipnn_status status = eipnn_model_read(argv[1], &model);
  if (status == EIPNN_OK) status = eipnn_calculator_create(model, &options, &calculator);
  if (status == EIPNN_OK)
    status = eipnn_calculator_configuration(calculator, &configuration, &energy, forces, virial);
  if (status == EIPNN_OK)
    print_results(configuration.natoms, energy, virial);
  else
    fprintf(stderr, "evaluate: %s\n", eipnn_last_error());
  eipnn_calculator_free(&calculator);
  eipnn_model_free(&model);
  return status == EIPNN_OK ? 0 : 1;
}
