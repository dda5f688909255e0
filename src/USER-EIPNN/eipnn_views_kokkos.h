/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_VIEWS_KOKKOS_H
#define LMP_EIPNN_VIEWS_KOKKOS_H

/* Arrays in the memory of a device that are kept from step to step. */

#include "kokkos_type.h"

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

namespace LAMMPS_NS
{

template <class DeviceType> using EIPNNInts = Kokkos::View<int *, DeviceType>;
template <class DeviceType> using EIPNNDoubles = Kokkos::View<double *, DeviceType>;

/* 64-bit indices: rows times columns may exceed 2^31. */
template <class DeviceType>
using EIPNNRange = Kokkos::RangePolicy<DeviceType, Kokkos::IndexType<std::int64_t>>;

/* The first n elements, to be written; more memory, uninitialised, where there are fewer. */
template <class View> View eipnn_reserve(View &view, size_t n, const char *name)
{
  if (view.extent(0) < n) {
    view = View();
    view = View(Kokkos::view_alloc(std::string(name), Kokkos::WithoutInitializing), n + n / 16);
  }
  return Kokkos::subview(view, std::make_pair((size_t)0, n));
}

template <class View> void eipnn_fill(const View &view, typename View::value_type value)
{
  Kokkos::deep_copy(typename View::execution_space(), view, value);
}

/* Whether Kokkos had the memory that call wants. */
template <class Call> bool eipnn_had_memory(const Call &call)
{
  try {
    call();
  } catch (const std::exception &) {
    return false;
  }
  return true;
}

template <class View> double eipnn_bytes(const View &view)
{
  return (double)(view.extent(0) * sizeof(typename View::value_type));
}

} // namespace LAMMPS_NS

#endif
