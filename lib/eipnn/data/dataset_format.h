/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DATA_DATASET_FORMAT_H
#define EIPNN_DATA_DATASET_FORMAT_H

/* Dataset files, version 1. n configurations, N atoms in all.
     /             attributes format="eipnn-dataset", version=1, units="metal"
     /configs      first[n+1] (int64 prefix sum of atoms), cell[n,3,3], pbc[n,3] (uint8),
                   tag[n] (text); group[n] (int64, >= -1, -1: on its own), optional
     /atoms        number[N] (int32), position[N,3]
     /labels/dft   energy[n], forces[N,3], virial[n,6]: NaN where missing, the last two
                   optional; attributes reference_energy[k] (eV/atom) of the atomic numbers
                   reference_species[k], which may be left out where k is the number of species
                   in the file (ascending)
     /labels/eip/<name>  the same three; attributes provider, model, version, timestamp
                   (text), failed (int64)
     /splits/<name>  role[n] (uint8) */

#define EIPNN_DATASET_FORMAT "eipnn-dataset"
#define EIPNN_DATASET_VERSION 1

#endif
