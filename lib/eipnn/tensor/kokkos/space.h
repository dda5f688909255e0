/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_SPACE_H
#define EIPNN_TENSOR_KOKKOS_SPACE_H

/* What every file of the Kokkos backend shares: its execution spaces, addresses of matrix elements,
   loops. Kernels are templates of an execution space Exec and an element type Real, one source for
   all. C++14, which Kokkos 3.4 is compiled as. */

#include <Kokkos_Core.hpp>
#ifdef EIPNN_KOKKOS_LANES /* tests: the threads and lanes of a GPU, run by the host */
#include "lanes.h"
#endif

extern "C" {
#include "tensor/backend.h"
}

#include <cstdint>
#include <type_traits>

namespace eipnn
{

#ifdef EIPNN_KOKKOS_LANES
using Device = lanes::Space;
#else
using Device = Kokkos::DefaultExecutionSpace;
#endif
using Host = Kokkos::DefaultHostExecutionSpace;

#ifdef EIPNN_KOKKOS_SEPARATE_MEMORY /* tests: the code paths of a device, run by the host */
template <class Exec> constexpr bool on_host = false;
template <class Exec> constexpr bool computes_on_host = false;
#else
/* Whether host code may touch the memory that Exec computes in. */
template <class Exec>
constexpr bool on_host =
    Kokkos::SpaceAccessibility<Kokkos::HostSpace, typename Exec::memory_space>::accessible;

/* Whether Exec is the host's cores. */
template <class Exec> constexpr bool computes_on_host = std::is_same<Exec, Host>::value;
#endif

/* Whether each vector lane of a thread has variables of its own. */
template <class Exec> constexpr bool has_lanes = !std::is_same<Exec, Host>::value;

/* 64-bit indices: a large system has more than 2^31 elements per tensor. */
template <class Exec> using Range = Kokkos::RangePolicy<Exec, Kokkos::IndexType<std::int64_t>>;

/* A matrix seen by a kernel: row major. One row or one column is repeated (graph.h: broadcasting)
 * by its strides. */
template <class Real> struct Matrix {
  Real *data;
  std::int64_t row_stride, col_stride;
  KOKKOS_INLINE_FUNCTION Real &operator()(std::int64_t row, std::int64_t col) const
  {
    return data[row * row_stride + col * col_stride];
  }
};

template <class Real> Matrix<Real> matrix_of(eipnn_matrix m)
{
  return {static_cast<Real *>(m.data), m.rows == 1 ? 0 : m.cols, m.cols == 1 ? 0 : 1};
}

inline std::int64_t count_of(eipnn_matrix m)
{
  return std::int64_t(m.rows) * m.cols;
}

/* Runs body(k) for k in [0, n) on Exec. Names of up to 15 characters cost Kokkos no heap memory. */
template <class Exec, class Body> void for_each(const char *name, std::int64_t n, const Body &body)
{
  if (n > 0) Kokkos::parallel_for(name, Range<Exec>(0, n), body);
}

/* Instantiates kernel `name` for every space of this build and both element types. */
#define EIPNN_INSTANTIATE_FOR(Exec, name)                                                          \
  template eipnn_status name<Exec, float>(const eipnn_kernel_arguments &);                         \
  template eipnn_status name<Exec, double>(const eipnn_kernel_arguments &);
#if defined(KOKKOS_ENABLE_CUDA) || defined(KOKKOS_ENABLE_HIP) || defined(KOKKOS_ENABLE_SYCL) ||    \
    defined(EIPNN_KOKKOS_LANES)
#define EIPNN_KOKKOS_GPU
#define EIPNN_INSTANTIATE(name)                                                                    \
  EIPNN_INSTANTIATE_FOR(Device, name) EIPNN_INSTANTIATE_FOR(Host, name)
#else
#define EIPNN_INSTANTIATE(name) EIPNN_INSTANTIATE_FOR(Device, name)
#endif

} // namespace eipnn

#endif
