/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/structure.h"

#include "tensor/kokkos/adjacency.h"
#include "tensor/kokkos/memory.h"

#include <algorithm>
#include <new>

namespace eipnn
{

/* With a margin, so that structures of about the same size allocate nothing. */
static std::size_t room_for(std::size_t n)
{
  return n + n / 10 + 64;
}

/* Integers in the memory of Exec. */
template <class Exec> class Integers
{
public:
  Integers() = default;
  Integers(const Integers &) = delete;
  Integers &operator=(const Integers &) = delete;
  ~Integers()
  {
    if (data_) eipnn::release<Exec>(data_);
  }

  int *data() const
  {
    return data_;
  }

  /* Room for n; what was in there is lost where it grows. */
  eipnn_status reserve(std::size_t n)
  {
    if (data_ && n <= capacity_) return EIPNN_OK;
    if (data_) eipnn::release<Exec>(data_);
    capacity_ = room_for(n);
    data_ = static_cast<int *>(eipnn::allocate<Exec>(capacity_ * sizeof(int)));
    if (data_) return EIPNN_OK;
    return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for %zu integers of pair lists on %s",
                       capacity_, Exec::name());
  }

private:
  int *data_ = nullptr;
  std::size_t capacity_ = 0;
};

/* What a backend keeps of one executor's structure. */
template <class Exec> struct Maps {
  Integers<Exec> pair_i, pair_j, pair_config, atom_config, atom_species; /* copies of the host's */
  Integers<Exec> first_i, first_j, pair_of_j;
  Integers<Exec> slot; /* [npair] place of a pair among those of its atom j, any order */
  eipnn_adjacency adjacency = {nullptr, nullptr, nullptr};
};

/* *bound: the host's n integers in the memory of Exec. */
template <class Exec>
static eipnn_status copy_map(Integers<Exec> &copy, const int *given, int n, const int **bound)
{
  *bound = nullptr;
  if (!given) return EIPNN_OK;
  EIPNN_TRY(copy.reserve(std::size_t(n)));
  copy_in<Exec>(copy.data(), given, std::size_t(n) * sizeof(int));
  *bound = copy.data();
  return EIPNN_OK;
}

template <class Exec>
static eipnn_status copy_maps(Maps<Exec> &maps, const eipnn_structure &given,
                              eipnn_structure *bound)
{
  EIPNN_TRY(copy_map(maps.pair_i, given.pair_i, given.npair, &bound->pair_i));
  EIPNN_TRY(copy_map(maps.pair_j, given.pair_j, given.npair, &bound->pair_j));
  EIPNN_TRY(copy_map(maps.pair_config, given.pair_config, given.npair, &bound->pair_config));
  EIPNN_TRY(copy_map(maps.atom_config, given.atom_config, given.natom, &bound->atom_config));
  return copy_map(maps.atom_species, given.atom_species, given.natom, &bound->atom_species);
}

/* How many pairs are no filler; used: in device memory, NULL where all are. */
KOKKOS_INLINE_FUNCTION int pairs_used(const int *used, int npair)
{
  return used ? *used : npair;
}

/* The first of n ascending integers that is not below value. */
KOKKOS_INLINE_FUNCTION int lower_bound(const int *ascending, int n, int value)
{
  int first = 0;
  while (n > 0) {
    const int half = n / 2;
    if (ascending[first + half] < value) {
      first += half + 1;
      n -= half + 1;
    } else {
      n = half;
    }
  }
  return first;
}

/* first_i, and zeros in first_j. */
template <class Exec> void find_first_i(const eipnn_structure &s, int *first_i, int *first_j)
{
  const int natom = s.natom, nall = s.nall, npair = s.npair;
  const int *const pair_i = s.pair_i, *const used = s.npair_used;
  for_each<Exec>(
      "eipnn first_i", std::int64_t(std::max(natom, nall)) + 1, KOKKOS_LAMBDA(std::int64_t a) {
        if (a <= natom) first_i[a] = lower_bound(pair_i, pairs_used(used, npair), int(a));
        if (a <= nall) first_j[a] = 0;
      });
}

/* slot, and in first_j how many pairs each atom j has. */
template <class Exec> void count_pairs(const eipnn_structure &s, int *first_j, int *slot)
{
  const int npair = s.npair;
  const int *const pair_j = s.pair_j, *const used = s.npair_used;
  for_each<Exec>(
      "eipnn count", npair, KOKKOS_LAMBDA(std::int64_t p) {
        if (p < pairs_used(used, npair)) slot[p] = Kokkos::atomic_fetch_add(&first_j[pair_j[p]], 1);
      });
}

/* Counts to the first entry of each atom, in place. */
template <class Exec> void sum_counts(int n, int *first_j)
{
  Kokkos::parallel_scan(
      "eipnn first_j", Range<Exec>(0, n), KOKKOS_LAMBDA(std::int64_t a, int &sum, bool final) {
        const int count = first_j[a];
        if (final) first_j[a] = sum;
        sum += count;
      });
}

template <class Exec>
void fill_pairs(const eipnn_structure &s, const int *first_j, const int *slot, int *pair_of_j)
{
  const int npair = s.npair;
  const int *const pair_j = s.pair_j, *const used = s.npair_used;
  for_each<Exec>(
      "eipnn pair_of_j", npair, KOKKOS_LAMBDA(std::int64_t p) {
        if (p < pairs_used(used, npair)) pair_of_j[first_j[pair_j[p]] + slot[p]] = int(p);
      });
}

/* Atomic slots come in any order: each atom's few pairs are put into the order of their numbers. */
template <class Exec> void sort_pairs(int nall, const int *first_j, int *pair_of_j)
{
  for_each<Exec>(
      "eipnn sort", nall, KOKKOS_LAMBDA(std::int64_t a) {
        const int begin = first_j[a], end = first_j[a + 1];
        for (int k = begin + 1; k < end; k++) {
          const int pair = pair_of_j[k];
          int to = k;
          for (; to > begin && pair_of_j[to - 1] > pair; to--) pair_of_j[to] = pair_of_j[to - 1];
          pair_of_j[to] = pair;
        }
      });
}

/* A counting sort of the pairs by atom j; all on the device, nothing waits for it. */
template <class Exec>
static eipnn_status build_adjacency(Maps<Exec> &maps, const eipnn_structure &s)
{
  EIPNN_TRY(maps.first_i.reserve(std::size_t(s.natom) + 1));
  EIPNN_TRY(maps.first_j.reserve(std::size_t(s.nall) + 1));
  EIPNN_TRY(maps.pair_of_j.reserve(std::size_t(s.npair)));
  EIPNN_TRY(maps.slot.reserve(std::size_t(s.npair)));
  int *const first_j = maps.first_j.data(), *const pair_of_j = maps.pair_of_j.data();
  find_first_i<Exec>(s, maps.first_i.data(), first_j);
  count_pairs<Exec>(s, first_j, maps.slot.data());
  sum_counts<Exec>(s.nall + 1, first_j);
  fill_pairs<Exec>(s, first_j, maps.slot.data(), pair_of_j);
  sort_pairs<Exec>(s.nall, first_j, pair_of_j);
  maps.adjacency = {maps.first_i.data(), first_j, pair_of_j};
  return EIPNN_OK;
}

template <class Exec>
eipnn_status bind_structure(void **maps, const eipnn_structure *given, eipnn_structure *bound)
{
  if (!*maps) *maps = new (std::nothrow) Maps<Exec>;
  Maps<Exec> *const kept = static_cast<Maps<Exec> *>(*maps);
  if (!kept) return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for pair lists");
  *bound = *given;
  if (!given->in_backend) {
    bound->npair_used = nullptr;
    if (!computes_on_host<Exec>) EIPNN_TRY(copy_maps(*kept, *given, bound));
  }
  EIPNN_TRY(build_adjacency(*kept, *bound));
  bound->in_backend = 1;
  bound->adjacency = &kept->adjacency;
  return EIPNN_OK;
}

template <class Exec> void release_maps(void *maps)
{
  delete static_cast<Maps<Exec> *>(maps);
}

std::size_t structure_bytes(int natom, int nall, int npair)
{
  const std::size_t pairs = room_for(std::size_t(npair));
  return sizeof(int) *
         (room_for(std::size_t(natom) + 1) + room_for(std::size_t(nall) + 1) + 2 * pairs);
}

#define EIPNN_STRUCTURE_FOR(Exec)                                                                  \
  template eipnn_status bind_structure<Exec>(void **, const eipnn_structure *, eipnn_structure *); \
  template void release_maps<Exec>(void *);
EIPNN_STRUCTURE_FOR(Device)
#ifdef EIPNN_KOKKOS_GPU
EIPNN_STRUCTURE_FOR(Host)
#endif

} // namespace eipnn
