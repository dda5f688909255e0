/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/gpu.h"

#include <cctype>
#include <cstdlib>
#include <initializer_list>
#include <string>

#if defined(KOKKOS_ENABLE_CUDA)
#include <cuda_runtime.h>
#define EIPNN_GPU(name) cuda##name
#elif defined(KOKKOS_ENABLE_HIP)
#include <hip/hip_runtime.h>
#define EIPNN_GPU(name) hip##name
#endif

namespace eipnn
{

#ifdef EIPNN_GPU

using Error = EIPNN_GPU(Error_t);

static const char *reason(Error error)
{
  return error == EIPNN_GPU(Success) ? "none is visible" : EIPNN_GPU(GetErrorString)(error);
}

/* Rank of this process on its node, after the MPI launcher; 0 without one. */
static int local_rank()
{
  for (const char *name : {"OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID",
                           "MV2_COMM_WORLD_LOCAL_RANK", "PMI_LOCAL_RANK", "SLURM_LOCALID"}) {
    const char *const rank = std::getenv(name);
    if (rank) return std::atoi(rank);
  }
  return 0;
}

static bool user_chose()
{
  for (const char *name : {"KOKKOS_DEVICE_ID", "KOKKOS_VISIBLE_DEVICES", "KOKKOS_MAP_DEVICE_ID_BY",
                           "KOKKOS_NUM_DEVICES", "KOKKOS_RAND_DEVICES"})
    if (std::getenv(name)) return true;
  return false;
}

__global__ static void probe()
{
}

/* Architecture of a device in the words of its vendor, and as Kokkos calls it. */
struct Architecture {
  std::string words, kokkos;
};

#if defined(KOKKOS_ENABLE_CUDA)

using Properties = cudaDeviceProp;
using Code = cudaFuncAttributes;

static Architecture architecture_of(const Properties &device)
{
  static const struct {
    int capability;
    const char *name;
  } known[] = {{70, "VOLTA70"},  {72, "VOLTA72"},       {75, "TURING75"},
               {80, "AMPERE80"}, {86, "AMPERE86"},      {89, "ADA89"},
               {90, "HOPPER90"}, {100, "BLACKWELL100"}, {120, "BLACKWELL120"}};
  Architecture architecture = {"compute capability " + std::to_string(device.major) + "." +
                                   std::to_string(device.minor),
                               "<architecture>"};
  for (const auto &arch : known)
    if (arch.capability == 10 * device.major + device.minor) architecture.kokkos = arch.name;
  return architecture;
}

/* Kokkos before 4.0 runs only what was compiled for the device's own major number. */
static bool kokkos_refuses(const Code &code, const Properties &device)
{
  return KOKKOS_VERSION < 40000 && code.ptxVersion / 10 != device.major;
}

#else

using Properties = hipDeviceProp_t;
using Code = hipFuncAttributes;

/* "gfx90a:sramecc+:xnack-" is AMD_GFX90A. */
static Architecture architecture_of(const Properties &device)
{
  Architecture architecture = {device.gcnArchName, "AMD_"};
  for (const char *c = device.gcnArchName; *c && *c != ':'; c++)
    architecture.kokkos += char(std::toupper(static_cast<unsigned char>(*c)));
  return architecture;
}

static bool kokkos_refuses(const Code &, const Properties &)
{
  return false;
}

#endif

static eipnn_status check_kernels(int device)
{
  Properties properties;
  Code code;
  const Error unknown = EIPNN_GPU(GetDeviceProperties)(&properties, device);
  if (unknown != EIPNN_GPU(Success))
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "GPU %d cannot be used: %s", device,
                       reason(unknown));
  const Error error = EIPNN_GPU(FuncGetAttributes)(&code, reinterpret_cast<const void *>(&probe));
  if (error == EIPNN_GPU(Success) && !kokkos_refuses(code, properties)) return EIPNN_OK;
  (void)EIPNN_GPU(GetLastError)(); /* forgotten: later calls would report it */
  const Architecture architecture = architecture_of(properties);
  return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                     "GPU %d, %s, has %s and cannot run this build (%s): configure Kokkos, and "
                     "eipnn with it, with -D Kokkos_ARCH_%s=ON",
                     device, properties.name, architecture.words.c_str(),
                     error == EIPNN_GPU(Success) ? "compiled for another" : reason(error),
                     architecture.kokkos.c_str());
}

eipnn_status find_gpu(int *device)
{
  *device = -1;
  int count = 0;
  const Error error = EIPNN_GPU(GetDeviceCount)(&count);
  if (error != EIPNN_GPU(Success) || count == 0)
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                       "this build computes on %s, but no GPU can be used here (%s): use backend "
                       "\"cpu\"",
                       Device::name(), reason(error));
  if (user_chose()) return EIPNN_OK;
  const int chosen = local_rank() % count;
  const Error busy = EIPNN_GPU(SetDevice)(chosen);
  if (busy != EIPNN_GPU(Success))
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "GPU %d of %d cannot be used: %s", chosen, count,
                       reason(busy));
  EIPNN_TRY(check_kernels(chosen));
  *device = chosen;
  return EIPNN_OK;
}

eipnn_status check_gpu()
{
  int device = 0;
  const Error error = EIPNN_GPU(GetDevice)(&device);
  if (error == EIPNN_GPU(Success)) return check_kernels(device);
  return eipnn_error(EIPNN_ERROR_UNSUPPORTED, "the GPU cannot be used: %s", reason(error));
}

std::string gpu_name()
{
  int device = 0;
  Properties properties;
  if (EIPNN_GPU(GetDevice)(&device) != EIPNN_GPU(Success) ||
      EIPNN_GPU(GetDeviceProperties)(&properties, device) != EIPNN_GPU(Success) ||
      !properties.name[0])
    return "GPU";
  return properties.name;
}

std::size_t free_gpu_memory()
{
  std::size_t free = 0, total = 0;
  return EIPNN_GPU(MemGetInfo)(&free, &total) == EIPNN_GPU(Success) ? free : 0;
}

#else

eipnn_status find_gpu(int *device)
{
  *device = -1;
  return EIPNN_OK;
}

eipnn_status check_gpu()
{
  return EIPNN_OK;
}

std::string gpu_name()
{
  return "GPU";
}

std::size_t free_gpu_memory()
{
  return 0;
}

#endif

} // namespace eipnn
