/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "models/kokkos/device_calculator.h"
#include "tensor/kokkos/guard.h"
#include "tensor/kokkos/memory.h"

extern "C" {
#include "models/model_data.h"
}

using eipnn::DeviceCalculator;

static void free_device(void *device)
{
  delete static_cast<DeviceCalculator *>(device);
}

static bool is_on_kokkos(const eipnn_calculator *calculator)
{
  return calculator->backend == eipnn_backend_kokkos() ||
         calculator->backend == eipnn_backend_kokkos_host();
}

/* Made at the first call. */
static eipnn_status device_of(eipnn_calculator *calculator, DeviceCalculator **device)
{
  if (!is_on_kokkos(calculator))
    return eipnn_error(EIPNN_ERROR_UNSUPPORTED,
                       "atoms in device memory, but the calculator's backend is \"%s\": make one "
                       "with backend \"kokkos\" or \"kokkos-host\"",
                       calculator->backend->name);
  EIPNN_TRY(eipnn_model_require_periodic(calculator->description));
  if (!calculator->device) {
    calculator->device = eipnn::make_device_calculator(calculator);
    calculator->free_device = free_device;
  }
  *device = static_cast<DeviceCalculator *>(calculator->device);
  if (*device) return EIPNN_OK;
  return eipnn_error(EIPNN_ERROR_MEMORY, "no memory for a calculator");
}

extern "C" eipnn_status eipnn_device_bind(eipnn_calculator *calculator,
                                          const eipnn_device_atoms *atoms)
{
  DeviceCalculator *device;
  EIPNN_TRY(device_of(calculator, &device));
  return eipnn::guarded("bind", [&] { return device->bind(*atoms); });
}

extern "C" eipnn_status eipnn_device_count_pairs(eipnn_calculator *calculator,
                                                 const eipnn_device_atoms *atoms, int64_t *npair)
{
  DeviceCalculator *device;
  EIPNN_TRY(device_of(calculator, &device));
  return eipnn::guarded("count_pairs", [&] { return device->count_pairs(*atoms, npair); });
}

extern "C" eipnn_status eipnn_device_measure(eipnn_calculator *calculator, int nowned, int nrow,
                                             int npair, size_t *bytes)
{
  DeviceCalculator *device;
  EIPNN_TRY(device_of(calculator, &device));
  return device->measure(nowned, nrow, npair, bytes);
}

extern "C" size_t eipnn_device_free_memory(const eipnn_calculator *calculator)
{
  if (calculator->backend == eipnn_backend_kokkos()) return eipnn::free_memory<eipnn::Device>();
  if (calculator->backend == eipnn_backend_kokkos_host()) return eipnn::free_memory<eipnn::Host>();
  return 0;
}

extern "C" eipnn_status eipnn_device_compute(eipnn_calculator *calculator,
                                             const eipnn_device_atoms *atoms,
                                             const eipnn_device_result *result)
{
  DeviceCalculator *device;
  EIPNN_TRY(device_of(calculator, &device));
  return eipnn::guarded("compute", [&] { return device->compute(*atoms, *result); });
}
