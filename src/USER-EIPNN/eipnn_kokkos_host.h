/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_KOKKOS_HOST_H
#define LMP_EIPNN_KOKKOS_HOST_H

/* Whether the LAMMPS that loads the plugin has the Kokkos that the plugin was compiled with. Needs
   no symbol of Kokkos. Both return what is wrong, or "". */

#include "eipnn_styles.h"

#include <string>

/* KOKKOS package, its devices and precision, and, where it runs, the version of Kokkos. */
std::string eipnn_other_kokkos();

/* The styles from the file of that name beside the plugin. What is wrong has its remedy. */
std::string eipnn_open_styles(const char *name, eipnn_register_function **styles);

#endif
