/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "eipnn_exchange_kokkos.h"

#include <type_traits>

namespace LAMMPS_NS
{
namespace EIPNNExchangeKernels
{

/* Row of the k-th atom of a message. */
template <class Ints> struct Listed {
  const int *list;
  Ints row;
  KOKKOS_INLINE_FUNCTION int operator()(int64_t k) const
  {
    return row(list[k]);
  }
};
template <class Ints> struct Consecutive {
  int first;
  Ints row;
  KOKKOS_INLINE_FUNCTION int operator()(int64_t k) const
  {
    return row(first + k);
  }
};

/* A block as an array of Real. */
template <class Real> struct Columns {
  Real *rows;
  int64_t width, first, count, stride; // of a row; of the block in it; of an atom in the buffer
  explicit Columns(const EIPNNRowBlock &block)
      : rows(reinterpret_cast<Real *>(block.rows)),
        width((int64_t)(block.row_bytes / sizeof(Real))),
        first((int64_t)(block.offset / sizeof(Real))), count((int64_t)(block.bytes / sizeof(Real))),
        stride((int64_t)(block.stride() * sizeof(double) / sizeof(Real)))
  {
  }
  KOKKOS_INLINE_FUNCTION Real &operator()(int64_t row, int64_t column) const
  {
    return rows[row * width + first + column];
  }
};

template <class DeviceType, class Real, class Place>
void gather(const EIPNNRowBlock &block, int n, const Place &place, double *buffer)
{
  const Columns<Real> columns(block);
  Real *to = reinterpret_cast<Real *>(buffer);
  Kokkos::parallel_for(
      "eipnn:gather", EIPNNRange<DeviceType>(0, n * columns.count), KOKKOS_LAMBDA(const int64_t m) {
        const int64_t k = m / columns.count, c = m % columns.count;
        const int row = place(k);
        to[k * columns.stride + c] = row < 0 ? Real(0) : columns(row, c);
      });
}

template <class DeviceType, class Real, class Place>
void store(const EIPNNRowBlock &block, int n, const Place &place, const double *buffer)
{
  const Columns<Real> columns(block);
  const Real *from = reinterpret_cast<const Real *>(buffer);
  Kokkos::parallel_for(
      "eipnn:store", EIPNNRange<DeviceType>(0, n * columns.count), KOKKOS_LAMBDA(const int64_t m) {
        const int64_t k = m / columns.count, c = m % columns.count;
        const int row = place(k);
        if (row >= 0) columns(row, c) = from[k * columns.stride + c];
      });
}

/* One message may bring two terms for a row: of an atom and of its image. */
template <class DeviceType, class Real, class Place>
void add(const EIPNNRowBlock &block, int n, const Place &place, const double *buffer)
{
  const Columns<Real> columns(block);
  const Real *from = reinterpret_cast<const Real *>(buffer);
  Kokkos::parallel_for(
      "eipnn:add", EIPNNRange<DeviceType>(0, n * columns.count), KOKKOS_LAMBDA(const int64_t m) {
        const int64_t k = m / columns.count, c = m % columns.count;
        const int row = place(k);
        if (row >= 0) Kokkos::atomic_add(&columns(row, c), from[k * columns.stride + c]);
      });
}

} // namespace EIPNNExchangeKernels

using namespace EIPNNExchangeKernels;

template <class DeviceType>
int EIPNNExchangeKokkos<DeviceType>::gather_listed(const EIPNNRowBlock &block, int n,
                                                   const int *list, double *buffer) const
{
  const Listed<Ints> place{list, source_row_};
  if (block.is_float)
    gather<DeviceType, float>(block, n, place, buffer);
  else
    gather<DeviceType, double>(block, n, place, buffer);
  return (int)(n * block.stride());
}

template <class DeviceType>
void EIPNNExchangeKokkos<DeviceType>::store_range(const EIPNNRowBlock &block, int n, int first,
                                                  const double *buffer) const
{
  const Consecutive<Ints> place{first, ghost_row_};
  if (block.is_float)
    store<DeviceType, float>(block, n, place, buffer);
  else
    store<DeviceType, double>(block, n, place, buffer);
}

/* What came back for an image is already in its owner's row: it sends zero. */
template <class DeviceType>
int EIPNNExchangeKokkos<DeviceType>::gather_range(const EIPNNRowBlock &block, int n, int first,
                                                  double *buffer) const
{
  const Consecutive<Ints> place{first, ghost_row_};
  if (block.is_float)
    gather<DeviceType, float>(block, n, place, buffer);
  else
    gather<DeviceType, double>(block, n, place, buffer);
  return (int)(n * block.stride());
}

template <class DeviceType>
void EIPNNExchangeKokkos<DeviceType>::add_listed(const EIPNNRowBlock &block, int n, const int *list,
                                                 const double *buffer) const
{
  const Listed<Ints> place{list, source_row_};
  if (block.is_float)
    add<DeviceType, float>(block, n, place, buffer);
  else
    add<DeviceType, double>(block, n, place, buffer);
}

/* ---- LAMMPS' communication through host memory ---- */

template <class T> using HostArray = Kokkos::View<T *, Kokkos::HostSpace, Kokkos::MemoryUnmanaged>;

/* Whether host memory is the memory of DeviceType. */
template <class DeviceType>
using OnHost = std::is_same<typename DeviceType::memory_space, Kokkos::HostSpace>;

template <class View, class T>
static T *reachable(std::true_type, View &, size_t, T *host, bool, const char *)
{
  return host;
}
template <class View, class T>
static T *reachable(std::false_type, View &view, size_t n, T *host, bool copy, const char *name)
{
  const View part = eipnn_reserve(view, n, name);
  if (copy) Kokkos::deep_copy(part, HostArray<const T>(host, n));
  return part.data();
}

template <class DeviceType>
const int *EIPNNExchangeKokkos<DeviceType>::device_list(int n, const int *list)
{
  return reachable(OnHost<DeviceType>(), list_, (size_t)n, const_cast<int *>(list), true,
                   "eipnn:list");
}

template <class DeviceType>
double *EIPNNExchangeKokkos<DeviceType>::device_buffer(size_t n, double *buffer)
{
  return reachable(OnHost<DeviceType>(), buffer_, n, buffer, false, "eipnn:buffer");
}

template <class DeviceType>
const double *EIPNNExchangeKokkos<DeviceType>::device_copy(size_t n, double *buffer)
{
  return reachable(OnHost<DeviceType>(), buffer_, n, buffer, true, "eipnn:buffer");
}

template <class DeviceType>
void EIPNNExchangeKokkos<DeviceType>::return_buffer(size_t n, const double *from, double *buffer)
{
  DeviceType().fence();
  if (from != buffer)
    Kokkos::deep_copy(HostArray<double>(buffer, n),
                      Kokkos::subview(buffer_, std::make_pair((size_t)0, n)));
}

template class EIPNNExchangeKokkos<LMPDeviceType>;
#ifdef LMP_KOKKOS_GPU
template class EIPNNExchangeKokkos<LMPHostType>;
#endif

} // namespace LAMMPS_NS
