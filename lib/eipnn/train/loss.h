/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TRAIN_LOSS_H
#define EIPNN_TRAIN_LOSS_H

#include <stddef.h>

/* Losses of the entries whose target is a number (NaN: not labelled). Each returns factor times
   a sum and sets seed[count] to its derivative by the predictions, zero where there is no
   label. With factor 1/(number of labels) the sum is a mean. */

/* sum (prediction - target)^2 */
double eipnn_loss_squared(size_t count, const double *prediction, const double *target,
                          double factor, double *seed);

/* Huber's loss, squared near zero and linear beyond (Ann. Math. Stat. 35, 73 (1964)), twice his:
   sum of r^2 where |r| <= limit, of limit (2 |r| - limit) beyond. limit > 0. */
double eipnn_loss_huber(size_t count, const double *prediction, const double *target, double limit,
                        double factor, double *seed);

/* Tukey's biweight has 95 % efficiency on normal residuals with a cutoff of so many sigma. */
#define EIPNN_TUKEY_CONSTANT 4.6851

/* Tukey's biweight (Beaton and Tukey, Technometrics 16, 147 (1974)) of the residuals
   r = prediction - target: sum of k^2/6 [1 - (1 - (r/k)^2)^3] where |r| < k = cutoff and of the
   constant k^2/6 beyond, where the derivative is zero. cutoff 0: zero. A residual that is not
   finite gives NaN, not a constant. */
double eipnn_loss_tukey(size_t count, const double *prediction, const double *target, double cutoff,
                        double factor, double *seed);

/* Cross entropy of one configuration: -log of the probability that softmax of logits[nclasses]
   gives category; zero, and no derivative, where that is -1. seed may be NULL. */
double eipnn_loss_cross_entropy(size_t nclasses, const double *logits, int category, double factor,
                                double *seed);

/* Standard deviation of normally distributed residuals from the median of their
   absolute values, of which the lower one of two middle ones is taken: 1.4826 times it. absolute:
   [count], sorted on return; negative ones do not count. 0 where there are none, NaN where one is
   not a number. */
double eipnn_loss_sigma(size_t count, double *absolute);

/* Entries that are labelled. */
size_t eipnn_loss_labelled(size_t count, const double *target);

#endif
