/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_DATASET_H
#define EIPNN_DATASET_H

#include <eipnn/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A set of atomic configurations with energy labels, held in memory.
   Units are LAMMPS metal units: Angstrom, eV, eV/Angstrom.
   A missing label is NaN, never zero.
   Virials are W = sum r x f (eV; positive for a compressed crystal, i.e.
   W = -stress*volume) in LAMMPS order xx yy zz xy xz yz. */
typedef struct eipnn_dataset eipnn_dataset;

/* Atomic numbers are 1 to EIPNN_ELEMENTS, so no dataset holds more species. */
enum { EIPNN_ELEMENTS = 118 };
/* Room for the name of a label set, its closing NUL included. */
enum { EIPNN_LABELS_NAME_SIZE = 80 };

/* One configuration. As an argument the arrays belong to the caller; as a
   result they belong to the dataset and stay valid until it changes. */
typedef struct eipnn_configuration {
  int natoms;
  double cell[3][3];            /* rows are the lattice vectors, Angstrom */
  int pbc[3];                   /* 1: periodic along that lattice vector */
  const int *number;            /* [natoms] atomic numbers */
  const double (*position)[3];  /* [natoms][3] Angstrom; need not be wrapped */
  const char *tag;              /* config_type, "" if none */
} eipnn_configuration;

/* One family of labels: "dft", or "eip/<name>". The arrays belong to the
   dataset, may be written through, and stay valid until configurations are
   added or the label set is removed. */
typedef struct eipnn_labels {
  char name[EIPNN_LABELS_NAME_SIZE];
  double *energy;         /* [n] total energy, eV; NaN: not labelled */
  double (*forces)[3];    /* [N][3] eV/Angstrom, or NULL if the set has none */
  double (*virial)[6];    /* [n][6] eV, or NULL if the set has none */
  char provider[16];      /* "kim", "lammps", "" for DFT */
  char model[256];        /* model id or commands */
  char version[64];
  char timestamp[32];     /* ISO 8601, UTC */
  int64_t failed;         /* configurations this EIP could not evaluate */
} eipnn_labels;

typedef enum eipnn_role {
  EIPNN_ROLE_UNUSED = 0,
  EIPNN_ROLE_TRAIN = 1,
  EIPNN_ROLE_VALIDATION = 2,
  EIPNN_ROLE_TEST = 3,
  EIPNN_ROLE_POOL = 4 /* unlabelled pool: its DFT labels, if any, are hidden from training */
} eipnn_role;

/* An empty dataset. Free with eipnn_dataset_free, which accepts NULL and sets
   the handle to NULL. */
eipnn_status eipnn_dataset_create(eipnn_dataset **dataset);
void eipnn_dataset_free(eipnn_dataset **dataset);

/* Reads a dataset file (HDF5, format "eipnn-dataset", version 1). Everything
   is checked before it is believed: sizes, prefix sums, finite positions,
   known roles. On failure *dataset is NULL. */
eipnn_status eipnn_dataset_read(const char *path, eipnn_dataset **dataset);

/* Writes to a temporary name in the same folder, syncs, renames. */
eipnn_status eipnn_dataset_write(const eipnn_dataset *dataset, const char *path);

size_t eipnn_dataset_count(const eipnn_dataset *dataset);      /* n, configurations */
size_t eipnn_dataset_atom_count(const eipnn_dataset *dataset); /* N, atoms of all of them */
size_t eipnn_dataset_first_atom(const eipnn_dataset *dataset, size_t index); /* index <= n */
int eipnn_dataset_natoms(const eipnn_dataset *dataset, size_t index); /* of one configuration */

/* Fills *configuration with pointers into the dataset. */
eipnn_status eipnn_dataset_get(const eipnn_dataset *dataset, size_t index,
                               eipnn_configuration *configuration);

/* Appends a copy of *configuration with its DFT labels. energy may be NaN;
   forces ([natoms][3]) and virial ([6]) may be NULL. An error, and nothing
   appended, for no atoms, atomic numbers outside 1 to 118, positions, cells or
   labels that are infinite, a singular periodic cell, tags over 1023 characters. */
eipnn_status eipnn_dataset_append(eipnn_dataset *dataset, const eipnn_configuration *configuration,
                                  double energy, const double (*forces)[3], const double *virial);

/* The label set of that name, or NULL. "dft" always exists. */
eipnn_labels *eipnn_dataset_labels(const eipnn_dataset *dataset, const char *name);
/* The label set of that name, created full of NaN where it does not exist yet;
   forces and virial arrays are added where asked and absent. */
eipnn_status eipnn_dataset_add_labels(eipnn_dataset *dataset, const char *name, int forces, int virial,
                                      eipnn_labels **labels);
/* 1 if a label set of that name is an EIP's: begins with "eip/". */
int eipnn_labels_is_eip(const char *name);
size_t eipnn_dataset_labels_count(const eipnn_dataset *dataset);
eipnn_labels *eipnn_dataset_labels_at(const eipnn_dataset *dataset, size_t index);

/* Reference energy of a species (eV/atom): DFT counts from it, EIPs from free
   atoms. 0 and *known = 0 where none was set. known may be NULL. */
double eipnn_dataset_reference_energy(const eipnn_dataset *dataset, int number, int *known);
eipnn_status eipnn_dataset_set_reference_energy(eipnn_dataset *dataset, int number, double energy);

/* Roles of a split, [n]; NULL if there is none of that name. Writable. */
uint8_t *eipnn_dataset_split(const eipnn_dataset *dataset, const char *name);
eipnn_status eipnn_dataset_add_split(eipnn_dataset *dataset, const char *name, uint8_t **role);
size_t eipnn_dataset_split_count(const eipnn_dataset *dataset);
const char *eipnn_dataset_split_name(const eipnn_dataset *dataset, size_t index);

/* Groups of similar configurations, [n]: members of one group have the same number (>= 0), -1 is a
   configuration on its own. NULL if the dataset has no groups. Writable. */
int64_t *eipnn_dataset_groups(const eipnn_dataset *dataset);
/* The groups, made (every configuration on its own) where there are none yet. Configurations
   that are appended later are on their own; groups of a dataset that is appended are kept. */
eipnn_status eipnn_dataset_add_groups(eipnn_dataset *dataset, int64_t **group);
/* How many groups there are, configurations on their own counted as groups of one; 0 without groups. */
size_t eipnn_dataset_group_count(const eipnn_dataset *dataset);

/* A new dataset of the configurations index[0] to index[count-1] in that order, with their labels,
   splits, groups and the reference energies. On failure *subset is NULL. */
eipnn_status eipnn_dataset_subset(const eipnn_dataset *dataset, const size_t *index, size_t count,
                                  eipnn_dataset **subset);

/* Distinct atomic numbers, ascending; returns how many (at most EIPNN_ELEMENTS). */
int eipnn_dataset_species(const eipnn_dataset *dataset, int number[EIPNN_ELEMENTS]);

/* Atoms of each species (atomic numbers, [nspecies]) in a configuration: atoms [nspecies].
   Returns how many atoms it has, 0 where it holds another element or does not exist. */
int eipnn_dataset_composition(const eipnn_dataset *dataset, size_t index, int nspecies,
                              const int *species, double *atoms);

/* 1 if energy, the total of a configuration (eV), is a number that per atom lies within the window
   (eV/atom; a limit that is NaN: none). */
int eipnn_dataset_energy_within(const eipnn_dataset *dataset, size_t index, double energy,
                                double minimum, double maximum);

/* 64-bit hash of configurations and DFT labels, 16 hex digits and a NUL. */
void eipnn_dataset_hash(const eipnn_dataset *dataset, char hex[17]);

/* Appends every frame of an extended XYZ file (.xyz, .extxyz, optionally .gz).
   Keys: Lattice, pbc, Properties (species, pos, forces|force), energy,
   virial or stress (ASE sign: tension positive), config_type. An error names
   the file and line. Nothing is appended on failure. */
eipnn_status eipnn_dataset_read_xyz(eipnn_dataset *dataset, const char *path);
/* DFT labels under the same keys (virial), EIP energies as eip_<name>_energy, which are not read
   back: a key has no room for the model they come from. */
eipnn_status eipnn_dataset_write_xyz(const eipnn_dataset *dataset, const char *path);
/* Appends every frame of a LAMMPS text dump (columns: element or type with
   the given element names, x y z | xu yu zu | xs ys zs | xsu ysu zsu, optional
   fx fy fz). elements: [nelements] symbols by type, may be NULL. */
eipnn_status eipnn_dataset_read_dump(eipnn_dataset *dataset, const char *path, int nelements,
                                     const char *const *elements);

/* Appends all configurations of other with their label sets; the new ones are
   unused in the splits of dataset, splits of other are left behind. Reference
   energies are taken over where dataset has none. An error, and nothing appended,
   where reference energies or the models of a label set differ. */
eipnn_status eipnn_dataset_append_dataset(eipnn_dataset *dataset, const eipnn_dataset *other);

/* Options of eipnn_dataset_make_split. Fractions are of the configurations
   that qualify; counts (if >= 0) take precedence. */
typedef struct eipnn_split_options {
  double train, validation, test;       /* fractions of the DFT-labelled, non-pool configurations */
  double pool;                          /* fraction set aside as unlabelled pool before the rest is split */
  int64_t train_count, validation_count, test_count; /* -1: use the fraction */
  int rest_to_pool;                     /* 1: whatever remains becomes the pool, 0: unused */
  int by_group;                         /* 1: whole groups go to one role */
  double energy_minimum, energy_maximum;/* eV/atom window of DFT labels that may enter train, validation, test;
                                           NaN: no limit */
  uint64_t seed;
} eipnn_split_options;
void eipnn_split_options_default(eipnn_split_options *options);
/* Configurations without a DFT energy can only enter the pool, and always do. The
   test set is drawn with seed's own stream first, then pool, validation and
   training set with theirs: splits that differ only in train_count share the
   others, and the smaller training set is part of the larger. An existing split
   of that name is replaced; on failure it stays as it was.
   by_group: whole groups of the configurations that may be drawn go to one role. Groups are taken in
   random order where they fit into the number that is still wanted, at last the smallest one left where
   that brings the number nearer: numbers are met exactly as long as small groups are left. The test
   set is drawn first as ever; a smaller training set need not be part of a larger one. An error
   without groups, and where a set that is asked for would stay empty. */
eipnn_status eipnn_dataset_make_split(eipnn_dataset *dataset, const char *name,
                                      const eipnn_split_options *options);

/* Atomic number of a chemical symbol, 0 if unknown; symbol of a number, NULL if unknown. */
int eipnn_element_number(const char *symbol);
const char *eipnn_element_symbol(int number);

#ifdef __cplusplus
}
#endif
#endif
