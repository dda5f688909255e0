/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/columns.h"
#include "tensor/kokkos/kernels.h"
#include "tensor/kokkos/memory.h"

#include <algorithm>
#include <vector>

namespace eipnn
{

/* The host fills ghost rows, or sums them into their owners' rows; see eipnn/halo.h. */
using Exchange = int (*)(void *context, void *rows, int ncols, std::size_t element_size);

/* Whether the host takes rows where they lie. */
template <class Exec> static bool in_place(const eipnn_halo &halo)
{
  return halo.on_device || on_host<Exec>;
}

template <class Real> struct Copy {
  Real *to;
  const Real *from;
  template <int Width> KOKKOS_INLINE_FUNCTION void columns(std::int64_t, std::int64_t col) const
  {
    for (int c = 0; c < Width; c++) to[col + c] = from[col + c];
  }
};

/* One long row of elements. */
template <class Exec, class Real>
static void copy_elements(const char *name, void *to, const void *from, std::int64_t count)
{
  for_each_columns<Exec>(name, 1, count,
                         Copy<Real>{static_cast<Real *>(to), static_cast<const Real *>(from)});
}

template <class Exec, class Real>
static int exchange(const eipnn_halo &halo, Exchange function, void *rows, int cols)
{
  if (!halo.on_device) Exec().fence();
  return function(halo.context, rows, cols, sizeof(Real));
}

/* The same for a host that cannot see device memory: `given` rows of from travel to the host,
   rows [first, first + count) of all come back to the same rows of to. */
template <class Exec, class Real>
static int exchange_on_host(const eipnn_halo &halo, Exchange function, eipnn_matrix from,
                            eipnn_matrix to, int first)
{
  const std::size_t cols = std::size_t(from.cols);
  std::vector<Real> rows(std::size_t(std::max(from.rows, to.rows)) * cols);
  copy_out<Exec>(rows.data(), from.data, std::size_t(from.rows) * cols * sizeof(Real));
  if (function(halo.context, rows.data(), from.cols, sizeof(Real))) return 1;
  copy_in<Exec>(static_cast<Real *>(to.data) + std::size_t(first) * cols,
                rows.data() + std::size_t(first) * cols,
                std::size_t(to.rows - first) * cols * sizeof(Real));
  return 0;
}

template <class Exec, class Real> eipnn_status halo(const eipnn_kernel_arguments &arguments)
{
  const eipnn_matrix out = arguments.out, a = arguments.input[0];
  const eipnn_halo *const halo = arguments.halo;
  if (out.data != a.data) copy_elements<Exec, Real>("eipnn halo", out.data, a.data, count_of(a));
  if (!halo) return EIPNN_OK;
  const int failed = in_place<Exec>(*halo)
                         ? exchange<Exec, Real>(*halo, halo->forward, out.data, out.cols)
                         : exchange_on_host<Exec, Real>(*halo, halo->forward, a, out, a.rows);
  if (failed)
    return eipnn_error(EIPNN_ERROR_CALLBACK, "the host failed to send %d features to ghost atoms",
                       out.cols);
  return EIPNN_OK;
}

/* The sum of ghosts into their owners' rows: in the operand where out shares its memory, else in a
   copy. */
template <class Exec, class Real> static int sum_ghosts(const eipnn_kernel_arguments &arguments)
{
  const eipnn_matrix out = arguments.out, a = arguments.input[0];
  const bool shared = out.data == a.data;
  void *const rows = shared ? a.data : arguments.scratch;
  if (!shared) copy_elements<Exec, Real>("eipnn halo_sum", rows, a.data, count_of(a));
  if (exchange<Exec, Real>(*arguments.halo, arguments.halo->reverse, rows, a.cols)) return 1;
  if (!shared) copy_elements<Exec, Real>("eipnn halo_sum", out.data, rows, count_of(out));
  return 0;
}

template <class Exec, class Real> eipnn_status halo_sum(const eipnn_kernel_arguments &arguments)
{
  const eipnn_matrix out = arguments.out, a = arguments.input[0];
  const eipnn_halo *const halo = arguments.halo;
  if (!halo) {
    if (out.data != a.data)
      copy_elements<Exec, Real>("eipnn halo_sum", out.data, a.data, count_of(out));
    return EIPNN_OK;
  }
  const int failed = in_place<Exec>(*halo)
                         ? sum_ghosts<Exec, Real>(arguments)
                         : exchange_on_host<Exec, Real>(*halo, halo->reverse, a, out, 0);
  if (failed)
    return eipnn_error(EIPNN_ERROR_CALLBACK,
                       "the host failed to sum %d features of ghost atoms into their owners",
                       a.cols);
  return EIPNN_OK;
}

std::size_t halo_sum_scratch(const eipnn_node &node, const eipnn_extents &extents, std::size_t real)
{
  return extents.rows[-EIPNN_ROWS_ALL] * std::size_t(node.cols) * real;
}

EIPNN_INSTANTIATE(halo)
EIPNN_INSTANTIATE(halo_sum)

} // namespace eipnn
