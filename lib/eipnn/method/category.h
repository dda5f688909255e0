/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_METHOD_CATEGORY_H
#define EIPNN_METHOD_CATEGORY_H

/* The EIP of lowest |energy - dft|; -1 where there is none. */
int eipnn_best_eip(int neips, const double *energy, double dft);

#endif
