/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "data/dataset_data.h"

#include <eipnn/pool.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_SITES = 16 };

/* Crystal structures in conventional cells (International Tables, volume A), sites in
   fractional coordinates. */
typedef struct structure {
  int hexagonal; /* 1: a, a, c with 120 degrees; 0: a, a, c with right angles */
  int nsites;
  double site[MOST_SITES][3];
} structure;

#define THIRD (1.0 / 3.0)
/* Ia-3 (206), 16c: x of silicon III. */
#define X 0.1003

static const structure sc = {0, 1, {{0, 0, 0}}};
static const structure bcc = {0, 2, {{0, 0, 0}, {0.5, 0.5, 0.5}}};
static const structure fcc = {0, 4, {{0, 0, 0}, {0, 0.5, 0.5}, {0.5, 0, 0.5}, {0.5, 0.5, 0}}};
static const structure diamond = {0,
                                  8,
                                  {{0, 0, 0},
                                   {0, 0.5, 0.5},
                                   {0.5, 0, 0.5},
                                   {0.5, 0.5, 0},
                                   {0.25, 0.25, 0.25},
                                   {0.25, 0.75, 0.75},
                                   {0.75, 0.25, 0.75},
                                   {0.75, 0.75, 0.25}}};
/* I4_1/amd (141), 4a. */
static const structure beta_tin = {
    0, 4, {{0, 0, 0}, {0, 0.5, 0.25}, {0.5, 0.5, 0.5}, {0.5, 0, 0.75}}};
static const structure bc8 = {0,
                              16,
                              {{X, X, X},
                               {0.5 - X, -X, 0.5 + X},
                               {-X, 0.5 + X, 0.5 - X},
                               {0.5 + X, 0.5 - X, -X},
                               {-X, -X, -X},
                               {0.5 + X, X, 0.5 - X},
                               {X, 0.5 - X, 0.5 + X},
                               {0.5 - X, 0.5 + X, X},
                               {0.5 + X, 0.5 + X, 0.5 + X},
                               {-X, 0.5 - X, X},
                               {0.5 - X, X, -X},
                               {X, -X, 0.5 - X},
                               {0.5 - X, 0.5 - X, 0.5 - X},
                               {X, 0.5 + X, -X},
                               {0.5 + X, -X, X},
                               {-X, X, 0.5 + X}}};
static const structure simple_hexagonal = {1, 1, {{0, 0, 0}}};
static const structure hcp = {1, 2, {{THIRD, 2 * THIRD, 0.25}, {2 * THIRD, THIRD, 0.75}}};
static const structure dhcp = {
    1, 4, {{0, 0, 0}, {THIRD, 2 * THIRD, 0.25}, {0, 0, 0.5}, {2 * THIRD, THIRD, 0.75}}};
/* P6_3/mmc (194), 4f with z = 1/16: wurtzite of one element. */
static const structure hexagonal_diamond = {1,
                                            4,
                                            {{THIRD, 2 * THIRD, 0.0625},
                                             {2 * THIRD, THIRD, 0.5625},
                                             {2 * THIRD, THIRD, -0.0625},
                                             {THIRD, 2 * THIRD, 0.4375}}};
/* P6_3/mmc (194), 2b and 2c. */
static const structure graphite = {
    1, 4, {{0, 0, 0.25}, {0, 0, 0.75}, {THIRD, 2 * THIRD, 0.25}, {2 * THIRD, THIRD, 0.75}}};

/* Ideal c/a. */
#define HCP_RATIO 1.6329931618554521  /* sqrt(8/3) */
#define DHCP_RATIO 3.2659863237109041 /* twice that */

typedef struct prototype {
  const char *material, *name;
  const structure *structure;
  double a, ratio;     /* Angstrom; c/a */
  const char *species; /* symbols by site; the last one stands for the remaining sites, too */
} prototype;

/* Lattice constants (Angstrom) close to those of DFT (PBE); a range of volumes is for
   eipnn_dataset_perturb to make. */
static const prototype prototypes[] = {
    {"si", "bc8", &bc8, 6.64, 1.0, "Si"},
    {"si", "bcc", &bcc, 3.09, 1.0, "Si"},
    {"si", "beta-sn", &beta_tin, 4.81, 0.55, "Si"},
    {"si", "diamond", &diamond, 5.47, 1.0, "Si"},
    {"si", "fcc", &fcc, 3.87, 1.0, "Si"},
    {"si", "graphite", &graphite, 3.90, 2.2, "Si"},
    {"si", "hcp", &hcp, 2.73, HCP_RATIO, "Si"},
    {"si", "hexagonal-diamond", &hexagonal_diamond, 3.87, HCP_RATIO, "Si"},
    {"si", "sc", &sc, 2.53, 1.0, "Si"},
    {"si", "sh", &simple_hexagonal, 2.65, 0.94, "Si"},
    {"al", "fcc", &fcc, 4.04, 1.0, "Al"},
    {"al", "hcp", &hcp, 2.86, HCP_RATIO, "Al"},
    {"al", "dhcp", &dhcp, 2.86, DHCP_RATIO, "Al"},
    {"al", "bcc", &bcc, 3.24, 1.0, "Al"},
    {"al", "sc", &sc, 2.72, 1.0, "Al"},
    {"al", "diamond", &diamond, 6.05, 1.0, "Al"},
    {"agau", "fcc-Ag", &fcc, 4.16, 1.0, "Ag"},
    {"agau", "fcc-Au", &fcc, 4.17, 1.0, "Au"},
    {"agau", "L1_2-Ag3Au", &fcc, 4.16, 1.0, "Au Ag"},
    {"agau", "L1_0-AgAu", &fcc, 4.16, 1.0, "Ag Au Au Ag"},
    {"agau", "L1_2-AgAu3", &fcc, 4.17, 1.0, "Ag Au"},
    {"agau", "hcp-Ag", &hcp, 2.94, HCP_RATIO, "Ag"},
    {"agau", "hcp-Au", &hcp, 2.95, HCP_RATIO, "Au"},
    {"agau", "bcc-Ag", &bcc, 3.30, 1.0, "Ag"},
    {"agau", "bcc-Au", &bcc, 3.31, 1.0, "Au"},
    {"agau", "B2-AgAu", &bcc, 3.31, 1.0, "Ag Au"},
};
enum { PROTOTYPES = sizeof prototypes / sizeof prototypes[0] };

/* Atomic numbers by site. */
static void occupy(const prototype *p, int number[MOST_SITES])
{
  const char *symbol = p->species;
  for (int i = 0; i < p->structure->nsites; i++) {
    char word[4] = "";
    size_t length = strcspn(symbol, " ");
    memcpy(word, symbol, length);
    number[i] = eipnn_element_number(word);
    if (symbol[length]) symbol += length + 1;
  }
}

static eipnn_status append(eipnn_dataset *dataset, const prototype *p)
{
  const structure *s = p->structure;
  const double a = p->a, c = p->a * p->ratio;
  int number[MOST_SITES];
  double position[MOST_SITES][3] = {{0.0}};
  eipnn_configuration configuration = {.natoms = s->nsites,
                                       .cell = {{a, 0, 0}, {0, a, 0}, {0, 0, c}},
                                       .pbc = {1, 1, 1},
                                       .number = number,
                                       .position = (const double(*)[3])position,
                                       .tag = p->name};
  if (s->hexagonal) {
    configuration.cell[1][0] = -0.5 * a;
    configuration.cell[1][1] = 0.5 * sqrt(3.0) * a;
  }
  occupy(p, number);
  for (int i = 0; i < s->nsites; i++)
    for (int k = 0; k < 3; k++)
      for (int d = 0; d < 3; d++) position[i][d] += s->site[i][k] * configuration.cell[k][d];
  return eipnn_dataset_append(dataset, &configuration, NAN, NULL, NULL);
}

static eipnn_status unknown_material(const char *material)
{
  char known[128] = "";
  for (int k = 0; k < PROTOTYPES; k++) {
    size_t used = strlen(known);
    if (k == 0 || strcmp(prototypes[k].material, prototypes[k - 1].material) != 0)
      snprintf(known + used, sizeof known - used, "%s%s", k ? ", " : "", prototypes[k].material);
  }
  return eipnn_error(EIPNN_ERROR_ARGUMENT,
                     "there are no prototypes of \"%.40s\"; there are those of %s", material,
                     known);
}

eipnn_status eipnn_dataset_append_prototypes(eipnn_dataset *dataset, const char *material)
{
  size_t before = dataset->count;
  for (int k = 0; k < PROTOTYPES; k++) {
    if (strcmp(prototypes[k].material, material) != 0) continue;
    eipnn_status status = append(dataset, &prototypes[k]);
    if (status == EIPNN_OK) continue;
    eipnn_dataset_truncate(dataset, before);
    return status;
  }
  return dataset->count > before ? EIPNN_OK : unknown_material(material);
}
