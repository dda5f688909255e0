/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entry point of the plugin. */
#include "pair_eipnn.h"

#include "comm.h"
#include "error.h"
#include "lammps.h"

#include <string>

using namespace LAMMPS_NS;

/* LAMMPS' plugin interface (lammpsplugin.h, the same from 29Sep2021 on), declared
   here because installed headers lack it. */
extern "C" {
typedef void *(lammpsplugin_factory1)(void *);
typedef void *(lammpsplugin_factory2)(void *, int, char **);
typedef struct {
  const char *version;
  const char *style;
  const char *name;
  const char *info;
  const char *author;
  union {
    lammpsplugin_factory1 *v1;
    lammpsplugin_factory2 *v2;
  } creator;
  void *handle;
} lammpsplugin_t;
typedef void (*lammpsplugin_regfunc)(lammpsplugin_t *, void *);

__attribute__((visibility("default"))) void lammpsplugin_init(void *, void *, void *);
}

static void *create_pair_eipnn(void *lmp)
{
  return new PairEIPNN(static_cast<LAMMPS *>(lmp));
}

/* Class layouts differ from one LAMMPS version to the next: a plugin serves the one
   it was compiled for. */
static bool same_version(LAMMPS *lmp)
{
  if (EIPNN_LAMMPS_NUM_VER == 0 || lmp->num_ver == EIPNN_LAMMPS_NUM_VER) return true;
  if (lmp->comm->me == 0)
    lmp->error->warning(FLERR, "eipnn plugin not loaded: compiled for LAMMPS " +
                                   std::to_string(EIPNN_LAMMPS_NUM_VER) + ", this is " +
                                   std::to_string(lmp->num_ver) +
                                   "; compile it again with EIPNN_LAMMPS_INCLUDE of this version");
  return false;
}

void lammpsplugin_init(void *host, void *handle, void *regfunc)
{
  LAMMPS *lmp = static_cast<LAMMPS *>(host);
  if (!same_version(lmp)) return;
  lammpsplugin_t plugin = {};
  plugin.version = lmp->version;
  plugin.style = "pair";
  plugin.name = "eipnn";
  plugin.info = "Neural-network potentials of the eipnn library";
  plugin.author = "eipnn developers";
  plugin.creator.v1 = create_pair_eipnn;
  plugin.handle = handle;
  reinterpret_cast<lammpsplugin_regfunc>(regfunc)(&plugin, host);
}
