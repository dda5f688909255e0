/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CALIBRATION_H
#define EIPNN_CALIBRATION_H

#include <eipnn/dataset.h>
#include <eipnn/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the energies of several EIPs are brought to the zero, and with a fit to the scale, of DFT:
   E = slope_k E_k + sum_s n_s shift_ks. */
typedef struct eipnn_calibration {
  int neips;
  int nspecies;
  int species[EIPNN_ELEMENTS];    /* atomic numbers, ascending */
  char (*name)[EIPNN_LABELS_NAME_SIZE]; /* [neips] label sets, "eip/<name>" */
  double *slope;       /* [neips] */
  double *shift;       /* [neips][nspecies] eV/atom */
  double *scatter;     /* [neips] median absolute residual of the fit, eV/atom; NaN: not fitted */
  size_t *used;        /* [neips] configurations that entered the fit */
} eipnn_calibration;

/* Slope 1, shifts the reference energies of the dataset. name: [neips] label sets,
   NULL: every set of the dataset whose name begins with "eip/" (neips is ignored). Free with
   eipnn_calibration_free. */
eipnn_status eipnn_calibration_reference(const eipnn_dataset *dataset, int neips,
                                         const char *const *name, eipnn_calibration *calibration);

/* Slope and shifts of each EIP by a robust fit (iteratively reweighted least squares,
   Tukey's biweight) to the DFT energies per atom of roles train and validation of split, within
   the energy window (eV/atom of DFT, NaN: no limit). Where an EIP has too few common
   labels for a fit (fewer than 5 per unknown) it keeps slope 1 and its reference energies, with
   scatter NaN. Where the labels leave a choice (species that compositions do not tell apart): the
   solution closest to those. The shift of a species that no label holds and whose reference energy
   is not set is NaN. */
eipnn_status eipnn_calibration_fit(const eipnn_dataset *dataset, const char *split, int neips,
                                   const char *const *name, double energy_minimum,
                                   double energy_maximum, eipnn_calibration *calibration);
void eipnn_calibration_free(eipnn_calibration *calibration);

/* Energies of every EIP for every configuration on the scale of DFT: energy [n][neips], eV; NaN where
   an EIP has no label. */
eipnn_status eipnn_calibration_apply(const eipnn_calibration *calibration,
                                     const eipnn_dataset *dataset, double *energy);

/* A regression of DFT on the EIPs, E = sum_k coefficient_k E_k + sum_s n_s shift_s, on what delta
   learning builds: the network learns the difference, the EIPs run beside it. */
typedef struct eipnn_baseline {
  int neips;
  int nspecies;
  int species[EIPNN_ELEMENTS];    /* atomic numbers, ascending */
  char (*name)[EIPNN_LABELS_NAME_SIZE]; /* [neips] label sets */
  double *coefficient; /* [neips] */
  double shift[EIPNN_ELEMENTS];   /* [nspecies] eV/atom */
  double mae;          /* of the fit, eV/configuration */
  double energy_minimum, energy_maximum; /* window of the fit, eV/atom of DFT; NaN: no limit */
} eipnn_baseline;

/* Ridge regression per atom on roles train and validation of split: minimises the mean square error
   plus penalty times the squared coefficients of the EIP energies, standardised to variance 1;
   shifts are not penalised. Only configurations with all labels enter. name as above. */
eipnn_status eipnn_baseline_fit(const eipnn_dataset *dataset, const char *split, int neips,
                                const char *const *name, double penalty, double energy_minimum,
                                double energy_maximum, eipnn_baseline *baseline);
void eipnn_baseline_free(eipnn_baseline *baseline);

/* sum_k coefficient_k E_k (without shifts, which the network learns) for every configuration:
   energy [n] eV, NaN where a label is missing. */
eipnn_status eipnn_baseline_energy(const eipnn_baseline *baseline, const eipnn_dataset *dataset,
                                   double *energy);

/* Subtracts the baseline from the DFT labels of the dataset in memory: energies, forces and virials.
   Labels without a baseline become NaN (all forces where an EIP's label set has none), and those
   outside its energy window, which no longer applies to what is left. */
eipnn_status eipnn_baseline_subtract(const eipnn_baseline *baseline, eipnn_dataset *dataset);

/* Makes the baseline part of a model that was trained on what it leaves: coefficients, and as
   sources the models or commands that the dataset's label sets were made by. */
eipnn_status eipnn_baseline_store(const eipnn_baseline *baseline, const eipnn_dataset *dataset,
                                  eipnn_model *model);

/* Adds the labels of a model's baseline for one configuration of the dataset to what the network
   says: energy, forces [natoms][3], virial [6] (each may be NULL). NaN where a label is missing, an
   error that names the label sets where the dataset lacks some. Nothing for models without. */
eipnn_status eipnn_model_add_baseline(const eipnn_model *model, const eipnn_dataset *dataset,
                                      size_t index, double *energy, double (*forces)[3],
                                      double *virial);

#ifdef __cplusplus
}
#endif
#endif
