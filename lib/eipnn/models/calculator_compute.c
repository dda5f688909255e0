/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Energies, forces and virials of one rank's atoms, for an MD host. Sums over
   atoms and pairs are taken in double whatever the precision of the network. */
#include "models/calculator_data.h"
#include "models/model_data.h"

#include <math.h>
#include <string.h>

/* Cartesian components of the nine centroid virials; the first six are those
   of the symmetric virial: xx yy zz xy xz yz yx zx zy. */
static const int row_of[9] = {0, 1, 2, 0, 0, 1, 1, 2, 2};
static const int col_of[9] = {0, 1, 2, 1, 2, 2, 0, 0, 1};

static eipnn_status check_request(const eipnn_calculator *c, const eipnn_atoms *atoms, int forces,
                                  const eipnn_result *result)
{
  EIPNN_TRY(eipnn_model_require_periodic(c->description));
  if (!forces && (result->forces || result->atom_virial || result->centroid_virial))
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "forces or per-atom virials were asked for, but with forces = 0");
  if (atoms->nlocal < 0 || atoms->nghost < 0)
    return eipnn_error(EIPNN_ERROR_ARGUMENT, "%d owned and %d ghost atoms", atoms->nlocal,
                       atoms->nghost);
  for (int i = 0; i < atoms->nlocal; i++)
    if (atoms->species[i] >= c->description->nspecies)
      return eipnn_error(EIPNN_ERROR_ARGUMENT, "atom %d has species index %d of a model of %d", i,
                         atoms->species[i], c->description->nspecies);
  return EIPNN_OK;
}

static eipnn_status sum_energy(const eipnn_calculator *c, eipnn_result *result)
{
  const double scale = c->description->scale[0];
  const size_t nheads = (size_t)c->description->nheads;
  result->energy = 0.0;
  for (int i = 0; i < c->selection.natom; i++) {
    const int species = c->selection.species[i];
    if (species < 0) continue;
    const double energy = scale * c->output[(size_t)i * nheads] + c->description->shift[species];
    result->energy += energy;
    if (result->atom_energy) result->atom_energy[i] += energy;
  }
  if (isfinite(result->energy)) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_NUMERIC,
                     "the energy is not finite: look for atoms on top of each other");
}

static void add_forces(const eipnn_calculator *c, double (*forces)[3])
{
  const eipnn_selection *s = &c->selection;
  const double scale = c->description->scale[0];
  for (int p = 0; p < s->npair; p++) {
    double *fi = forces[s->pair_i[p]], *fj = forces[s->pair_j[p]];
    for (int k = 0; k < 3; k++) {
      const double f = scale * c->gradient[p][k];
      fi[k] += f;
      fj[k] -= f;
    }
  }
}

void eipnn_calculator_sum_virial(const eipnn_calculator *c, int npair, const double (*vec)[3],
                                 double virial[6])
{
  const double scale = c->description->scale[0];
  double sum[6] = {0};
  for (int p = 0; p < npair; p++)
    for (int k = 0; k < 6; k++) sum[k] -= vec[p][row_of[k]] * c->gradient[p][col_of[k]];
  for (int k = 0; k < 6; k++) virial[k] = scale * sum[k];
}

/* Half of each pair's virial to each of its atoms, n components (6 or 9). */
static void add_atom_virials(const eipnn_calculator *c, int n, double *virial)
{
  const eipnn_selection *s = &c->selection;
  const double scale = c->description->scale[0];
  for (int p = 0; p < s->npair; p++) {
    double *vi = virial + (size_t)n * (size_t)s->pair_i[p];
    double *vj = virial + (size_t)n * (size_t)s->pair_j[p];
    for (int k = 0; k < n; k++) {
      const double half = -0.5 * scale * s->vec[p][row_of[k]] * c->gradient[p][col_of[k]];
      vi[k] += half;
      vj[k] += half;
    }
  }
}

eipnn_status eipnn_calculator_compute(eipnn_calculator *calculator, const eipnn_atoms *atoms,
                                      int forces, eipnn_result *result)
{
  EIPNN_TRY(check_request(calculator, atoms, forces, result));
  eipnn_selection *selection = &calculator->selection;
  EIPNN_TRY(eipnn_selection_build(selection, atoms, calculator->description->options.cutoff,
                                  calculator->has_halo));
  eipnn_structure structure;
  eipnn_selection_structure(selection, &structure);
  EIPNN_TRY(
      eipnn_calculator_run(calculator, &structure, (const double(*)[3])selection->vec, forces));
  memset(result->virial, 0, sizeof result->virial);
  EIPNN_TRY(sum_energy(calculator, result));
  if (!forces) return EIPNN_OK;
  eipnn_calculator_sum_virial(calculator, selection->npair, (const double(*)[3])selection->vec,
                              result->virial);
  if (result->forces) add_forces(calculator, result->forces);
  if (result->atom_virial) add_atom_virials(calculator, 6, &result->atom_virial[0][0]);
  if (result->centroid_virial) add_atom_virials(calculator, 9, &result->centroid_virial[0][0]);
  return EIPNN_OK;
}
