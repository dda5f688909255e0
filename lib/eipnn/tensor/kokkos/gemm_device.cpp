/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tensor/kokkos/gemm.h"
#include "tensor/kokkos/vendor_blas.h"

namespace eipnn
{

/* One handle per process, on the stream of Kokkos' default instance; destroyed before Kokkos. */
static vendor_blas::Status find_handle(vendor_blas::Handle *handle)
{
  static vendor_blas::Handle kept = nullptr;
  if (!kept) {
    const vendor_blas::Status created = vendor_blas::create(&kept);
    if (created != vendor_blas::success) return created;
    const auto give_back = [] {
      vendor_blas::destroy(kept);
      kept = nullptr;
    };
    const vendor_blas::Status bound = vendor_blas::set_stream(kept, vendor_blas::stream(Device()));
    if (bound != vendor_blas::success) {
      give_back(); /* the next product must not take it for a good one */
      return bound;
    }
    Kokkos::push_finalize_hook(give_back);
  }
  *handle = kept;
  return vendor_blas::success;
}

/* The BLAS counts columns first and sees every matrix transposed: C^T = op(B)^T op(A)^T. */
template <class Real> static eipnn_status gemm_on_device(const MatrixProduct<Real> &p)
{
  const Real one = 1;
  const int lda = p.ta ? p.rows : p.inner, ldb = p.tb ? p.inner : p.cols;
  vendor_blas::Handle handle = nullptr;
  vendor_blas::Status status = find_handle(&handle);
  if (status == vendor_blas::success)
    status =
        vendor_blas::gemm(handle, vendor_blas::operation(p.tb), vendor_blas::operation(p.ta),
                          p.cols, p.rows, p.inner, &one, p.b, ldb, p.a, lda, &p.beta, p.c, p.cols);
  if (status == vendor_blas::success) return EIPNN_OK;
  return eipnn_error(status == vendor_blas::no_memory ? EIPNN_ERROR_MEMORY
                                                      : EIPNN_ERROR_UNSUPPORTED,
                     "%s failed with status %d in a product of [%d][%d] and [%d][%d] matrices",
                     vendor_blas::name, int(status), p.rows, p.inner, p.inner, p.cols);
}

template <> eipnn_status gemm<Device>(const MatrixProduct<float> &product)
{
  return gemm_on_device(product);
}

template <> eipnn_status gemm<Device>(const MatrixProduct<double> &product)
{
  return gemm_on_device(product);
}

} // namespace eipnn
