/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_FILTER_SORT_H
#define EIPNN_TENSOR_KOKKOS_FILTER_SORT_H

/* Pairs sorted by their interval of a radial table, then by number: a counting sort over chunks of
   pairs whose result does not depend on the order in which the chunks are worked on. */

#include "tensor/kokkos/filter_pass.h"

#include <algorithm>

namespace eipnn
{

/* Extents and device arrays of the sort. */
struct FilterSort {
  int npair, intervals;
  int chunk, chunks; /* pairs per chunk, number of chunks */
  int *interval;     /* [npair] */
  int *pair;         /* [npair] the pairs in order */
  int *count;        /* [intervals][chunks] */

  /* Where in `pair` an interval ends, and the next begins. */
  KOKKOS_INLINE_FUNCTION int end_of(int k) const
  {
    return k < 0 ? 0 : count[std::int64_t(k + 1) * chunks - 1];
  }
};

/* A GPU needs many chunks to keep its threads busy; but there is a counter for each chunk and
   interval. */
template <class Exec> FilterSort filter_sort_extents(std::size_t npair, int nodes)
{
  constexpr std::size_t shortest = computes_on_host<Exec> ? 1024 : 4;
  const std::size_t intervals = std::size_t(nodes - 1), most_counters = std::size_t(1) << 22;
  const std::size_t chunk = std::max(shortest, npair * intervals / most_counters + 1);
  FilterSort sort = {};
  sort.npair = int(npair);
  sort.intervals = int(intervals);
  sort.chunk = int(chunk);
  sort.chunks = int(std::max<std::size_t>(1, (npair + chunk - 1) / chunk));
  return sort;
}

inline std::size_t filter_sort_integers(const FilterSort &sort)
{
  return 2 * std::size_t(sort.npair) + std::size_t(sort.intervals) * std::size_t(sort.chunks);
}

inline void filter_sort_place(FilterSort &sort, void *memory)
{
  sort.interval = static_cast<int *>(memory);
  sort.pair = sort.interval + sort.npair;
  sort.count = sort.pair + sort.npair;
}

template <class Real> struct CountIntervals {
  FilterSort sort;
  FilterOperands<Real> f;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t chunk) const
  {
    int *const count = sort.count + chunk;
    const int used = f.npair_used ? *f.npair_used : f.npair;
    const std::int64_t first = chunk * sort.chunk, last = first + sort.chunk;
    for (int k = 0; k < sort.intervals; k++) count[std::int64_t(k) * sort.chunks] = 0;
    for (std::int64_t p = first; p < last && p < used; p++) {
      sort.interval[p] = locate(f.table, f.distance[p]).row;
      count[std::int64_t(sort.interval[p]) * sort.chunks]++;
    }
  }
};

/* Numbers become the sums of those before them. */
struct SumBefore {
  int *count;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t k, int &sum, bool final) const
  {
    const int here = count[k];
    if (final) count[k] = sum;
    sum += here;
  }
};

template <class Real> struct FillIntervals {
  FilterSort sort;
  FilterOperands<Real> f;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t chunk) const
  {
    const int used = f.npair_used ? *f.npair_used : f.npair;
    const std::int64_t first = chunk * sort.chunk, last = first + sort.chunk;
    for (std::int64_t p = first; p < last && p < used; p++)
      sort.pair[sort.count[std::int64_t(sort.interval[p]) * sort.chunks + chunk]++] = int(p);
  }
};

template <class Exec, class Real>
void filter_sort_run(const FilterSort &sort, const FilterOperands<Real> &f)
{
  for_each<Exec>("eipnn filter count", sort.chunks, CountIntervals<Real>{sort, f});
  Kokkos::parallel_scan("eipnn filter scan",
                        Range<Exec>(0, std::int64_t(sort.intervals) * sort.chunks),
                        SumBefore{sort.count});
  for_each<Exec>("eipnn filter fill", sort.chunks, FillIntervals<Real>{sort, f});
}

} // namespace eipnn

#endif
