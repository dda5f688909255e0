/* SPDX-License-Identifier: GPL-2.0-or-later */
/* LAMMPS with the eipnn styles, for a LAMMPS library without the PLUGIN package
   (Debian's, for one). Takes the options of lmp. The command `clear` forgets the styles. */
#include "pair_eipnn.h"
#ifdef EIPNN_KOKKOS_STYLES
#include "pair_eipnn_kokkos.h"
#endif

#include "force.h"
#include "input.h"
#include "lammps.h"

#include <mpi.h>

using namespace LAMMPS_NS;

template <class Style> static Pair *create(LAMMPS *lmp)
{
  return new Style(lmp);
}

static void run(int argc, char **argv)
{
  LAMMPS *lmp = new LAMMPS(argc, argv, MPI_COMM_WORLD);
  auto &styles = *lmp->force->pair_map;
  styles["eipnn"] = create<PairEIPNN>;
#ifdef EIPNN_KOKKOS_STYLES
  styles["eipnn/kk"] = styles["eipnn/kk/device"] = create<PairEIPNNKokkos<LMPDeviceType>>;
  styles["eipnn/kk/host"] = create<PairEIPNNKokkos<LMPHostType>>;
#endif
  lmp->input->file();
  delete lmp;
}

int main(int argc, char **argv)
{
  MPI_Init(&argc, &argv);
  try {
    run(argc, argv);
  } catch (...) { // LAMMPS has said what was wrong; its exception class depends on the version
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
  MPI_Finalize();
  return 0;
}
