/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/kokkos/results.h"

#include <limits>

namespace eipnn
{

template <class Exec, class Real> void add_atom_energies(const Outputs<Real> &given, double *energy)
{
  const Outputs<Real> outputs = given;
  for_each<Exec>(
      "eipnn energies", outputs.nrow, KOKKOS_LAMBDA(std::int64_t row) {
        if (outputs.config[row] >= 0) energy[row] += energy_of_row(outputs, row);
      });
}

/* What is added to a result that must not be mistaken for a good one. */
KOKKOS_INLINE_FUNCTION double poison_of(const Fault *fault, double nan)
{
  return fault->recorded ? nan : 0.0;
}

template <class Exec, class Real> void add_forces(const Gradients<Real> &given, double (*forces)[3])
{
  const Gradients<Real> g = given;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for_each<Exec>(
      "eipnn forces", g.nrow, KOKKOS_LAMBDA(std::int64_t row) {
        double sum[3] = {0.0, 0.0, 0.0};
        if (row < g.nowned)
          for (std::int64_t p = g.adjacency.first_i[row]; p < g.adjacency.first_i[row + 1]; p++)
            for (int k = 0; k < 3; k++) sum[k] += double(g.gradient[3 * p + k]);
        for (std::int64_t m = g.adjacency.first_j[row]; m < g.adjacency.first_j[row + 1]; m++) {
          const std::int64_t p = g.adjacency.pair_of_j[m];
          for (int k = 0; k < 3; k++) sum[k] -= double(g.gradient[3 * p + k]);
        }
        const double poison = poison_of(g.fault, nan);
        for (int k = 0; k < 3; k++) forces[row][k] += g.scale * sum[k] + poison;
      });
}

template <class Exec, class Real, int n>
void add_virials(const Gradients<Real> &given, const eipnn_device_atoms &given_atoms,
                 const Pairs &given_pairs, double (*virial)[n])
{
  const Gradients<Real> g = given;
  const eipnn_device_atoms atoms = given_atoms;
  const Pairs pairs = given_pairs;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for_each<Exec>(
      "eipnn virials", g.nrow, KOKKOS_LAMBDA(std::int64_t row) {
        double sum[9] = {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
        if (row < g.nowned)
          for (std::int64_t p = g.adjacency.first_i[row]; p < g.adjacency.first_i[row + 1]; p++)
            add_pair_virial(g, atoms, pairs, p, sum);
        for (std::int64_t m = g.adjacency.first_j[row]; m < g.adjacency.first_j[row + 1]; m++)
          add_pair_virial(g, atoms, pairs, g.adjacency.pair_of_j[m], sum);
        const double poison = poison_of(g.fault, nan);
        for (int k = 0; k < n; k++) virial[row][k] += -0.5 * g.scale * sum[k] + poison;
      });
}

#define EIPNN_RESULTS_FOR_REAL(Exec, Real)                                                         \
  template void add_atom_energies<Exec>(const Outputs<Real> &, double *);                          \
  template void add_forces<Exec>(const Gradients<Real> &, double(*)[3]);                           \
  template void add_virials<Exec>(const Gradients<Real> &, const eipnn_device_atoms &,             \
                                  const Pairs &, double(*)[6]);                                    \
  template void add_virials<Exec>(const Gradients<Real> &, const eipnn_device_atoms &,             \
                                  const Pairs &, double(*)[9]);
#define EIPNN_RESULTS_FOR(Exec)                                                                    \
  EIPNN_RESULTS_FOR_REAL(Exec, float) EIPNN_RESULTS_FOR_REAL(Exec, double)
EIPNN_RESULTS_FOR(Device)
#ifdef EIPNN_KOKKOS_GPU
EIPNN_RESULTS_FOR(Host)
#endif

} // namespace eipnn
