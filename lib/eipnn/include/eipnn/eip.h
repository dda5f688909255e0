/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_EIP_H
#define EIPNN_EIP_H

#include <eipnn/dataset.h>
#include <eipnn/parallel.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One entry of an EIP list file. */
typedef struct eipnn_eip_entry {
  char name[64];
  int nspecies;
  int species[16];     /* atomic numbers it is used for */
  char provider[16];   /* "kim" or "lammps" */
  char model[256];     /* KIM model id (provider kim) */
  int ncommands;       /* provider lammps: input lines */
  char **commands;
} eipnn_eip_entry;

/* Provider lammps: the executable that EIPNN_LAMMPS names, else `lmp` on PATH, runs beside
   this process as long as the EIP is open. units are metal, atom_style atomic unless a
   command says else, atom type k is the k-th species; the commands set the pair style. The
   parameter files they name lie in LAMMPS_POTENTIALS or in LAMMPS' own folder. A
   configuration it ends on or needs more than EIPNN_LAMMPS_TIMEOUT (60) seconds for fails
   alone: the next one gets a new LAMMPS. */

typedef struct eipnn_eip_list {
  int count;
  eipnn_eip_entry *entry;
} eipnn_eip_list;

/* Reads an EIP list (JSON, DESIGN section 6). Unknown keys are errors that name
   the known ones. Free with eipnn_eip_list_free. */
eipnn_status eipnn_eip_list_read(const char *path, eipnn_eip_list **list);
void eipnn_eip_list_free(eipnn_eip_list **list);

/* Every model of a provider's collection (of "kim": the installed portable models), one entry
   each with these species ([nspecies] atomic numbers) and a unique name. A model may not cover
   them, which opening it tells (EIPNN_ERROR_ARGUMENT). Models are other people's code: see
   `eipnn eips`, which tries each in a process of its own. Free with eipnn_eip_list_free. */
eipnn_status eipnn_eip_list_installed(const char *provider, int nspecies, const int *species,
                                      eipnn_eip_list **list);

/* The text of an EIP list file; to be freed by the caller. */
eipnn_status eipnn_eip_list_text(const eipnn_eip_list *list, char **text);

/* An opened EIP: the model is loaded once and reused for every configuration. */
typedef struct eipnn_eip eipnn_eip;

/* 1 if EIPs of that provider can be opened in this build. */
int eipnn_eip_provider_available(const char *provider);
eipnn_status eipnn_eip_open(const eipnn_eip_entry *entry, eipnn_eip **eip);
void eipnn_eip_close(eipnn_eip **eip);
/* 1 if the EIP knows this species. */
int eipnn_eip_covers(const eipnn_eip *eip, int number);
int eipnn_eip_has_forces(const eipnn_eip *eip);
const char *eipnn_eip_version(const eipnn_eip *eip);

/* Energy (eV, total), forces ([natoms][3], eV/A) and virial ([6], eV); the last
   two may be NULL. EIPNN_ERROR_NUMERIC: the EIP could not evaluate this
   configuration (the caller counts it as failed); nothing is written then. */
eipnn_status eipnn_eip_compute(eipnn_eip *eip, const eipnn_configuration *configuration,
                               double *energy, double (*forces)[3], double *virial);

typedef struct eipnn_label_options {
  int forces;                 /* store forces and virial too */
  int relabel;                /* 0: keep labels already there (resume), 1: compute all again */
  const char *save_path;      /* dataset file rewritten as labelling proceeds; NULL: do not */
  double save_interval;       /* seconds between saves */
  void *context;
  /* Called by every rank before an EIP is opened, with all counts zero, then now and
     then, with global counts; a non-zero result stops labelling cleanly. May be NULL. */
  int (*progress)(void *context, const char *eip, size_t done, size_t total, size_t failed,
                  double configurations_per_second);
} eipnn_label_options;
void eipnn_label_options_default(eipnn_label_options *options);

/* Labels every configuration whose species the EIP covers with every EIP of
   the list, as label sets "eip/<name>". Configurations an EIP fails on stay
   NaN and are counted in eipnn_labels.failed. An EIP that cannot be opened is passed
   over, and its error returned at the end. parallel may be NULL; work is dealt out
   round robin and all ranks end with all labels. */
eipnn_status eipnn_label_dataset(eipnn_dataset *dataset, const eipnn_eip_list *list,
                                 const eipnn_label_options *options, const eipnn_parallel *parallel);

/* Result of a reference-energy fit. */
typedef struct eipnn_alignment {
  int nspecies;
  int species[EIPNN_ELEMENTS]; /* atomic numbers, ascending */
  double reference[EIPNN_ELEMENTS]; /* eV/atom, DFT minus EIP; NaN: nothing tells about it */
  double scatter;          /* median absolute residual, eV/atom */
  double agreement;        /* share of configurations whose residual is below 0.1 eV/atom */
  size_t used;             /* configurations that entered */
  int poor;                /* 1: do not trust it: scatter above 0.1, agreement below one half,
                              fewer than three EIPs, or a species that nothing tells about */
} eipnn_alignment;

/* Robust fit (iteratively reweighted, Tukey) of E_DFT - median_k E_EIP = sum_s n_s
   reference_s over the configurations where the EIPs agree best: 2 %, at least
   20, of those that have a DFT energy, with the smallest spread of the EIPs
   relative to the binding energy. With one EIP: over all. Where compositions do
   not tell species apart: the solution of least norm. role: [n] of a split, whose
   training and validation set alone enter, so that no test label does; NULL: all enter.
   EIPNN_ERROR_ARGUMENT if no configuration has both kinds of labels. Does not change the
   dataset. */
eipnn_status eipnn_align_reference(const eipnn_dataset *dataset, const uint8_t *role,
                                   eipnn_alignment *alignment);

#ifdef __cplusplus
}
#endif
#endif
