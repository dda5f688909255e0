/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/device_name.h"
#include "tensor/kokkos/guard.h"
#include "tensor/kokkos/kernels.h"
#include "tensor/kokkos/memory.h"
#include "tensor/kokkos/start.h"
#include "tensor/kokkos/structure.h"

namespace eipnn
{

static int supports(eipnn_precision precision)
{
  return precision == EIPNN_PRECISION_SINGLE || precision == EIPNN_PRECISION_MIXED ||
         precision == EIPNN_PRECISION_DOUBLE;
}

static std::size_t real_size(eipnn_precision precision)
{
  return precision == EIPNN_PRECISION_DOUBLE ? sizeof(double) : sizeof(float);
}

static std::size_t scratch(const eipnn_node *node, const eipnn_extents *extents, std::size_t real)
{
  switch (node->op) {
    case EIPNN_OP_SCATTER: return scatter_scratch(*node, *extents, real);
    case EIPNN_OP_SUM_ROWS: return sum_rows_scratch(*node, *extents, real);
    case EIPNN_OP_HALO_SUM: return halo_sum_scratch(*node, *extents, real);
    case EIPNN_OP_FILTER: return filter_scratch(*node, *extents, real);
    default: return 0;
  }
}

static std::size_t sorted(const eipnn_node *node, const eipnn_extents *extents)
{
  return filter_sorted(*node, *extents);
}

template <class Exec>
static eipnn_status bind_guarded(void **maps, const eipnn_structure *given, eipnn_structure *bound)
{
  return guarded("bind_structure", [&] { return bind_structure<Exec>(maps, given, bound); });
}

/* run_NAME: the kernel of one operation for the precision asked for. */
#define RUN(OP, name)                                                                              \
  template <class Exec> static eipnn_status run_##name(const eipnn_kernel_arguments *arguments)    \
  {                                                                                                \
    return guarded(#name, [&] {                                                                    \
      return arguments->precision == EIPNN_PRECISION_DOUBLE ? name<Exec, double>(*arguments)       \
                                                            : name<Exec, float>(*arguments);       \
    });                                                                                            \
  }
EIPNN_KERNEL_LIST(RUN)

template <class Exec> static eipnn_backend make_backend(const char *name)
{
  eipnn_backend b = {};
  b.name = name;
  b.start = start_kokkos;
  b.device = device_name<Exec>;
  b.supports = supports;
  b.real_size = real_size;
  b.allocate = allocate<Exec>;
  b.release = release<Exec>;
  b.upload = upload<Exec>;
  b.download = download<Exec>;
  b.bind_structure = bind_guarded<Exec>;
  b.release_maps = release_maps<Exec>;
  b.scratch = scratch;
  b.sorted = sorted;
#define ENTRY(OP, name) b.kernel[EIPNN_OP_##OP] = run_##name<Exec>;
  EIPNN_KERNEL_LIST(ENTRY)
  return b;
}

} // namespace eipnn

extern "C" const eipnn_backend *eipnn_backend_kokkos(void)
{
  static const eipnn_backend backend = eipnn::make_backend<eipnn::Device>("kokkos");
  return &backend;
}

extern "C" const eipnn_backend *eipnn_backend_kokkos_host(void)
{
  static const eipnn_backend backend = eipnn::make_backend<eipnn::Host>("kokkos-host");
  return &backend;
}
