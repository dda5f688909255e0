/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Energy and virial of all rows. Partial sums of a fixed number: the result is the same bits
   however many threads take part. */
#include "models/kokkos/results.h"

namespace eipnn
{

constexpr int npartial = 4096, nsecond = 64;
static_assert(total_scratch == 7 * (npartial + nsecond), "room for partial sums");

/* The terms of one partial sum: consecutive ones on the host, on a device those of neighbouring
   sums side by side. */
struct Share {
  std::int64_t begin, end, step;
};

template <class Exec> KOKKOS_INLINE_FUNCTION Share share_of(std::int64_t part, std::int64_t n)
{
  if (!computes_on_host<Exec>) return {part, n, npartial};
  const std::int64_t length = (n + npartial - 1) / npartial, begin = part * length;
  return {begin, begin + length < n ? begin + length : n, 1};
}

template <class Exec, class Real> void sum_energy_parts(const Outputs<Real> &given, double *partial)
{
  const Outputs<Real> outputs = given;
  for_each<Exec>(
      "eipnn energy", npartial, KOKKOS_LAMBDA(std::int64_t part) {
        const Share share = share_of<Exec>(part, outputs.nrow);
        double sum = 0.0;
        for (std::int64_t row = share.begin; row < share.end; row += share.step)
          if (outputs.config[row] >= 0) sum += energy_of_row(outputs, row);
        partial[part] = sum;
      });
}

template <class Exec, class Real>
void sum_virial_parts(const Gradients<Real> &given, const eipnn_device_atoms &given_atoms,
                      const Pairs &given_pairs, double *partial)
{
  const Gradients<Real> gradients = given;
  const eipnn_device_atoms atoms = given_atoms;
  const Pairs pairs = given_pairs;
  for_each<Exec>(
      "eipnn virial", npartial, KOKKOS_LAMBDA(std::int64_t part) {
        const Share share = share_of<Exec>(part, pairs.first[atoms.nlist]);
        double sum[9] = {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
        for (std::int64_t p = share.begin; p < share.end; p += share.step)
          add_pair_virial(gradients, atoms, pairs, p, sum);
        for (int k = 0; k < 6; k++) partial[k * npartial + part] = -gradients.scale * sum[k];
      });
}

/* to[m] = the sum of from[m*length] .. from[m*length + length-1]. */
template <class Exec> void sum_runs(int n, int length, const double *from, double *to)
{
  for_each<Exec>(
      "eipnn sum", n, KOKKOS_LAMBDA(std::int64_t m) {
        double sum = 0.0;
        for (int k = 0; k < length; k++) sum += from[m * length + k];
        to[m] = sum;
      });
}

template <class Exec, class Real>
void sum_totals(const Outputs<Real> &outputs, const Gradients<Real> *gradients,
                const eipnn_device_atoms &atoms, const Pairs &pairs, double *scratch,
                Report *report)
{
  const int nsum = gradients ? 7 : 1;
  double *const second = scratch + 7 * npartial;
  sum_energy_parts<Exec>(outputs, scratch);
  if (gradients) sum_virial_parts<Exec>(*gradients, atoms, pairs, scratch + npartial);
  sum_runs<Exec>(nsum * nsecond, npartial / nsecond, scratch, second);
  sum_runs<Exec>(nsum, nsecond, second, report->sum);
}

#define EIPNN_TOTALS_FOR(Exec, Real)                                                               \
  template void sum_totals<Exec>(const Outputs<Real> &, const Gradients<Real> *,                   \
                                 const eipnn_device_atoms &, const Pairs &, double *, Report *);
EIPNN_TOTALS_FOR(Device, float)
EIPNN_TOTALS_FOR(Device, double)
#ifdef EIPNN_KOKKOS_GPU
EIPNN_TOTALS_FOR(Host, float)
EIPNN_TOTALS_FOR(Host, double)
#endif

} // namespace eipnn
