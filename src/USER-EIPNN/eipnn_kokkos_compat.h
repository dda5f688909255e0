/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_KOKKOS_COMPAT_H
#define LMP_EIPNN_KOKKOS_COMPAT_H

/* What differs between the KOKKOS packages of LAMMPS 29Sep2021 and now. Styles without KOKKOS:
   eipnn_lammps_compat.h. */

#include "eipnn_lammps_compat.h"

#include "kokkos_base.h"
#include "kokkos_type.h"
#include "neigh_request.h"

#include <type_traits>

namespace LAMMPS_NS
{
namespace EIPNNCompat
{

/* What pack and unpack do for LAMMPS' exchange on the device; list and buffer are memory of
   LMPDeviceType. */
class DeviceRows : public KokkosBase
{
protected:
  ~DeviceRows() = default;
  virtual int gather_listed(int n, const int *list, double *buffer) = 0;     // owners send
  virtual void store_range(int n, int first, const double *buffer) = 0;      // ghosts receive
  virtual int gather_range(int n, int first, double *buffer) = 0;            // ghosts send
  virtual void add_listed(int n, const int *list, const double *buffer) = 0; // owners receive
};

template <class Buffer> auto device_data(Buffer &buffer)
{
  return buffer.template view<LMPDeviceType>().data();
}

/* Owners to ghosts, by the signature of KokkosBase's method: lists of all swaps and the number of
   one of them (29Sep2021), or the list of one swap. */
template <class Method> class DeviceForward;

template <class Lists, class Buffer>
class DeviceForward<int (KokkosBase::*)(int, Lists, int, Buffer &, int, int *)> : public DeviceRows
{
public:
  int pack_forward_comm_kokkos(int n, Lists lists, int swap, Buffer &buffer, int, int *) override
  {
    auto all = lists.template view<LMPDeviceType>();
    return this->gather_listed(n, all.data() + swap * all.stride(0), device_data(buffer));
  }
  void unpack_forward_comm_kokkos(int n, int first, Buffer &buffer) override
  {
    this->store_range(n, first, device_data(buffer));
  }

protected:
  ~DeviceForward() = default;
};

template <class List, class Buffer>
class DeviceForward<int (KokkosBase::*)(int, List, Buffer &, int, int *)> : public DeviceRows
{
public:
  int pack_forward_comm_kokkos(int n, List list, Buffer &buffer, int, int *) override
  {
    return this->gather_listed(n, device_data(list), device_data(buffer));
  }
  void unpack_forward_comm_kokkos(int n, int first, Buffer &buffer) override
  {
    this->store_range(n, first, device_data(buffer));
  }

protected:
  ~DeviceForward() = default;
};

using Forward = DeviceForward<decltype(&KokkosBase::pack_forward_comm_kokkos)>;

/* Ghosts to owners, where KokkosBase knows it; else LAMMPS goes through host memory. */
template <class Method> class DeviceReverse : public Forward
{
protected:
  ~DeviceReverse() = default;
};

template <class List, class Buffer>
class DeviceReverse<void (KokkosBase::*)(int, List, Buffer &)> : public Forward
{
public:
  int pack_reverse_comm_kokkos(int n, int first, Buffer &buffer) override
  {
    return this->gather_range(n, first, device_data(buffer));
  }
  void unpack_reverse_comm_kokkos(int n, List list, Buffer &buffer) override
  {
    this->add_listed(n, device_data(list), device_data(buffer));
  }

protected:
  ~DeviceReverse() = default;
};

template <class K> auto reverse_method(int) -> decltype(&K::unpack_reverse_comm_kokkos);
template <class K> void reverse_method(long);

using DeviceComm = DeviceReverse<decltype(reverse_method<KokkosBase>(0))>;

/* Tells LAMMPS that ghosts are summed on the device. */
template <class P> auto sum_on_device(P *pair, int) -> decltype(pair->reverse_comm_device, void())
{
  pair->reverse_comm_device = 1;
}
template <class P> void sum_on_device(P *, long)
{
}

/* Perpetual full neighbour list, built where DeviceType computes. */
template <class DeviceType, class N>
auto request_device_list(N *neighbor, Pair *pair, int, int)
    -> decltype(neighbor->add_request(pair, 1), void())
{
  const bool device = std::is_same<DeviceType, LMPDeviceType>::value;
  auto request = neighbor->add_request(pair, 1);
  request->set_kokkos_host(!device);
  request->set_kokkos_device(device);
}
template <class DeviceType, class N>
auto request_device_list(N *neighbor, Pair *pair, int instance, long)
    -> decltype(neighbor->requests[0]->half, void())
{
  request_full_list(neighbor, pair, instance, 0);
  auto request = neighbor->requests[neighbor->nrequest - 1];
  request->kokkos_device = std::is_same<DeviceType, LMPDeviceType>::value;
  request->kokkos_host = !request->kokkos_device;
}

} // namespace EIPNNCompat
} // namespace LAMMPS_NS

#endif
