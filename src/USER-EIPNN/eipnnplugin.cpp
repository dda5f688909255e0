/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entry point of the plugin: checks that it fits the LAMMPS that loads it, then registers the
   styles. */
#include "eipnn_plugin_fault.h"
#include "eipnn_styles.h"
#ifdef EIPNN_STYLES_FILE
#include "eipnn_kokkos_host.h"
#endif

#include "comm.h"
#include "error.h"
#include "lammps.h"

#include <string>

using namespace LAMMPS_NS;

extern "C" {
__attribute__((visibility("default"))) void lammpsplugin_init(void *, void *, void *);
}

/* Class layouts differ from one LAMMPS version to the next: a plugin serves the one
   it was compiled for. What does not fit, or "". */
static std::string other_version(LAMMPS *lmp)
{
  if (EIPNN_LAMMPS_NUM_VER == 0 || lmp->num_ver == EIPNN_LAMMPS_NUM_VER) return "";
  return eipnn_compile_again("compiled for LAMMPS " + std::to_string(EIPNN_LAMMPS_NUM_VER) +
                             ", this is " + std::to_string(lmp->num_ver));
}

/* The styles are linked into this plugin; those with Kokkos lie in a second one beside it: it can
   be opened only where the host has Kokkos, and this one tells what is wrong elsewhere. */
static std::string find_styles(eipnn_register_function **styles)
{
#ifdef EIPNN_STYLES_FILE
  const std::string fault = eipnn_compile_again(eipnn_other_kokkos());
  return fault.empty() ? eipnn_open_styles(EIPNN_STYLES_FILE, styles) : fault;
#else
  *styles = eipnn_register_styles;
  return "";
#endif
}

void lammpsplugin_init(void *host, void *handle, void *regfunc)
{
  LAMMPS *lmp = static_cast<LAMMPS *>(host);
  eipnn_register_function *styles = nullptr;
  std::string fault = other_version(lmp);
  if (fault.empty()) fault = find_styles(&styles);
  if (fault.empty()) return styles(host, handle, regfunc);
  if (lmp->comm->me == 0) lmp->error->warning(FLERR, "eipnn plugin not loaded: " + fault);
}
