/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_SHARED_SUMS_H
#define EIPNN_TENSOR_KOKKOS_SHARED_SUMS_H

/* A matrix whose elements are long sums, taken in double and in a fixed order. A thread of the host
   takes the sums of a few columns; on a GPU the threads of a team share the terms, and its lanes
   are neighbouring columns. */

#include "tensor/kokkos/columns.h"

#include <algorithm>

namespace eipnn
{

/* terms.template add<Width>(row, col, share, shares, sum) adds every shares-th term of Width
   elements, from term `share` on. */
template <class To, class Terms> struct WholeSums {
  To *out;
  std::int64_t cols;
  Terms terms;
  template <int Width> KOKKOS_INLINE_FUNCTION void columns(std::int64_t row, std::int64_t col) const
  {
    double sum[Width] = {};
    terms.template add<Width>(row, col, 0, 1, sum);
    for (int c = 0; c < Width; c++) out[row * cols + col + c] = To(sum[c]);
  }
};

template <class Exec, class To, class Terms> struct TeamSums {
  using Member = typename Kokkos::TeamPolicy<Exec>::member_type;
  To *out;
  std::int64_t cols;
  int lanes, pieces; /* of a row, each `lanes` columns wide */
  Terms terms;

  KOKKOS_INLINE_FUNCTION void operator()(const Member &team) const
  {
    const int row = team.league_rank() / pieces, shares = team.team_size();
    const std::int64_t base = std::int64_t(team.league_rank() - row * pieces) * lanes;
    const int width = int(cols - base < lanes ? cols - base : lanes);
    double *const partial = static_cast<double *>(team.team_scratch(0).get_shmem_aligned(
        std::size_t(shares) * std::size_t(lanes) * sizeof(double), alignof(double)));
    Kokkos::parallel_for(Kokkos::ThreadVectorRange(team, width), [&](int c) {
      double sum = 0.0;
      terms.template add<1>(row, base + c, team.team_rank(), shares, &sum);
      partial[team.team_rank() * lanes + c] = sum;
    });
    team.team_barrier();
    Kokkos::parallel_for(Kokkos::TeamVectorRange(team, width), [&](int c) {
      double sum = 0.0;
      for (int share = 0; share < shares; share++) sum += partial[share * lanes + c];
      out[row * cols + base + c] = To(sum);
    });
  }
};

/* out[rows][cols] = the sums */
template <class Exec, class To, class Terms>
std::enable_if_t<computes_on_host<Exec>> shared_sums(const char *name, std::int64_t rows,
                                                     std::int64_t cols, To *out, const Terms &terms)
{
  for_each_columns<Exec>(name, rows, cols, WholeSums<To, Terms>{out, cols, terms});
}

template <class Exec, class To, class Terms>
std::enable_if_t<!computes_on_host<Exec>>
shared_sums(const char *name, std::int64_t rows, std::int64_t cols, To *out, const Terms &terms)
{
  constexpr int most_lanes = has_lanes<Exec> ? 32 : 1, threads = has_lanes<Exec> ? 256 : 1;
  int lanes = 1;
  while (lanes < most_lanes && lanes < cols) lanes *= 2;
  const int shares = std::max(threads / lanes, 1), pieces = int((cols + lanes - 1) / lanes);
  if (rows * pieces == 0) return;
  Kokkos::TeamPolicy<Exec> policy(int(rows * pieces), shares, lanes);
  policy.set_scratch_size(
      0, Kokkos::PerTeam((std::size_t(shares) * std::size_t(lanes) + 1) * sizeof(double)));
  Kokkos::parallel_for(name, policy, TeamSums<Exec, To, Terms>{out, cols, lanes, pieces, terms});
}

} // namespace eipnn

#endif
