/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eipnn_styles.h"
#include "pair_eipnn.h"
#ifdef EIPNN_KOKKOS_STYLES
#include "pair_eipnn_kokkos.h"
#endif

#include "lammps.h"

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
}

template <class Style> static void *create(void *lmp)
{
  return new Style(static_cast<LAMMPS *>(lmp));
}

static const struct {
  const char *name;
  lammpsplugin_factory1 *creator;
} styles[] = {
    {"eipnn", create<PairEIPNN>},
#ifdef EIPNN_KOKKOS_STYLES
    {"eipnn/kk", create<PairEIPNNKokkos<LMPDeviceType>>},
    {"eipnn/kk/device", create<PairEIPNNKokkos<LMPDeviceType>>},
    {"eipnn/kk/host", create<PairEIPNNKokkos<LMPHostType>>},
#endif
};

__attribute__((visibility("default"))) void eipnn_register_styles(void *lmp, void *handle,
                                                                  void *regfunc)
{
  lammpsplugin_t plugin = {};
  plugin.version = static_cast<LAMMPS *>(lmp)->version;
  plugin.style = "pair";
  plugin.info = "Neural-network potentials of the eipnn library";
  plugin.author = "eipnn developers";
  plugin.handle = handle;
  const lammpsplugin_regfunc add = reinterpret_cast<lammpsplugin_regfunc>(regfunc);
  for (const auto &style : styles) {
    plugin.name = style.name;
    plugin.creator.v1 = style.creator;
    add(&plugin, lmp);
  }
}
