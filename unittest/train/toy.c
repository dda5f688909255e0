/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "train/toy.h"

#include "base/random.h"

#include <eipnn/neighbor.h>

#include <stdio.h>
#include <unistd.h>

enum { MAX_ATOMS = 4 };
static const int elements[] = {6, 14};

/* Pair energy strength*exp(-r)*(1 - r/rc)^3 and -1 eV per silicon, -3 per carbon atom. */
void toy_label(const eipnn_configuration *c, double strength, double *energy, double (*forces)[3],
               double *virial)
{
  eipnn_pair_list list = {0};
  assert_ok(eipnn_pair_list_build(&list, c, TOY_CUTOFF));
  *energy = 0;
  for (int i = 0; i < c->natoms; i++) *energy += c->number[i] == 14 ? -1.0 : -3.0;
  memset(forces, 0, (size_t)c->natoms * sizeof *forces);
  memset(virial, 0, 6 * sizeof *virial);
  static const int row[] = {0, 1, 2, 0, 0, 1}, column[] = {0, 1, 2, 1, 2, 2};
  for (int p = 0; p < list.npair; p++) {
    const double *v = list.vec[p];
    const double r = sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]), s = 1.0 - r / TOY_CUTOFF;
    *energy += strength * exp(-r) * s * s * s;
    const double slope = -strength * exp(-r) * (s * s * s + 3 * s * s / TOY_CUTOFF);
    double g[3];
    for (int k = 0; k < 3; k++) {
      g[k] = slope * v[k] / r;
      forces[list.i[p]][k] += g[k];
      forces[list.j[p]][k] -= g[k];
    }
    for (int k = 0; k < 6; k++) virial[k] -= v[row[k]] * g[column[k]];
  }
  eipnn_pair_list_free(&list);
}

static void add_configuration(eipnn_dataset *dataset, int nspecies, eipnn_random *random)
{
  int number[MAX_ATOMS];
  double position[MAX_ATOMS][3], forces[MAX_ATOMS][3], virial[6], energy;
  eipnn_configuration c = {.natoms = 2 + (int)(eipnn_random_next(random) % 3),
                           .pbc = {1, 1, 1},
                           .number = number,
                           .position = (const double(*)[3])position,
                           .tag = "toy"};
  for (int k = 0; k < 3; k++)
    for (int l = 0; l < 3; l++)
      c.cell[k][l] = (k == l ? 3.8 : 0.0) + 0.3 * (eipnn_random_uniform(random) - 0.5);
  for (int i = 0; i < c.natoms; i++) {
    number[i] = nspecies == 1 ? 14 : elements[eipnn_random_next(random) % 2];
    for (int k = 0; k < 3; k++) /* corners and face centres of the cell, shaken */
      position[i][k] =
          3.8 * 0.5 * (double)(i > 0 && k != i - 1) + 0.4 * (eipnn_random_uniform(random) - 0.5);
  }
  toy_label(&c, 20.0, &energy, forces, virial);
  assert_ok(eipnn_dataset_append(dataset, &c, energy, (const double(*)[3])forces, virial));
}

static void label_eips(eipnn_dataset *dataset)
{
  eipnn_labels *a, *b;
  assert_ok(eipnn_dataset_add_labels(dataset, "eip/a", 1, 1, &a));
  assert_ok(eipnn_dataset_add_labels(dataset, "eip/b", 0, 0, &b));
  a = eipnn_dataset_labels(dataset, "eip/a");
  for (size_t n = 0; n < eipnn_dataset_count(dataset); n++) {
    eipnn_configuration c;
    double forces[MAX_ATOMS][3], virial[6];
    assert_ok(eipnn_dataset_get(dataset, n, &c));
    toy_label(&c, 10.0, &a->energy[n], a->forces + eipnn_dataset_first_atom(dataset, n),
              a->virial[n]);
    toy_label(&c, 30.0, &b->energy[n], forces, virial);
  }
}

eipnn_dataset *toy_dataset(size_t count, int nspecies, uint64_t seed)
{
  eipnn_dataset *dataset;
  eipnn_random random;
  uint8_t *role;
  eipnn_random_seed(&random, seed, 1);
  assert_ok(eipnn_dataset_create(&dataset));
  for (size_t n = 0; n < count; n++) add_configuration(dataset, nspecies, &random);
  label_eips(dataset);
  assert_ok(eipnn_dataset_add_split(dataset, "s", &role));
  static const uint8_t roles[] = {EIPNN_ROLE_TRAIN, EIPNN_ROLE_TRAIN, EIPNN_ROLE_POOL,
                                  EIPNN_ROLE_VALIDATION, EIPNN_ROLE_TEST};
  for (size_t n = 0; n < count; n++) role[n] = roles[n % 5];
  return dataset;
}

static void choose(eipnn_augmentation *a, const eipnn_dataset *dataset, const eipnn_labels *labels,
                   size_t n)
{
  const size_t first = eipnn_dataset_first_atom(dataset, n);
  const size_t natoms = eipnn_dataset_first_atom(dataset, n + 1) - first;
  const int pool = eipnn_dataset_split(dataset, "s")[n] == EIPNN_ROLE_POOL;
  a->eip[n] = pool ? 0 : -1;
  a->probability[n] = pool ? 0.5 : NAN;
  a->energy[n] = pool ? labels->energy[n] : NAN;
  a->weight[n] = 1.0 / (double)(1 + a->selected % 3);
  a->selected += (size_t)pool;
  for (size_t i = first; a->forces && i < first + natoms; i++)
    for (int k = 0; k < 3; k++) a->forces[i][k] = pool ? labels->forces[i][k] : NAN;
  for (int k = 0; a->virial && k < 6; k++) a->virial[n][k] = pool ? labels->virial[n][k] : NAN;
}

eipnn_augmentation toy_augmentation(const eipnn_dataset *dataset, const char *name)
{
  const eipnn_labels *labels = eipnn_dataset_labels(dataset, name);
  const size_t count = eipnn_dataset_count(dataset);
  eipnn_augmentation a = {.count = count,
                          .eip = malloc(count * sizeof *a.eip),
                          .probability = malloc(count * sizeof(double)),
                          .energy = malloc(count * sizeof(double)),
                          .weight = malloc(count * sizeof(double))};
  if (labels->forces)
    a.forces = malloc(eipnn_dataset_first_atom(dataset, count) * sizeof *a.forces);
  if (labels->virial) a.virial = malloc(count * sizeof *a.virial);
  for (size_t n = 0; n < count; n++) choose(&a, dataset, labels, n);
  return a;
}

void toy_augmentation_free(eipnn_augmentation *a)
{
  free(a->eip);
  free(a->probability);
  free(a->energy);
  free(a->weight);
  free(a->forces);
  free(a->virial);
}

eipnn_model *toy_model(int nspecies, int nheads, const char *const *heads, uint64_t seed)
{
  eipnn_model *model;
  eipnn_network_options options;
  eipnn_network_options_default(&options);
  options.cutoff = TOY_CUTOFF;
  options.hidden = 5;
  options.layers = 2;
  options.nradial = 6;
  const int *species = nspecies == 1 ? elements + 1 : elements;
  assert_ok(eipnn_model_create(&options, nspecies, species, nheads, heads, seed, &model));
  return model;
}

eipnn_train_options toy_options(void)
{
  eipnn_train_options options;
  eipnn_train_options_default(&options);
  options.split = "s";
  options.batch = 4;
  options.steps = 40;
  options.precision = EIPNN_PRECISION_DOUBLE;
  options.backend = "ref";
  options.table = 0;
  return options;
}

void toy_path(char path[256], const char *name)
{
  const char *folder = getenv("TMPDIR");
  snprintf(path, 256, "%s/eipnn_%ld_%s", folder ? folder : "/tmp", (long)getpid(), name);
  unlink(path);
}

int toy_same_weights(eipnn_model *a, eipnn_model *b)
{
  size_t na, nb;
  const double *wa = eipnn_model_weights(a, &na), *wb = eipnn_model_weights(b, &nb);
  return na == nb && !memcmp(wa, wb, na * sizeof *wa);
}
