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
template <class Ints> struct ListedInTurn {
  const int *list;
  Ints row, turn;
  int now;
  KOKKOS_INLINE_FUNCTION int operator()(int64_t k) const
  {
    return turn(list[k]) == now ? row(list[k]) : -1;
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

/* What becomes of an element of a row and its slot in the message; element is null where the atom
   has no row. */
struct Send {
  template <class Real>
  KOKKOS_INLINE_FUNCTION void operator()(const Real *element, Real &slot) const
  {
    slot = element ? *element : Real(0);
  }
};
struct Store {
  template <class Real> KOKKOS_INLINE_FUNCTION void operator()(Real *element, Real slot) const
  {
    if (element) *element = slot;
  }
};
struct Add {
  template <class Real> KOKKOS_INLINE_FUNCTION void operator()(Real *element, Real slot) const
  {
    if (element) *element += slot;
  }
};

/* step(element, slot) for all elements of the block in the rows of the n atoms of a message. Slot:
   Real, const where it is only read. */
template <class DeviceType, class Real, class Slot, class Place, class Step>
void for_each_element(const EIPNNRowBlock &block, int n, const Place &place, Slot *message,
                      const Step &step)
{
  Real *const rows = reinterpret_cast<Real *>(block.rows);
  const int64_t width = (int64_t)(block.row_bytes / sizeof(Real)),
                first = (int64_t)(block.offset / sizeof(Real)),
                count = (int64_t)(block.bytes / sizeof(Real)),
                stride = (int64_t)(block.stride() * sizeof(double) / sizeof(Real));
  Kokkos::parallel_for(
      "eipnn:exchange", EIPNNRange<DeviceType>(0, n * count), KOKKOS_LAMBDA(const int64_t m) {
        const int64_t k = m / count, c = m % count;
        const int64_t row = place(k);
        step(row < 0 ? nullptr : rows + row * width + first + c, message[k * stride + c]);
      });
}

template <class DeviceType, class Place>
void gather(const EIPNNRowBlock &block, int n, const Place &place, double *message)
{
  if (block.is_float)
    for_each_element<DeviceType, float>(block, n, place, reinterpret_cast<float *>(message),
                                        Send());
  else
    for_each_element<DeviceType, double>(block, n, place, message, Send());
}

template <class DeviceType, class Place, class Step>
void scatter(const EIPNNRowBlock &block, int n, const Place &place, const double *message,
             const Step &step)
{
  if (block.is_float)
    for_each_element<DeviceType, float>(block, n, place, reinterpret_cast<const float *>(message),
                                        step);
  else
    for_each_element<DeviceType, double>(block, n, place, message, step);
}

} // namespace EIPNNExchangeKernels

using namespace EIPNNExchangeKernels;

template <class DeviceType>
int EIPNNExchangeKokkos<DeviceType>::gather_listed(const EIPNNRowBlock &block, int n,
                                                   const int *list, double *buffer) const
{
  gather<DeviceType>(block, n, Listed<Ints>{list, source_row_}, buffer);
  return (int)(n * block.stride());
}

template <class DeviceType>
void EIPNNExchangeKokkos<DeviceType>::store_range(const EIPNNRowBlock &block, int n, int first,
                                                  const double *buffer) const
{
  scatter<DeviceType>(block, n, Consecutive<Ints>{first, ghost_row_}, buffer, Store());
}

/* What came back for an image is already in its owner's row: it sends zero. */
template <class DeviceType>
int EIPNNExchangeKokkos<DeviceType>::gather_range(const EIPNNRowBlock &block, int n, int first,
                                                  double *buffer) const
{
  gather<DeviceType>(block, n, Consecutive<Ints>{first, ghost_row_}, buffer);
  return (int)(n * block.stride());
}

/* One message may bring several terms for a row, of an atom and of its images: they are added in
   turn, never atomically, so that the order of the sum is always the same. */
template <class DeviceType>
void EIPNNExchangeKokkos<DeviceType>::add_listed(const EIPNNRowBlock &block, int n, const int *list,
                                                 const double *buffer) const
{
  for (int now = 0; now < nturns_; now++)
    scatter<DeviceType>(block, n, ListedInTurn<Ints>{list, source_row_, turn_, now}, buffer, Add());
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
