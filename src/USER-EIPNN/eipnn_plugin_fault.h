/* -*- c++ -*- */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_PLUGIN_FAULT_H
#define LMP_EIPNN_PLUGIN_FAULT_H

#include <string>

/* Why the plugin does not fit this LAMMPS, and the remedy. "" stays "". */
inline std::string eipnn_compile_again(const std::string &fault)
{
  if (fault.empty()) return fault;
  return fault + "; compile it again for this LAMMPS, with EIPNN_LAMMPS_BUILD or "
                 "EIPNN_LAMMPS_INCLUDE of this version";
}

#endif
