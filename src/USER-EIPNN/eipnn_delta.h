/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_DELTA_H
#define LMP_EIPNN_DELTA_H

/* Models of delta learning: what LAMMPS has to compute beside the network. */

#include "eipnn_ensemble.h"

namespace LAMMPS_NS
{

/* 1 if any of the models has a baseline of EIPs. */
bool eipnn_has_baseline(const EIPNNEnsemble &ensemble);

/* The pair_style and pair_coeff lines of the whole potential, each ending in a newline: the EIPs
   with their coefficients (the mean over the models) and the network. elements: atomic numbers by
   type from 1 on, 0: NULL; keywords: those given to pair_style eipnn but for delta. */
std::string eipnn_delta_lines(const EIPNNEnsemble &ensemble, const std::vector<int> &elements,
                              const std::string &keywords);

} // namespace LAMMPS_NS

#endif
