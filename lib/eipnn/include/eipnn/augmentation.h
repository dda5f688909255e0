/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_AUGMENTATION_H
#define EIPNN_AUGMENTATION_H

#include <eipnn/calibration.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Label augmentation (Shui et al., NeurIPS 2022, section 4): a classifier, trained where DFT is
   known, picks for each configuration of the pool the EIP that is likely right. Classes are the
   EIPs in the order of a calibration and, last, "none": no EIP within the error limit. */

/* The class of every configuration that has a DFT label and an EIP label: the EIP of lowest
   |E_EIP - E_DFT|, or neips where that exceeds limit (eV/atom). energy: [n][neips] of
   eipnn_calibration_apply. category [n]: -1 where unknown. */
eipnn_status eipnn_augmentation_classes(const eipnn_dataset *dataset, int neips,
                                        const double *energy, double limit, int *category);

/* The likeliest class of one configuration: an EIP that has an energy for it, or neips, "none".
   energy [neips], probability [neips+1]. -1 where no probability is a number. */
int eipnn_augmentation_likeliest(int neips, const double *energy, const double *probability);

typedef enum eipnn_label_choice {
  EIPNN_LABEL_BEST,    /* energy of the likeliest class (the paper's) */
  EIPNN_LABEL_EXPECTED /* mean over the EIPs with the classifier's probabilities as weights */
} eipnn_label_choice;

typedef struct eipnn_augmentation_options {
  const char *split;        /* its pool is labelled */
  eipnn_label_choice label;
  double threshold;         /* lowest probability that is believed; 0: the paper's, none */
  int confidence_weights;   /* 1: a label counts with its probability in the loss, 0: all alike */
  int forces;               /* 1: take forces and virials of the chosen EIP too, where there are some */
  double energy_minimum, energy_maximum; /* eV/atom, chosen labels outside are left out; NaN: no limit */
} eipnn_augmentation_options;
void eipnn_augmentation_options_default(eipnn_augmentation_options *options);

/* Labels chosen for the pool. Arrays run over all configurations (atoms) of the dataset. */
typedef struct eipnn_augmentation {
  size_t count;         /* configurations of the dataset */
  size_t selected;      /* of them with a chosen label */
  int *eip;             /* [count] chosen EIP; -1: none */
  double *probability;  /* [count] of the chosen class, "none" included; NaN outside the pool */
  double *energy;       /* [count] eV on the scale of DFT; NaN: no label */
  double *weight;       /* [count] */
  double (*forces)[3];  /* [atoms] slope times the EIP's; NULL: not asked for, NaN: no label */
  double (*virial)[6];  /* [count] likewise */
} eipnn_augmentation;

/* probability: [n][neips+1] of eipnn_classify; energy as above. An EIP without a label is not
   chosen. With EXPECTED a label is given where class "none" is not the likeliest, eip
   is the likeliest EIP, and forces are the weighted mean too. Free with eipnn_augmentation_free. */
eipnn_status eipnn_augmentation_choose(const eipnn_dataset *dataset,
                                       const eipnn_calibration *calibration, const double *energy,
                                       const double *probability,
                                       const eipnn_augmentation_options *options,
                                       eipnn_augmentation *augmentation);
/* Subtracts a baseline from the chosen labels, for delta learning. Labels without a baseline go. */
eipnn_status eipnn_augmentation_subtract(const eipnn_baseline *baseline,
                                         const eipnn_dataset *dataset,
                                         eipnn_augmentation *augmentation);
void eipnn_augmentation_free(eipnn_augmentation *augmentation);

/* How good chosen labels and classes are, where DFT is known after all (hidden DFT labels of a pool, a
   test set): the figures of the paper's Tables 5 and 6. Groups are tenths of the likeliest
   class's probability, [0,0.1) ... [0.9,1]. */
enum { EIPNN_AUGMENTATION_GROUPS = 10 };
typedef struct eipnn_augmentation_report {
  size_t configurations; /* of the role, with a DFT and an EIP label */
  size_t correct;        /* likeliest class is the true one */
  size_t majority;       /* members of the commonest true class */
  size_t labelled;       /* with a chosen label */
  size_t outliers;       /* of them further than limit from DFT */
  double label_mae;      /* eV/atom of the chosen labels */
  double best_mae;       /* eV/atom of the EIP that is truly best, over all configurations */
  size_t group_count[EIPNN_AUGMENTATION_GROUPS];
  size_t group_correct[EIPNN_AUGMENTATION_GROUPS];
  double group_mae[EIPNN_AUGMENTATION_GROUPS]; /* eV/atom of chosen labels, NaN: none */
} eipnn_augmentation_report;

/* augmentation NULL: classes alone are assessed. Means over nothing are NaN. */
eipnn_status eipnn_augmentation_assess(const eipnn_dataset *dataset, const char *split, int role,
                                       int neips, const double *energy, const double *probability,
                                       double limit, const eipnn_augmentation *augmentation,
                                       eipnn_augmentation_report *report);

#ifdef __cplusplus
}
#endif
#endif
