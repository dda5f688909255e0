/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_METHOD_CATEGORY_H
#define EIPNN_METHOD_CATEGORY_H

/* The likeliest class of one configuration: an EIP that has an energy for it, or neips, "none".
   energy [neips], probability [neips+1]. -1 where no probability is a number. */
int eipnn_likeliest(int neips, const double *energy, const double *probability);

/* The EIP of lowest |energy - dft|; -1 where there is none. */
int eipnn_best_eip(int neips, const double *energy, double dft);

#endif
