/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/kokkos/selection.h"

extern "C" {
#include "models/calculator_data.h"
}

#include <cmath>

namespace eipnn
{

/* A row with a list, its atom, and an entry of the list. */
struct Center {
  int row, atom, count; /* length of the list */
  double position[3];
};
struct Neighbor {
  int atom, row;
  double vec[3];
};

enum class Verdict { skip, pair, fault };

/* Entries read together: a GPU's thread waits once for them all. */
constexpr int entries_at_once = 4;

/* Of the two vectors between an atom and two opposite images of it, the one that stands for both,
   as in models/selection.c. */
KOKKOS_INLINE_FUNCTION bool is_positive(const double vec[3])
{
  for (int k = 0; k < 3; k++)
    if (vec[k] > EIPNN_COINCIDENT || vec[k] < -EIPNN_COINCIDENT) return vec[k] > 0.0;
  return false;
}

KOKKOS_INLINE_FUNCTION bool is_finite(double x)
{
  return x - x == 0.0;
}

KOKKOS_INLINE_FUNCTION bool is_placed(const Center &center)
{
  const double *const x = center.position;
  return is_finite(x[0]) && is_finite(x[1]) && is_finite(x[2]);
}

KOKKOS_INLINE_FUNCTION Center center_of(const eipnn_device_atoms &atoms, int row)
{
  Center center;
  center.row = row;
  center.atom = atoms.center[row];
  center.count = atoms.count[center.atom];
  for (int k = 0; k < 3; k++) center.position[k] = coordinate(atoms, center.atom, k);
  return center;
}

/* A pair is taken from the list of its lower row; rows of other ranks are above all that have
   lists, atoms without a row below. The sum of squares leaves the compiler no choice of rounding:
   counting and filling must come to the same pairs. */
KOKKOS_INLINE_FUNCTION Verdict judge(const Center &center, const Neighbor &n, double cutoff_square)
{
  const double square = fma(n.vec[2], n.vec[2], fma(n.vec[1], n.vec[1], n.vec[0] * n.vec[0]));
  if (n.row < center.row || square >= cutoff_square) return Verdict::skip;
  if (!(square > EIPNN_COINCIDENT * EIPNN_COINCIDENT)) return Verdict::fault;
  return n.row > center.row || is_positive(n.vec) ? Verdict::pair : Verdict::skip;
}

/* Calls visit(verdict, neighbor) for the entries of a list in their order. */
template <class Visit>
KOKKOS_INLINE_FUNCTION void visit_list(const eipnn_device_atoms &atoms, double cutoff_square,
                                       const Center &center, const Visit &visit)
{
  const int last = center.count - 1;
  for (int first = 0; first <= last; first += entries_at_once) {
    Neighbor n[entries_at_once];
    for (int e = 0; e < entries_at_once; e++)
      n[e].atom = neighbor_of(atoms, center.atom, first + e < last ? first + e : last);
    for (int e = 0; e < entries_at_once; e++) {
      n[e].row = atoms.row[n[e].atom];
      for (int k = 0; k < 3; k++)
        n[e].vec[k] = coordinate(atoms, n[e].atom, k) - center.position[k];
    }
    for (int e = 0; e < entries_at_once; e++)
      if (first + e <= last) visit(judge(center, n[e], cutoff_square), n[e]);
  }
}

/* How many pairs each row has, in first; zero at its end. */
template <class Exec>
void count_pairs_of_rows(const eipnn_device_atoms &given, double cutoff_square, int *first,
                         Fault *fault)
{
  const eipnn_device_atoms atoms = given;
  for_each<Exec>(
      "eipnn count", std::int64_t(atoms.nlist) + 1, KOKKOS_LAMBDA(std::int64_t row) {
        const int i = int(row);
        first[i] = 0;
        if (i == atoms.nlist) return;
        const Center center = center_of(atoms, i);
        bool bad = !is_placed(center);
        int npair = 0;
        visit_list(atoms, cutoff_square, center, [&](Verdict verdict, const Neighbor &) {
          npair += verdict == Verdict::pair;
          bad = bad || verdict == Verdict::fault;
        });
        first[i] = npair;
        if (bad) Kokkos::atomic_fetch_min(&fault->row, i);
      });
}

template <class Exec> void sum_counts_of_rows(int n, int *first)
{
  Kokkos::parallel_scan(
      "eipnn first", Range<Exec>(0, n), KOKKOS_LAMBDA(std::int64_t i, int &sum, bool final) {
        const int count = first[i];
        if (final) first[i] = sum;
        sum += count;
      });
}

KOKKOS_INLINE_FUNCTION void record(const eipnn_device_atoms &atoms, int center, int neighbor,
                                   Fault *fault)
{
  for (int k = 0; k < 3; k++) {
    fault->position[0][k] = coordinate(atoms, center, k);
    fault->position[1][k] = coordinate(atoms, neighbor, k);
  }
}

/* A pair beyond the last: a harmless distance, so that kernels may compute it. */
template <class Real> struct Filler {
  Pairs pairs;
  int last; /* row */
  Real length;
  Real *vec; /* NULL: not wanted */
  KOKKOS_INLINE_FUNCTION void put(std::int64_t p) const
  {
    pairs.i[p] = last;
    pairs.j[p] = 0;
    pairs.config[p] = -1;
    pairs.atom_j[p] = 0;
    for (int k = 0; k < 3 && vec; k++) vec[3 * p + k] = k == 0 ? length : Real(0);
  }
};

template <class Real>
Filler<Real> filler_of(const eipnn_device_atoms &atoms, const Pairs &pairs, double cutoff,
                       Real *vec)
{
  return {pairs, atoms.nowned - 1, Real(0.5 * cutoff), vec};
}

/* Each row also puts a share of the filler. */
template <class Exec, class Real>
void fill_pairs_of_rows(const eipnn_device_atoms &given, const Pairs &target, double cutoff_square,
                        const Filler<Real> &given_filler, Fault *fault, Real *vec)
{
  const eipnn_device_atoms atoms = given;
  const Pairs pairs = target;
  const Filler<Real> filler = given_filler;
  for_each<Exec>(
      "eipnn fill", atoms.nlist, KOKKOS_LAMBDA(std::int64_t row) {
        const int i = int(row);
        const Center center = center_of(atoms, i);
        const bool reports = fault->row == i && !fault->recorded;
        int beside = center.atom;
        std::int64_t p = pairs.first[i];
        visit_list(atoms, cutoff_square, center, [&](Verdict verdict, const Neighbor &n) {
          if (verdict == Verdict::fault && beside == center.atom) beside = n.atom;
          if (verdict != Verdict::pair) return;
          pairs.i[p] = i;
          pairs.j[p] = n.row;
          pairs.config[p] = 0;
          pairs.atom_j[p] = n.atom;
          for (int k = 0; k < 3 && vec; k++) vec[3 * p + k] = Real(n.vec[k]);
          p++;
        });
        for (p = pairs.first[atoms.nlist] + row; p < pairs.capacity; p += atoms.nlist)
          filler.put(p);
        if (!reports) return;
        record(atoms, center.atom, beside, fault);
        fault->recorded = 1;
      });
}

template <class Exec>
void clear_pairs(const eipnn_device_atoms &atoms, const Pairs &pairs, double cutoff)
{
  int *const first = pairs.first;
  for_each<Exec>(
      "eipnn clear", std::int64_t(atoms.nlist) + 1,
      KOKKOS_LAMBDA(std::int64_t i) { first[i] = 0; });
  const Filler<double> filler = filler_of<double>(atoms, pairs, cutoff, nullptr);
  for_each<Exec>(
      "eipnn filler", pairs.capacity, KOKKOS_LAMBDA(std::int64_t p) { filler.put(p); });
}

template <class Exec, class Real>
void select_pairs(const eipnn_device_atoms &atoms, const Pairs &pairs, double cutoff, Fault *fault,
                  Real *vec)
{
  const double cutoff_square = cutoff * cutoff;
  count_pairs_of_rows<Exec>(atoms, cutoff_square, pairs.first, fault);
  sum_counts_of_rows<Exec>(atoms.nlist + 1, pairs.first);
  fill_pairs_of_rows<Exec>(atoms, pairs, cutoff_square, filler_of(atoms, pairs, cutoff, vec), fault,
                           vec);
}

#define EIPNN_SELECTION_FOR(Exec)                                                                  \
  template void clear_pairs<Exec>(const eipnn_device_atoms &, const Pairs &, double);              \
  template void select_pairs<Exec>(const eipnn_device_atoms &, const Pairs &, double, Fault *,     \
                                   float *);                                                       \
  template void select_pairs<Exec>(const eipnn_device_atoms &, const Pairs &, double, Fault *,     \
                                   double *);
EIPNN_SELECTION_FOR(Device)
#ifdef EIPNN_KOKKOS_GPU
EIPNN_SELECTION_FOR(Host)
#endif

} // namespace eipnn
