/* eipnn: neural-network potentials taught by empirical interatomic potentials.
   SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DEVICE_H
#define EIPNN_DEVICE_H

/* Energies and forces of atoms that lie in the memory of the device, for an MD host that keeps them
   there: nothing of them passes through host memory. For calculators of backend "kokkos" or
   "kokkos-host"; those of another backend, and builds without Kokkos, return
   EIPNN_ERROR_UNSUPPORTED. Every pointer in eipnn_device_atoms, and every array of results, is
   memory of the backend's device. Work is queued on the device's default stream (Kokkos' default
   instance); functions return before it is done unless a host result is asked for. */

#include <eipnn/calculator.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Atoms are the host's: owned ones, then ghosts. Rows are the network's: owned atoms of a known
   species first, then ghosts of other ranks; a periodic image has its owner's row. */
typedef struct eipnn_device_atoms {
  int natom;              /* owned and ghost atoms */
  int nowned, nrow;       /* rows: owned, and with ghosts of other ranks */
  int nlist;              /* rows 0..nlist-1 have neighbour lists (nlist <= nowned) */
  const int *species;     /* [nowned] index into the model's species, >= 0 */
  const int *contributes; /* [nowned] 0: its energy does not count; NULL: all count */
  const int *center;      /* [nlist] atom of each row with a list */
  const int *row;         /* [natom] row of each atom; -1: none, such neighbours are skipped */
  const double *position; /* component k of atom a: position[a*stride[0] + k*stride[1]], Angstrom */
  ptrdiff_t position_stride[2];
  const int *count;    /* [natom] length of an atom's list; read for atoms of `center` */
  const int *neighbor; /* entry m of atom a: neighbor[a*stride[0] + m*stride[1]] */
  ptrdiff_t neighbor_stride[2];
  int neighbor_mask; /* applied to each entry (LAMMPS NEIGHMASK); -1: none */
} eipnn_device_atoms;

/* Any pointer may be NULL: not wanted. Device arrays are added to (+=) and indexed by row; results
   of images are at their owners' rows. energy and virial are host numbers, set, and cost a wait for
   the device. Units and sharing of virials as in eipnn_result. */
typedef struct eipnn_device_result {
  double *energy;               /* host, eV: owned rows that contribute */
  double *virial;               /* host, [6] eV, xx yy zz xy xz yz */
  double *atom_energy;          /* [nowned] contributing rows only */
  double (*forces)[3];          /* [nrow] the host sums those of ghost rows into their owners */
  double (*atom_virial)[6];     /* [nrow] */
  double (*centroid_virial)[9]; /* [nrow] */
} eipnn_device_result;

/* After every change of rows or neighbour lists: reserves all the memory that computes can need
   until the next one, however atoms move in between (positions are not read). EIPNN_ERROR_MEMORY
   where that much cannot be had; the calculator then holds none and may be bound to fewer atoms. */
eipnn_status eipnn_device_bind(eipnn_calculator *calculator, const eipnn_device_atoms *atoms);

/* How many pairs the neighbour lists can give at most, wherever the atoms are; a pair counts once:
   half of the neighbours that are rows with a list, all others, none without a row. Checks rows and
   lists as eipnn_device_bind does; positions are not read. Waits for the device. */
eipnn_status eipnn_device_count_pairs(eipnn_calculator *calculator, const eipnn_device_atoms *atoms,
                                      int64_t *npair);

/* Bytes of device memory that a bind with nowned rows, nrow rows and npair pairs, counted as by
   eipnn_device_count_pairs, would hold. Leaves the calculator as it was. */
eipnn_status eipnn_device_measure(eipnn_calculator *calculator, int nowned, int nrow, int npair,
                                  size_t *bytes);

/* Bytes of memory of the calculator's device that are free now; 0: not known. */
size_t eipnn_device_free_memory(const eipnn_calculator *calculator);

/* atoms: as bound, with the current positions. Atoms on top of each other or at a position that is
   not finite are an error (EIPNN_ERROR_NUMERIC) of the next call that asks for energy or virial,
   which names the first; until then, over binds too, every force and virial added is NaN. */
eipnn_status eipnn_device_compute(eipnn_calculator *calculator, const eipnn_device_atoms *atoms,
                                  const eipnn_device_result *result);

#ifdef __cplusplus
}
#endif
#endif
