/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The continuous-filter convolution (tensor/graph.h; plain version: tensor/ref/filter.c): slots U,
   X and S. A thread (a warp of a GPU) gathers the row of one atom from the atom's pairs; pairs of
   which the atom is the first also give their element of slot S. What a pair needs once (rows,
   weights) is worked out once by the lanes of the thread; then each lane goes over the pairs for
   its own columns. */
#include "tensor/kokkos/adjacency.h"
#include "tensor/kokkos/filter_gradient.h"
#include "tensor/kokkos/filter_pass.h"
#include "tensor/kokkos/kernels.h"

namespace eipnn
{

/* Pairs described at a time. */
constexpr int filter_batch = 32;

/* Where a pair's filter comes from: its own row, a table, or a table's derivative. */
enum class FilterForm { own_row, table_value, table_derivative };

/* What a gathering pass computes: Row: slot U or X; Pair: slot S; both: the fused pass, whose slot
   S takes the next derivative. */
template <FilterForm Form, bool Row_, bool Pair_> struct FilterKind {
  static constexpr bool Table = Form != FilterForm::own_row, Row = Row_, Pair = Pair_;
  static constexpr bool fused = Row && Pair;
  static constexpr int weights = fused ? 2 : 1;
  static constexpr bool derivative = Form == FilterForm::table_derivative;
  static constexpr bool pair_derivative = fused || derivative;
};

/* One pair seen from the atom whose row is gathered. Weights of the row's sum, then those of slot S
   in a fused pass. */
template <class Real, int N> struct alignas(16) PairEntry {
  Real w[N][4];
  int row;   /* of `filter` */
  int other; /* the pair's other atom */
};

/* The pairs of an atom: first those with pair_i, then those with pair_j == atom. */
struct AtomPairs {
  int first_i, count_i, first_j, count;
};

template <class Exec, class Real, int W, class Kind> struct FilterGather {
  using Member = typename Kokkos::TeamPolicy<Exec>::member_type;
  using Entry = PairEntry<Real, Kind::weights>;
  using Block = Columns<Exec, Real, W>;
  using Sum = Sums<Real, W>;

  FilterOperands<Real> f;
  eipnn_adjacency adjacency;
  const Real *in; /* x of slot U, u of slot X */
  int in_rows;    /* a ghost sends to slot U only */
  Real *row_out, *pair_out;
  int rows, lanes;

  KOKKOS_INLINE_FUNCTION AtomPairs pairs_of(int atom) const
  {
    AtomPairs pairs = {0, 0, 0, 0};
    if (atom < f.natom) {
      pairs.first_i = adjacency.first_i[atom];
      pairs.count_i = adjacency.first_i[atom + 1] - pairs.first_i;
    }
    pairs.count = pairs.count_i;
    if (Kind::Row) {
      pairs.first_j = adjacency.first_j[atom];
      pairs.count += adjacency.first_j[atom + 1] - pairs.first_j;
    }
    return pairs;
  }

  KOKKOS_INLINE_FUNCTION Entry describe(const AtomPairs &pairs, int k) const
  {
    Entry entry;
    const bool is_i = k < pairs.count_i;
    const int pair =
        is_i ? pairs.first_i + k : adjacency.pair_of_j[pairs.first_j + k - pairs.count_i];
    entry.other = is_i ? f.pair_j[pair] : f.pair_i[pair];
    entry.row = weigh_pair<Kind::Table>(f, pair, entry.w[0]);
    if (Kind::weights == 2)
      weigh(f.table.order + 1, locate(f.table, f.distance[pair]).t, f.table.next_scale,
            entry.w[Kind::weights - 1]);
    return entry;
  }

  KOKKOS_INLINE_FUNCTION std::int64_t at(int row, int column) const
  {
    return std::int64_t(row) * f.cols + column;
  }

  struct FilterRows {
    Block row[4];
  };

  KOKKOS_INLINE_FUNCTION FilterRows filter_rows(const Entry &entry, int column) const
  {
    FilterRows rows{}; // an exact filter loads one row of them
    const Real *from = f.filter + at(entry.row, column);
    for (int m = 0; m < (Kind::Table ? 4 : 1); m++)
      load(from + m * std::int64_t(f.cols), rows.row[m]);
    return rows;
  }

  /* A derivative is summed from differences of rows, see tensor/cpu/filter.c. */
  template <bool Derivative>
  static KOKKOS_INLINE_FUNCTION Real value(const FilterRows &rows, const Real w[4], int c)
  {
    if (!Kind::Table) return w[0] * rows.row[0][c];
    if (!Derivative || sizeof(Real) > sizeof(float))
      return (w[0] * rows.row[0][c] + w[1] * rows.row[1][c]) +
             (w[2] * rows.row[2][c] + w[3] * rows.row[3][c]);
    return w[0] * (rows.row[0][c] - rows.row[1][c]) +
           ((w[2] + w[3]) * (rows.row[2][c] - rows.row[1][c]) +
            w[3] * (rows.row[3][c] - rows.row[2][c]));
  }

  /* Slots U and X: row_out of atom += filter times `in` of the other atoms. */
  KOKKOS_INLINE_FUNCTION void convolve(const Member &team, int atom, const Entry *entries, int n,
                                       bool resume) const
  {
    Kokkos::parallel_for(Kokkos::ThreadVectorRange(team, f.cols / W), [&](int block) {
      const int column = block * W;
      Real *out = row_out + at(atom, column);
      Sum sum;
      if (resume)
        load_sums<Exec>(out, sum);
      else
        sum.clear();
      for (int e = 0; e < n; e++) {
        const Entry entry = entries[e]; /* as a whole: wide loads */
        if (entry.other >= in_rows) continue;
        const FilterRows filter = filter_rows(entry, column);
        Block other;
        load(in + at(entry.other, column), other);
        for (int c = 0; c < W; c++)
          sum.element[c] += value<Kind::derivative>(filter, entry.w[0], c) * other[c];
      }
      store_sums<Exec>(sum, out);
    });
  }

  /* A lane's columns of atom i and the sums of its row. */
  struct Lane {
    Block x, u;
    Sum sum;
  };

  KOKKOS_INLINE_FUNCTION void begin(Lane &lane, int atom, int column, bool resume) const
  {
    load(f.x + at(atom, column), lane.x);
    load(f.u + at(atom, column), lane.u);
    if (!Kind::Row) return;
    if (resume)
      load_sums<Exec>(row_out + at(atom, column), lane.sum);
    else
      lane.sum.clear();
  }

  /* A lane's part of slot S of one pair; in a fused pass also adds to the lane's row. */
  KOKKOS_INLINE_FUNCTION Real contract_columns(Lane &lane, const Entry &shared, int column) const
  {
    const Entry entry = shared; /* as a whole: wide loads */
    const FilterRows filter = filter_rows(entry, column);
    Block x, u;
    Sum part;
    load(f.x + at(entry.other, column), x);
    if (entry.other < f.natom) {
      load(f.u + at(entry.other, column), u);
      for (int c = 0; c < W; c++) {
        if (Kind::Row) lane.sum.element[c] += value<Kind::derivative>(filter, entry.w[0], c) * u[c];
        part.element[c] = value<Kind::pair_derivative>(filter, entry.w[Kind::weights - 1], c) *
                          (x[c] * lane.u[c] + lane.x[c] * u[c]);
      }
    } else {
      for (int c = 0; c < W; c++)
        part.element[c] = value<Kind::pair_derivative>(filter, entry.w[Kind::weights - 1], c) *
                          (x[c] * lane.u[c]);
    }
    return sum_of<W>(part.element);
  }

  /* Slot S of pairs first..first+n-1, which have pair_i == atom. What is declared outside the
     vector loops is a lane's own: each lane runs each of them once. */
  KOKKOS_INLINE_FUNCTION void contract(const Member &team, int atom, int first,
                                       const Entry *entries, int n, bool resume) const
  {
    for (int base = 0; base < f.cols; base += lanes * W) {
      Lane lane{};
      Kokkos::parallel_for(Kokkos::ThreadVectorRange(team, lanes), [&](int l) {
        if (base + l * W < f.cols) begin(lane, atom, base + l * W, resume);
      });
      for (int e = 0; e < n; e++) {
        Real sum;
        Kokkos::parallel_reduce(
            Kokkos::ThreadVectorRange(team, lanes),
            [&](int l, Real &part) {
              if (base + l * W < f.cols) part += contract_columns(lane, entries[e], base + l * W);
            },
            sum);
        Kokkos::single(Kokkos::PerThread(team), [&]() {
          pair_out[first + e] = base == 0 ? sum : pair_out[first + e] + sum;
        });
      }
      if (Kind::Row)
        Kokkos::parallel_for(Kokkos::ThreadVectorRange(team, lanes), [&](int l) {
          if (base + l * W < f.cols) store_sums<Exec>(lane.sum, row_out + at(atom, base + l * W));
        });
    }
  }

  /* Slot S of filler pairs: nobody reads it, but it should be a number. An atom's share of them. */
  KOKKOS_INLINE_FUNCTION void clear_filler(const Member &team, int atom) const
  {
    const int used = *f.npair_used, share = (f.npair - used + rows - 1) / rows;
    const int first = used + atom * share, left = f.npair - first;
    Kokkos::parallel_for(Kokkos::ThreadVectorRange(team, left < share ? left : share),
                         [&](int k) { pair_out[first + k] = Real(0.0); });
  }

  KOKKOS_INLINE_FUNCTION void operator()(const Member &team) const
  {
    const int atom = team.league_rank() * team.team_size() + team.team_rank();
    if (atom >= rows) return;
    Entry *entries = static_cast<Entry *>(
        team.thread_scratch(0).get_shmem_aligned(filter_batch * sizeof(Entry), alignof(Entry)));
    const AtomPairs pairs = pairs_of(atom);
    for (int first = 0; first == 0 || first < pairs.count; first += filter_batch) {
      const int left = pairs.count - first, n = left < filter_batch ? left : filter_batch;
      Kokkos::parallel_for(Kokkos::ThreadVectorRange(team, n),
                           [&](int e) { entries[e] = describe(pairs, first + e); });
      int done = 0;
      if (Kind::Pair) {
        done = pairs.count_i - first;
        done = done < 0 ? 0 : done < n ? done : n;
        if (done) contract(team, atom, pairs.first_i + first, entries, done, first > 0);
      }
      if (Kind::Row) convolve(team, atom, entries + done, n - done, first + done > 0);
    }
    if (Kind::Pair && f.npair_used) clear_filler(team, atom);
  }
};

template <class Exec, class Real, int W, class Kind>
static void gather_blocks(FilterGather<Exec, Real, W, Kind> gather)
{
  using Gather = FilterGather<Exec, Real, W, Kind>;
  gather.lanes = lanes_for<Exec>(gather.f.cols / W);
  const int threads = threads_for<Exec>(gather.lanes);
  const int teams = (gather.rows + threads - 1) / threads;
  if (teams == 0) return;
  Kokkos::TeamPolicy<Exec> policy(teams, threads, gather.lanes);
  policy.set_scratch_size(0, Kokkos::PerTeam(alignof(typename Gather::Entry)),
                          Kokkos::PerThread(filter_batch * sizeof(typename Gather::Entry)));
  Kokkos::parallel_for("eipnn filter", policy, gather);
}

template <class Exec, class Real, class Kind>
static void gather_rows(const eipnn_kernel_arguments &a, int input, void *row_out, void *pair_out,
                        int rows)
{
  const FilterOperands<Real> f = filter_operands<Real>(a);
  Real *to_row = static_cast<Real *>(row_out), *to_pair = static_cast<Real *>(pair_out);
  with_block<Exec>(f, row_out, [&](auto block) {
    gather_blocks(FilterGather<Exec, Real, decltype(block)::value, Kind>{
        f, *a.structure->adjacency, static_cast<const Real *>(a.input[input].data),
        a.input[input].rows, to_row, to_pair, rows, 1});
  });
}

/* Slots U, X and S. rows: of the atoms whose pairs are visited. */
template <class Exec, class Real, FilterForm Form>
static eipnn_status gather_slot(const eipnn_kernel_arguments &a)
{
  const int natom = a.structure->natom, nall = a.structure->nall;
  if (a.node->p.filter.slot == EIPNN_SLOT_U)
    gather_rows<Exec, Real, FilterKind<Form, true, false>>(a, EIPNN_FILTER_X, a.out.data, nullptr,
                                                           natom);
  else if (a.node->p.filter.slot == EIPNN_SLOT_S)
    gather_rows<Exec, Real, FilterKind<Form, false, true>>(a, EIPNN_FILTER_U, nullptr, a.out.data,
                                                           natom);
  else
    gather_rows<Exec, Real, FilterKind<Form, true, false>>(a, EIPNN_FILTER_U, a.out.data, nullptr,
                                                           nall);
  return EIPNN_OK;
}

/* Slot X together with slot S of the next derivative. */
template <class Exec, class Real> static eipnn_status gather_fused(const eipnn_kernel_arguments &a)
{
  gather_rows<Exec, Real, FilterKind<FilterForm::table_value, true, true>>(
      a, EIPNN_FILTER_U, a.out.data, a.aux, a.structure->nall);
  return EIPNN_OK;
}

template <class Exec, class Real> eipnn_status filter(const eipnn_kernel_arguments &arguments)
{
  const eipnn_node &node = *arguments.node;
  const bool table = node.p.filter.table;
  if (node.p.filter.slot == EIPNN_SLOT_FILTER)
    return table ? filter_table_gradient<Exec, Real>(arguments)
                 : filter_rows_gradient<Exec, Real>(arguments);
  if (arguments.aux) return gather_fused<Exec, Real>(arguments);
  if (!table) return gather_slot<Exec, Real, FilterForm::own_row>(arguments);
  return node.p.filter.order == 0
             ? gather_slot<Exec, Real, FilterForm::table_value>(arguments)
             : gather_slot<Exec, Real, FilterForm::table_derivative>(arguments);
}

EIPNN_INSTANTIATE(filter)

} // namespace eipnn
