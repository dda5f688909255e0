/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_GUARD_H
#define EIPNN_TENSOR_KOKKOS_GUARD_H

extern "C" {
#include "base/error.h"
}

#include <exception>

namespace eipnn
{

/* What call returns. No exception of Kokkos may pass through the C library. */
template <class Call> eipnn_status guarded(const char *what, const Call &call)
{
  try {
    return call();
  } catch (const std::exception &e) {
    return eipnn_error(EIPNN_ERROR_MEMORY, "Kokkos stopped in \"%s\": %s", what, e.what());
  }
}

} // namespace eipnn

#endif
