/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CALCULATOR_H
#define EIPNN_CALCULATOR_H

#include <eipnn/dataset.h>
#include <eipnn/halo.h>
#include <eipnn/model.h>
#include <eipnn/precision.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A model made ready to evaluate energies, forces and virials: weights frozen,
   radial tables computed once, memory reused from call to call. Of a model with a baseline
   (eipnn_model_set_baseline) this is the network's part alone. */
typedef struct eipnn_calculator eipnn_calculator;

typedef struct eipnn_calculator_options {
  eipnn_precision precision;
  int table;                /* 1: radial functions from tables, 0: exact evaluation per pair */
  int table_nodes;          /* intervals of a table over [0, cutoff]; 0: 1024, in double precision 2048 */
  const char *backend;      /* as eipnn_train_options has it */
  const eipnn_halo *halo;   /* NULL: every neighbour is an owned atom. Copied. */
} eipnn_calculator_options;
void eipnn_calculator_options_default(eipnn_calculator_options *options);

eipnn_status eipnn_calculator_create(const eipnn_model *model, const eipnn_calculator_options *options,
                                     eipnn_calculator **calculator);
void eipnn_calculator_free(eipnn_calculator **calculator);

/* The atoms of one rank with their neighbours. */
typedef struct eipnn_atoms {
  int nlocal, nghost;
  const double (*position)[3]; /* [nlocal+nghost][3] Angstrom */
  const int *species;          /* [nlocal] index into the model's species; -1: no atom of this model */
  const int *owner;            /* [nlocal+nghost] feature row: the owned atom (< nlocal) it is an image
                                  of where that lives on this rank, else its own index. NULL: each
                                  atom is its own.
                                  Rows beyond the highest in use are not held: ghosts of other
                                  ranks first, images last, saves memory. */
  /* Full neighbour lists (may hold atoms beyond the cutoff: they are skipped). */
  int nlist;                   /* how many atoms have a list */
  const int *center;           /* [nlist] owned atoms */
  const int *count;            /* [nlocal], by atom */
  int *const *neighbor;        /* [nlocal][count], by atom */
  int neighbor_mask;           /* applied to each entry (LAMMPS NEIGHMASK); -1: none */
} eipnn_atoms;

/* Results; any pointer may be NULL: not wanted. Arrays are added to (+=), the
   rest is set. What an image receives is added to its feature row, its owner. A pair's virial is shared equally by its two atoms. */
typedef struct eipnn_result {
  double energy;                /* eV, owned atoms */
  double virial[6];             /* eV, xx yy zz xy xz yz, this rank's pairs */
  double *atom_energy;          /* [nlocal] */
  double (*forces)[3];          /* [nlocal+nghost]; the host sums those of other ranks' ghosts into their owners */
  double (*atom_virial)[6];     /* [nlocal+nghost] */
  double (*centroid_virial)[9]; /* [nlocal+nghost] xx yy zz xy xz yz yx zx zy */
} eipnn_result;

/* forces == 0 skips the backward pass (then no array but atom_energy may be given). */
eipnn_status eipnn_calculator_compute(eipnn_calculator *calculator, const eipnn_atoms *atoms,
                                      int forces, eipnn_result *result);

/* One configuration, whole and periodic: energies of every head [nheads], and
   for head 0 forces ([natoms][3], may be NULL) and virial ([6], may be NULL). */
eipnn_status eipnn_calculator_configuration(eipnn_calculator *calculator,
                                            const eipnn_configuration *configuration, double *energy,
                                            double (*forces)[3], double *virial);

/* Bytes held: tables, weights, arena. */
size_t eipnn_calculator_bytes(const eipnn_calculator *calculator);

#ifdef __cplusplus
}
#endif
#endif
