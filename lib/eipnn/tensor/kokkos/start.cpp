/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/start.h"

#include "tensor/kokkos/gpu.h"

extern "C" {
#include "tensor/host_blas.h"
}

#include <cstdlib>
#include <exception>

#ifdef KOKKOS_ENABLE_OPENMP
#include <omp.h>
#endif

namespace eipnn
{

static void finalize_at_exit()
{
  if (Kokkos::is_initialized()) Kokkos::finalize();
}

static bool was_finalized()
{
#if KOKKOS_VERSION >= 30700
  return Kokkos::is_finalized();
#else
  return false;
#endif
}

static eipnn_status check_threads()
{
#ifdef KOKKOS_ENABLE_OPENMP
  /* Kokkos' OpenMP has room for so many and writes beyond it where more are wanted. */
  constexpr long MAX_THREADS = 512;
  const char *wish = std::getenv("KOKKOS_NUM_THREADS");
  char *end = nullptr;
  long threads = wish ? std::strtol(wish, &end, 10) : -1;
  if (wish && *end) return EIPNN_OK; // no number: Kokkos says so
  if (threads == -1) threads = omp_get_max_threads();
  if (threads < 1 || threads > MAX_THREADS)
    return eipnn_error(EIPNN_ERROR_ARGUMENT,
                       "Kokkos runs 1 to %ld threads, not %ld: set OMP_NUM_THREADS, or "
                       "KOKKOS_NUM_THREADS where it is used, to a number of cores",
                       MAX_THREADS, threads);
#endif
  return EIPNN_OK;
}

/* device: of this process; negative: Kokkos chooses. */
static void initialize(int device)
{
#if KOKKOS_VERSION >= 30700
  Kokkos::InitializationSettings settings;
  if (device >= 0) settings.set_device_id(device);
#else
  Kokkos::InitArguments settings;
  if (device >= 0) settings.device_id = device;
#endif
  Kokkos::initialize(settings);
}

/* In a program where it does not run yet. */
static eipnn_status initialize_kokkos()
{
  if (was_finalized())
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                       "the host program has finalized Kokkos, which cannot start again in one "
                       "process: create what computes with it earlier, or use backend \"cpu\"");
  EIPNN_TRY(check_threads());
  int device = -1;
  EIPNN_TRY(find_gpu(&device));
  try {
    initialize(device);
  } catch (const std::exception &e) {
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                       "Kokkos did not start on %s: %s; use backend "
                       "\"cpu\"",
                       Device::name(), e.what());
  }
  std::atexit(finalize_at_exit);
  return EIPNN_OK;
}

eipnn_status start_kokkos()
{
  if (Kokkos::is_initialized())
    EIPNN_TRY(check_gpu());
  else
    EIPNN_TRY(initialize_kokkos());
  /* GPUs have a BLAS of their own, and no use for a limit of address space. */
  return eipnn_host_blas_start(std::is_same<Device, Host>::value ? int(Host().concurrency()) : 1);
}

} // namespace eipnn
