/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EIPNN_TENSOR_KOKKOS_VENDOR_BLAS_H
#define EIPNN_TENSOR_KOKKOS_VENDOR_BLAS_H

/* The BLAS of the device's vendor under one name. Its default mathematics: single precision is not
   rounded to TF32. */

#include "tensor/kokkos/space.h"

#if defined(KOKKOS_ENABLE_CUDA)
#include <cublas_v2.h>
#elif defined(KOKKOS_ENABLE_HIP)
#if __has_include(<hipblas/hipblas.h>)
#include <hipblas/hipblas.h>
#else
#include <hipblas.h>
#endif
#else
#error "eipnn knows the BLAS of CUDA and HIP devices; configure it with a Kokkos for one of them"
#endif

namespace eipnn
{
namespace vendor_blas
{

#if defined(KOKKOS_ENABLE_CUDA)
using Handle = cublasHandle_t;
using Status = cublasStatus_t;
using Operation = cublasOperation_t;
constexpr const char *name = "cuBLAS";
constexpr Status success = CUBLAS_STATUS_SUCCESS, no_memory = CUBLAS_STATUS_ALLOC_FAILED;

inline Operation operation(bool transposed)
{
  return transposed ? CUBLAS_OP_T : CUBLAS_OP_N;
}

inline cudaStream_t stream(const Device &device)
{
  return device.cuda_stream();
}

#define EIPNN_VENDOR_BLAS(function) cublas##function
#else
using Handle = hipblasHandle_t;
using Status = hipblasStatus_t;
using Operation = hipblasOperation_t;
constexpr const char *name = "hipBLAS";
constexpr Status success = HIPBLAS_STATUS_SUCCESS, no_memory = HIPBLAS_STATUS_ALLOC_FAILED;

inline Operation operation(bool transposed)
{
  return transposed ? HIPBLAS_OP_T : HIPBLAS_OP_N;
}

inline hipStream_t stream(const Device &device)
{
  return device.hip_stream();
}

#define EIPNN_VENDOR_BLAS(function) hipblas##function
#endif

inline Status create(Handle *handle)
{
  return EIPNN_VENDOR_BLAS(Create)(handle);
}

inline Status destroy(Handle handle)
{
  return EIPNN_VENDOR_BLAS(Destroy)(handle);
}

template <class Stream> Status set_stream(Handle handle, Stream stream)
{
  return EIPNN_VENDOR_BLAS(SetStream)(handle, stream);
}

/* C = op(A) op(B) alpha + beta C, column major. */
inline Status gemm(Handle handle, Operation a_op, Operation b_op, int rows, int cols, int inner,
                   const float *alpha, const float *a, int lda, const float *b, int ldb,
                   const float *beta, float *c, int ldc)
{
  return EIPNN_VENDOR_BLAS(Sgemm)(handle, a_op, b_op, rows, cols, inner, alpha, a, lda, b, ldb,
                                  beta, c, ldc);
}

inline Status gemm(Handle handle, Operation a_op, Operation b_op, int rows, int cols, int inner,
                   const double *alpha, const double *a, int lda, const double *b, int ldb,
                   const double *beta, double *c, int ldc)
{
  return EIPNN_VENDOR_BLAS(Dgemm)(handle, a_op, b_op, rows, cols, inner, alpha, a, lda, b, ldb,
                                  beta, c, ldc);
}

#undef EIPNN_VENDOR_BLAS

} // namespace vendor_blas
} // namespace eipnn

#endif
