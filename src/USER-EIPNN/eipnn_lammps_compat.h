/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LMP_EIPNN_LAMMPS_COMPAT_H
#define LMP_EIPNN_LAMMPS_COMPAT_H

/* What differs between LAMMPS 29Sep2021 and now. Installed headers carry no
   version number, so the compiler picks the overload whose calls exist: the
   one that takes an int where it compiles, else the one that takes a long. */

#include "comm.h"
#include "neighbor.h"
#include "pair.h"
#if __has_include("neigh_request.h")
#include "neigh_request.h" // installed headers lack it; only versions with request() need it
#endif

namespace LAMMPS_NS
{
namespace EIPNNCompat
{

/* Exchange through pack/unpack_forward_comm of the pair style. */
template <class C> auto forward_comm(C *comm, Pair *pair, int) -> decltype(comm->forward_comm(pair))
{
  return comm->forward_comm(pair);
}
template <class C>
auto forward_comm(C *comm, Pair *pair, long) -> decltype(comm->forward_comm_pair(pair))
{
  return comm->forward_comm_pair(pair);
}

/* Exchange through pack/unpack_reverse_comm of the pair style. */
template <class C> auto reverse_comm(C *comm, Pair *pair, int) -> decltype(comm->reverse_comm(pair))
{
  return comm->reverse_comm(pair);
}
template <class C>
auto reverse_comm(C *comm, Pair *pair, long) -> decltype(comm->reverse_comm_pair(pair))
{
  return comm->reverse_comm_pair(pair);
}

/* Perpetual full neighbour list. 1 is NeighConst::REQ_FULL, which older versions lack. */
template <class N>
auto request_full_list(N *neighbor, Pair *pair, int, int)
    -> decltype(neighbor->add_request(pair, 1), void())
{
  neighbor->add_request(pair, 1);
}
template <class N>
auto request_full_list(N *neighbor, Pair *pair, int instance, long)
    -> decltype(neighbor->requests[0]->half, void())
{
  const int index = neighbor->request(pair, instance);
  neighbor->requests[index]->half = 0;
  neighbor->requests[index]->full = 1;
}

} // namespace EIPNNCompat
} // namespace LAMMPS_NS

#endif
