/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Slot FILTER. By the coefficients of a table: pairs are sorted by interval; a thread (a warp of a
   GPU) sums a tile of so many sorted pairs, however few or many intervals they lie in; the pieces
   are then added up row by row. Every order is fixed. */
#include "tensor/kokkos/filter_gradient.h"

#include "tensor/kokkos/filter_sort.h"
#include "tensor/kokkos/kernels.h"

namespace eipnn
{

/* Pairs described at a time, and the tiles that a large number of pairs is cut into at most. */
constexpr int tile_batch = 32, most_tiles = 8192;

/* Tile t has a piece for each interval k it reaches into: 4 rows of sums, one for each of the
   interval's coefficient rows. Piece t + k: from one piece to the next t, k or both grow. */
struct FilterTiles {
  int tile, tiles;
  std::size_t pieces;
};

static FilterTiles filter_tiles(const FilterSort &sort)
{
  const int batches = sort.npair / (tile_batch * most_tiles) + 1, tile = tile_batch * batches;
  const int tiles = int((std::int64_t(sort.npair) + tile - 1) / tile);
  return {tile, tiles, std::size_t(tiles) + std::size_t(sort.intervals)};
}

/* Enough on the host of a GPU as well, whose chunks are longer. */
static FilterSort most_extents(const eipnn_node &node, const eipnn_extents &extents)
{
  return filter_sort_extents<Device>(extents.rows[-EIPNN_ROWS_PAIR], node.p.filter.grid.nodes);
}

std::size_t filter_sorted(const eipnn_node &node, const eipnn_extents &extents)
{
  return filter_sort_integers(most_extents(node, extents)) * sizeof(int);
}

std::size_t filter_scratch(const eipnn_node &node, const eipnn_extents &extents, std::size_t real)
{
  if (node.p.filter.slot != EIPNN_SLOT_FILTER || !node.p.filter.table) return 0;
  return filter_tiles(most_extents(node, extents)).pieces * 4 * std::size_t(node.cols) * real;
}

/* x_j u_i, and x_i u_j where j is an owned atom, for W columns of a pair. */
template <class Exec, class Real, int W> struct PairProduct {
  Columns<Exec, Real, W> x_j, u_i, x_i, u_j;
  bool both;

  KOKKOS_INLINE_FUNCTION PairProduct(const FilterOperands<Real> &f, int i, int j, int column)
      : both(j < f.natom)
  {
    const std::int64_t at_i = std::int64_t(i) * f.cols + column,
                       at_j = std::int64_t(j) * f.cols + column;
    load(f.x + at_j, x_j);
    load(f.u + at_i, u_i);
    load(f.x + at_i, x_i);
    load(f.u + (both ? at_j : at_i), u_j);
  }
  KOKKOS_INLINE_FUNCTION Real operator[](int c) const
  {
    return both ? x_j[c] * u_i[c] + x_i[c] * u_j[c] : x_j[c] * u_i[c];
  }
};

template <class Real> struct alignas(16) TileEntry {
  Real w[4];
  int row, i, j;
};

template <class Exec, class Real, int W> struct SumTiles {
  using Member = typename Kokkos::TeamPolicy<Exec>::member_type;
  using Entry = TileEntry<Real>;

  FilterOperands<Real> f;
  FilterSort sort;
  FilterTiles tiles;
  Real *piece;
  int lanes;

  KOKKOS_INLINE_FUNCTION Entry describe(int k) const
  {
    Entry entry;
    const int pair = sort.pair[k];
    entry.row = weigh_pair<true>(f, pair, entry.w);
    entry.i = f.pair_i[pair];
    entry.j = f.pair_j[pair];
    return entry;
  }

  KOKKOS_INLINE_FUNCTION Real *piece_of(int tile, int interval, int column) const
  {
    return piece + (std::int64_t(tile) + interval) * 4 * f.cols + column;
  }

  /* Adds n pairs of a tile to the pieces. open: interval of the piece begun by earlier pairs. */
  KOKKOS_INLINE_FUNCTION void add(const Member &team, int tile, const Entry *entries, int n,
                                  int open) const
  {
    Kokkos::parallel_for(Kokkos::ThreadVectorRange(team, f.cols / W), [&](int block) {
      const int column = block * W;
      for (int e = 0; e < n;) {
        const int interval = entries[e].row;
        Real *to = piece_of(tile, interval, column);
        Sums<Real, W> sum[4];
        for (int m = 0; m < 4; m++)
          if (interval == open)
            load_sums<Exec>(to + m * std::int64_t(f.cols), sum[m]);
          else
            sum[m].clear();
        for (; e < n && entries[e].row == interval; e++) {
          const PairProduct<Exec, Real, W> product(f, entries[e].i, entries[e].j, column);
          for (int c = 0; c < W; c++) {
            const Real t = product[c];
            for (int m = 0; m < 4; m++) sum[m].element[c] += entries[e].w[m] * t;
          }
        }
        for (int m = 0; m < 4; m++) store_sums<Exec>(sum[m], to + m * std::int64_t(f.cols));
      }
    });
  }

  KOKKOS_INLINE_FUNCTION void operator()(const Member &team) const
  {
    const int tile = team.league_rank() * team.team_size() + team.team_rank();
    if (tile >= tiles.tiles) return;
    Entry *entries = static_cast<Entry *>(
        team.thread_scratch(0).get_shmem_aligned(tile_batch * sizeof(Entry), alignof(Entry)));
    const int begin = tile * tiles.tile, used = sort.end_of(sort.intervals - 1);
    const int end = used - begin < tiles.tile ? used : begin + tiles.tile;
    int open = -1;
    for (int first = begin; first < end; first += tile_batch) {
      const int n = end - first < tile_batch ? end - first : tile_batch;
      Kokkos::parallel_for(Kokkos::ThreadVectorRange(team, n),
                           [&](int e) { entries[e] = describe(first + e); });
      const int last = entries[n - 1].row; /* read before a lane describes the next pairs */
      add(team, tile, entries, n, open);
      open = last;
    }
  }
};

/* Coefficient row k belongs to the intervals k-3..k. A team sums their pieces, each thread a share
   of them, then the shares. */
template <class Exec, class Real, int W> struct SumPieces {
  using Member = typename Kokkos::TeamPolicy<Exec>::member_type;

  FilterSort sort;
  FilterTiles tiles;
  const Real *piece;
  Real *out;
  int cols, lanes;

  /* Adds a share of row m of the pieces of an interval. */
  KOKKOS_INLINE_FUNCTION void add(Sums<Real, W> &sum, int interval, int m, int column, int share,
                                  int shares) const
  {
    if (interval < 0 || interval >= sort.intervals) return;
    const int begin = sort.end_of(interval - 1), end = sort.end_of(interval);
    if (begin == end) return;
    const int first = begin / tiles.tile, count = (end - 1) / tiles.tile + 1 - first;
    const int each = (count + shares - 1) / shares, from = share * each;
    for (int t = from; t < from + each && t < count; t++) {
      Columns<Exec, Real, W> columns;
      load(piece + ((std::int64_t(first + t) + interval) * 4 + m) * cols + column, columns);
      for (int c = 0; c < W; c++) sum.element[c] += columns[c];
    }
  }

  KOKKOS_INLINE_FUNCTION void operator()(const Member &team) const
  {
    const int row = team.league_rank(), shares = team.team_size(), width = lanes * W;
    Real *partial = static_cast<Real *>(
        team.team_scratch(0).get_shmem_aligned(std::size_t(shares) * width * sizeof(Real), 16));
    for (int base = 0; base < cols; base += width) {
      const int blocks = (cols - base < width ? cols - base : width) / W;
      Kokkos::parallel_for(Kokkos::ThreadVectorRange(team, blocks), [&](int block) {
        Sums<Real, W> sum;
        sum.clear();
        for (int m = 0; m < 4; m++)
          add(sum, row - m, m, base + block * W, team.team_rank(), shares);
        store_sums<Exec>(sum, partial + team.team_rank() * width + block * W);
      });
      team.team_barrier();
      Kokkos::parallel_for(Kokkos::TeamVectorRange(team, blocks * W), [&](int c) {
        Real sum = Real(0.0);
        for (int share = 0; share < shares; share++) sum += partial[share * width + c];
        out[std::int64_t(row) * cols + base + c] = sum;
      });
      team.team_barrier();
    }
  }
};

template <class Exec, class Real, int W>
static void sum_tiles(const FilterOperands<Real> &f, const FilterSort &sort,
                      const FilterTiles &tiles, Real *piece)
{
  using Sum = SumTiles<Exec, Real, W>;
  const int lanes = lanes_for<Exec>(f.cols / W), threads = threads_for<Exec>(lanes);
  if (tiles.tiles == 0) return;
  Kokkos::TeamPolicy<Exec> policy((tiles.tiles + threads - 1) / threads, threads, lanes);
  policy.set_scratch_size(0, Kokkos::PerTeam(alignof(TileEntry<Real>)),
                          Kokkos::PerThread(tile_batch * sizeof(TileEntry<Real>)));
  Kokkos::parallel_for("eipnn tiles", policy, Sum{f, sort, tiles, piece, lanes});
}

template <class Exec, class Real, int W>
static void sum_pieces(const FilterOperands<Real> &f, const FilterSort &sort,
                       const FilterTiles &tiles, const Real *piece, Real *out)
{
  using Sum = SumPieces<Exec, Real, W>;
  const int lanes = lanes_for<Exec>(f.cols / W), threads = threads_for<Exec>(lanes);
  Kokkos::TeamPolicy<Exec> policy(sort.intervals + 3, threads, lanes);
  policy.set_scratch_size(
      0, Kokkos::PerTeam(16 + std::size_t(threads) * std::size_t(lanes * W) * sizeof(Real)));
  Kokkos::parallel_for("eipnn pieces", policy, Sum{sort, tiles, piece, out, f.cols, lanes});
}

template <class Exec, class Real>
eipnn_status filter_table_gradient(const eipnn_kernel_arguments &a)
{
  const FilterOperands<Real> f = filter_operands<Real>(a);
  FilterSort sort = filter_sort_extents<Exec>(std::size_t(f.npair), a.node->p.filter.grid.nodes);
  filter_sort_place(sort, a.sorted);
  if (!a.is_sorted) filter_sort_run<Exec>(sort, f);
  const FilterTiles tiles = filter_tiles(sort);
  Real *piece = static_cast<Real *>(a.scratch);
  Real *out = static_cast<Real *>(a.out.data);
  with_block<Exec>(f, out, [&](auto block) {
    constexpr int width = decltype(block)::value;
    sum_tiles<Exec, Real, width>(f, sort, tiles, piece);
    sum_pieces<Exec, Real, width>(f, sort, tiles, piece, out);
  });
  return EIPNN_OK;
}

/* Rows of filler pairs become zero. */
template <class Exec, class Real, int W> struct PairRows {
  FilterOperands<Real> f;
  Real *out;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t k) const
  {
    const int blocks = f.cols / W, pair = int(k / blocks),
              column = int(k - std::int64_t(pair) * blocks) * W;
    Sums<Real, W> sum;
    sum.clear();
    if (!f.npair_used || pair < *f.npair_used) {
      const PairProduct<Exec, Real, W> product(f, f.pair_i[pair], f.pair_j[pair], column);
      const Real factor = f.s ? f.s[pair] : Real(1.0);
      for (int c = 0; c < W; c++) sum.element[c] = factor * product[c];
    }
    store_sums<Exec>(sum, out + std::int64_t(pair) * f.cols + column);
  }
};

template <class Exec, class Real> eipnn_status filter_rows_gradient(const eipnn_kernel_arguments &a)
{
  const FilterOperands<Real> f = filter_operands<Real>(a);
  Real *out = static_cast<Real *>(a.out.data);
  with_block<Exec>(f, out, [&](auto block) {
    constexpr int width = decltype(block)::value;
    for_each<Exec>("eipnn rows", std::int64_t(f.npair) * (f.cols / width),
                   PairRows<Exec, Real, width>{f, out});
  });
  return EIPNN_OK;
}

EIPNN_INSTANTIATE(filter_table_gradient)
EIPNN_INSTANTIATE(filter_rows_gradient)

} // namespace eipnn
