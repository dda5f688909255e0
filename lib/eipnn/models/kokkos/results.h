/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_MODELS_KOKKOS_RESULTS_H
#define EIPNN_MODELS_KOKKOS_RESULTS_H

/* From what the network gives per row and per pair to energies, forces and virials: what
   models/calculator_compute.c does on the host. Sums are taken in double, in an order that depends
   on nothing but the pairs. Arrays are device memory; see eipnn_device_result. */

#include "models/kokkos/selection.h"
#include "tensor/kokkos/adjacency.h"

namespace eipnn
{

/* Energies of rows: scale * output[row][0] + shift of its species. */
template <class Real> struct Outputs {
  int nrow, nheads;
  const Real *output; /* [nrow][nheads] */
  const int *config;  /* [nrow] -1: does not contribute */
  const int *species; /* [nrow] */
  double scale;
  const double *shift; /* by species */
};

/* The derivative of the sum of outputs with respect to the vectors of pairs. */
template <class Real> struct Gradients {
  int nowned, nrow;
  eipnn_adjacency adjacency;
  const Real *gradient; /* [pair][3] */
  double scale;
  const Fault *fault; /* once there is one, every force and virial is NaN */
};

/* Numbers that the host asks for. Device memory. */
struct Report {
  double sum[7]; /* energy, virial xx yy zz xy xz yz */
  Fault fault;
};

template <class Exec, class Real>
void add_atom_energies(const Outputs<Real> &outputs, double *energy);
template <class Exec, class Real>
void add_forces(const Gradients<Real> &gradients, double (*forces)[3]);
/* n components, 6 or 9, of each row: half of the virial of each of its pairs. */
template <class Exec, class Real, int n>
void add_virials(const Gradients<Real> &gradients, const eipnn_device_atoms &atoms,
                 const Pairs &pairs, double (*virial)[n]);

/* Into report->sum; gradients: NULL: no virial. scratch: [total_scratch] doubles. */
constexpr int total_scratch = 7 * (4096 + 64);
template <class Exec, class Real>
void sum_totals(const Outputs<Real> &outputs, const Gradients<Real> *gradients,
                const eipnn_device_atoms &atoms, const Pairs &pairs, double *scratch,
                Report *report);

template <class Real>
KOKKOS_INLINE_FUNCTION double energy_of_row(const Outputs<Real> &o, std::int64_t row)
{
  return o.scale * double(o.output[row * o.nheads]) + o.shift[o.species[row]];
}

/* w += v (outer product) g, components xx yy zz xy xz yz yx zx zy. */
KOKKOS_INLINE_FUNCTION void add_outer(const double v[3], const double g[3], double w[9])
{
  w[0] += v[0] * g[0];
  w[1] += v[1] * g[1];
  w[2] += v[2] * g[2];
  w[3] += v[0] * g[1];
  w[4] += v[0] * g[2];
  w[5] += v[1] * g[2];
  w[6] += v[1] * g[0];
  w[7] += v[2] * g[0];
  w[8] += v[2] * g[1];
}

/* Adds the virial of pair p, before -scale. */
template <class Real>
KOKKOS_INLINE_FUNCTION void add_pair_virial(const Gradients<Real> &gradients,
                                            const eipnn_device_atoms &atoms, const Pairs &pairs,
                                            std::int64_t p, double w[9])
{
  double vec[3], g[3];
  pair_vector(atoms, pairs, p, vec);
  for (int k = 0; k < 3; k++) g[k] = double(gradients.gradient[3 * p + k]);
  add_outer(vec, g, w);
}

} // namespace eipnn

#endif
