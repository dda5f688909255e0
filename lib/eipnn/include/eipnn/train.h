/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_H
#define EIPNN_TRAIN_H

#include <eipnn/augmentation.h>
#include <eipnn/calculator.h>
#include <eipnn/dataset.h>
#include <eipnn/model.h>
#include <eipnn/parallel.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum eipnn_schedule {
  EIPNN_SCHEDULE_LINEAR, /* lr (1 - t) + lr_final t: the paper's for DFT energies */
  EIPNN_SCHEDULE_SLANTED /* slanted triangular: the paper's for pretraining and the classifier */
} eipnn_schedule;

/* Learning rate at progress t = step/steps in [0,1).
   LINEAR: lr [ (1-t) + ratio t ], ratio = 0.01.
   SLANTED: cut = 0.2, p = t/cut below the cut, (1-t)/(1-cut) above,
   lr (1 + 31 p)/32 (reference/eips-and-networks B3). */
double eipnn_schedule_rate(eipnn_schedule schedule, double rate, double final_ratio, double t);

typedef struct eipnn_train_progress eipnn_train_progress;

/* Loss of the labels that augmentation chose. With r the residual, sigma = 1.4826 times the median
   absolute residual of all labels of the step, DFT and chosen (energies, force components and
   virial components apart; the lower of two middle values; no gradient through it), and
   c = 4.6851: */
typedef enum eipnn_augmentation_loss {
  EIPNN_LOSS_TUKEY,        /* Tukey's biweight of r with k = c sigma (the paper's) */
  EIPNN_LOSS_TUKEY_SCALED, /* of r/sigma with k = c (the released code's) */
  EIPNN_LOSS_SQUARED       /* r^2 (the paper's Table 4, for comparison) */
} eipnn_augmentation_loss;

/* Everything that decides a training run. Start from
   eipnn_train_options_default (fine-tuning or training from scratch) or
   eipnn_pretrain_options_default (multi-task pretraining). */
typedef struct eipnn_train_options {
  const char *split;      /* roles; train (+ pool where pretraining) and validation are read */
  int use_pool;           /* 1: configurations of the pool join training (pretraining on EIP labels) */
  int batch;              /* configurations per optimiser step, over all ranks */
  int64_t epochs;         /* length of training in epochs ... */
  int64_t steps;          /* ... or, if > 0, in optimiser steps */
  double rate;            /* learning rate */
  double final_ratio;     /* of the linear schedule */
  eipnn_schedule schedule;
  double clip;            /* global gradient norm; 0: no clipping */
  uint64_t seed;          /* batches */
  double energy_weight, force_weight, virial_weight; /* of the loss terms; 0: not trained on */
  double huber;           /* energy residuals beyond this many scales of their head enter the loss of
                             dataset labels linearly (Huber), not squared; 0: all squared */
  double average;         /* decay per step of an exponential mean of the weights, which is then what is
                             validated and kept; min(average, (1+step)/(10+step)); 0: none */
  int keep_last;          /* 1: the weights of the last validation are kept, not those of the best: for
                             validation sets too small to choose by */
  double energy_minimum, energy_maximum; /* eV/atom: labels outside are masked (NaN limits: none) */
  int64_t validate_every; /* steps between validations; 0: once per epoch, at least 20 times a run */
  const eipnn_augmentation *augmentation; /* labels of the pool that head "dft" learns beside
                                             DFT, whose validation they do not enter; NULL: none */
  double alpha;                 /* weight of their loss, a mean over a step's labels */
  eipnn_augmentation_loss augmentation_loss;
  int mixed_batches;            /* 0: each step takes `batch` DFT and `batch` chosen labels (the paper's
                                   two sums; an epoch is once through the DFT labels); 1: `batch` from
                                   both shuffled together (released code; an epoch is once through all) */
  int alpha_by_count;           /* 1: alpha times (DFT labels)/(chosen labels) (released code) */
  const int *category;          /* classifiers: [n] class of each configuration, -1: unknown */
  eipnn_precision precision;
  int table, table_nodes;
  const char *backend;          /* "cpu", "ref"; with Kokkos also "kokkos" (the device), "kokkos-host" */
  const char *checkpoint;       /* file; NULL: none */
  double checkpoint_interval;   /* seconds between checkpoints; 0: one at every validation */
  int resume;                   /* 1: continue from checkpoint if it exists: bit for bit as if never
                                   stopped, on as many ranks and the same backend; to rounding on
                                   others. All other options, data, scales and shifts must be those
                                   of its run. */
  void *context;
  /* Called on rank 0 after every validation and about once a second between.
     A non-zero result stops training cleanly, checkpoint written. May be NULL. */
  int (*progress)(void *context, const eipnn_train_progress *progress);
} eipnn_train_options;

struct eipnn_train_progress {
  int64_t step, steps, epoch;
  double rate;
  double loss;                  /* running mean of the training loss since the last validation */
  double sigma;                 /* label augmentation, robust losses: mean scale of the residuals
                                   (eV) and share of the chosen labels with a gradient, since the
                                   last validation of this process; else NaN */
  double labels_used;
  int validated;                /* 1: the next three are new */
  double validation_mae;        /* eV/configuration, mean over heads; a classifier's: share that is wrong */
  double validation_atom_mae;   /* eV/atom, mean over heads; a classifier's: cross entropy */
  double best_mae;              /* lowest so far */
  double configurations_per_second;
  double remaining;             /* seconds to the end */
  size_t bytes;                 /* memory of the graph */
  const char *other_backend;    /* of the run that wrote the checkpoint this one continues, where it
                                   is not this run's; else NULL */
};

typedef struct eipnn_train_summary {
  int64_t steps, best_step;
  double best_mae, best_atom_mae;
  size_t ntrain, nvalidation;
  size_t nchosen;               /* labels of augmentation that were learnt from */
  int stopped;                  /* 1: the progress callback asked to stop */
  int diverged;                 /* 1: EIPNN_ERROR_NUMERIC stopped it; the weights of best_step are kept */
} eipnn_train_summary;

void eipnn_train_options_default(eipnn_train_options *options);
void eipnn_pretrain_options_default(eipnn_train_options *options);

/* Sets every head's shift (least squares of the energies on the numbers of atoms of
   each species; minimum-norm where species counts are collinear) and scale
   (standard deviation of the residual per atom) from the labels the head is named after ("dft", or "<eip>"
   meaning "eip/<eip>"), over what options would train on. */
eipnn_status eipnn_train_fit_output(eipnn_model *model, const eipnn_dataset *dataset,
                                    const eipnn_train_options *options);

/* Makes the one head of model a combination of all heads of pretrained, a model of the same
   network with one head per EIP: its representation and the hidden layer of its heads are taken
   over, and the output layer is sum_k c_k (head k) plus a constant per atom, which fits the
   energies that options would train on by least squares in the units of the heads, with
   a penalty towards the plain mean, c_k = 1/(number of heads). Scales and shifts of model must be set
   (eipnn_train_fit_output), and stay. Collective over parallel. */
eipnn_status eipnn_train_combine_heads(eipnn_model *model, const eipnn_model *pretrained,
                                       const eipnn_dataset *dataset,
                                       const eipnn_train_options *options,
                                       const eipnn_parallel *parallel);

/* Trains model in place; on return it holds the weights of the best
   validation (keep_last: of the last that is not 100 times worse than the start).
   Head k learns label set "dft" or "eip/<head name>". Missing (NaN) and
   masked labels do not count. A classifier learns options->category of role train by cross entropy; the
   weights of the best validation accuracy are kept, of several alike those of lower cross
   entropy. The result does not depend on the number of
   ranks beyond rounding. A loss that is not finite, or a validation error of more than 100
   times that of the start at three validations in a row, stops with
   EIPNN_ERROR_NUMERIC, best weights kept. */
eipnn_status eipnn_train(eipnn_model *model, const eipnn_dataset *dataset,
                         const eipnn_train_options *options, const eipnn_parallel *parallel,
                         eipnn_train_summary *summary);

/* Errors of a model on one role of a split, against label set "dft" (head 0). To a delta-learning model
   the labels of its EIPs are added; configurations without them are not compared. */
typedef struct eipnn_metrics {
  size_t configurations, atoms;
  double config_mae;     /* eV */
  double atom_mae;       /* eV/atom, mean over configurations of |dE|/natoms */
  double config_rmse, atom_rmse;
  size_t forces;         /* force components compared */
  double force_mae, force_rmse;    /* eV/A; NaN where there are none */
  size_t virials;
  double virial_mae, virial_rmse;  /* eV/atom */
  size_t left_out;       /* configurations that lack an EIP label of the model's baseline */
  double atom_shift;     /* eV/atom, mean over configurations of (predicted - label) / natoms */
} eipnn_metrics;

/* To a model with a baseline the dataset's EIP labels are added; an error that names
   those sets it lacks. predicted: optional, [n of dataset] energies, NaN where not evaluated.
   role EIPNN_ROLE_UNUSED and split NULL: all. The window is as in training. */
eipnn_status eipnn_evaluate(const eipnn_model *model, const eipnn_dataset *dataset, const char *split,
                            eipnn_role role, double energy_minimum, double energy_maximum,
                            const eipnn_calculator_options *options, eipnn_metrics *metrics,
                            double *predicted);

/* The same for energies from elsewhere: energy[k * stride] of configuration k, eV on the scale of
   DFT; NaN: not compared. Nothing to compare gives NaN. */
eipnn_status eipnn_evaluate_energies(const eipnn_dataset *dataset, const char *split,
                                     eipnn_role role, double energy_minimum, double energy_maximum,
                                     const double *energy, size_t stride, eipnn_metrics *metrics);

/* The same for every EIP label set against DFT, reference energies added. metrics:
   one per label set whose name begins with "eip/", in dataset order; *best: the one of
   lowest config_mae, -1 if none. Caller frees *metrics and *names with free(); the names
   themselves belong to the dataset. */
eipnn_status eipnn_evaluate_eips(const eipnn_dataset *dataset, const char *split, eipnn_role role,
                                 double energy_minimum, double energy_maximum,
                                 eipnn_metrics **metrics, const char ***names, int *count, int *best);

#ifdef __cplusplus
}
#endif
#endif
