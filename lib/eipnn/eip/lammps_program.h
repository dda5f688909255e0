/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_EIP_LAMMPS_PROGRAM_H
#define EIPNN_EIP_LAMMPS_PROGRAM_H

#include "base/error.h"

/* How LAMMPS is started: the executable and the environment it gets. */
typedef struct eipnn_lammps_program {
  char *path;
  char **environment; /* NULL-terminated */
} eipnn_lammps_program;

/* The executable is what EIPNN_LAMMPS names, else `lmp` on PATH. Its environment is
   this process's without what MPI launchers leave there, so that it runs on its own
   also beneath mpirun; LAMMPS_POTENTIALS is added where it is unset and LAMMPS' folder
   of potentials lies where the executable's installation puts it. Free with
   eipnn_lammps_program_free, also after a failure. */
eipnn_status eipnn_lammps_program_find(eipnn_lammps_program *program);
void eipnn_lammps_program_free(eipnn_lammps_program *program);

/* 1 if LAMMPS will know a folder of potentials. */
int eipnn_lammps_program_has_potentials(const eipnn_lammps_program *program);

#endif
