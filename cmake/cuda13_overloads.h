/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_CUDA13_OVERLOADS_H
#define EIPNN_CUDA13_OVERLOADS_H

/* CUDA 13 changed the arguments of three functions that Kokkos 4.0 to 4.6 calls. These overloads
   take the arguments of CUDA 12, so that such a Kokkos compiles as it is; give the compiler
   -include cmake/cuda13_overloads.h when building Kokkos and everything that uses it. */

#ifdef __CUDACC__
#include <cuda_runtime_api.h>

#if CUDART_VERSION >= 13000

/* CUDA 12 counts devices from 0; cudaCpuDeviceId (-1) is the host. */
inline cudaMemLocation eipnn_cuda_location(int device)
{
  cudaMemLocation location = {};
  location.type = device == cudaCpuDeviceId ? cudaMemLocationTypeHost : cudaMemLocationTypeDevice;
  location.id = device == cudaCpuDeviceId ? 0 : device;
  return location;
}

inline cudaError_t cudaMemAdvise(const void *memory, size_t bytes, cudaMemoryAdvise advice,
                                 int device)
{
  return cudaMemAdvise(memory, bytes, advice, eipnn_cuda_location(device));
}

inline cudaError_t cudaMemPrefetchAsync(const void *memory, size_t bytes, int device,
                                        cudaStream_t stream)
{
  return cudaMemPrefetchAsync(memory, bytes, eipnn_cuda_location(device), 0, stream);
}

inline cudaError_t cudaGraphAddDependencies(cudaGraph_t graph, const cudaGraphNode_t *from,
                                            const cudaGraphNode_t *to, size_t count)
{
  return cudaGraphAddDependencies(graph, from, to, nullptr, count);
}

#endif
#endif

#endif
